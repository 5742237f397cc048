/** Commands to begin with. */
import type { Define } from './define.js';

export const defineSetup: Define = (program, action) => {
  program.commandsGroup('Begin:');
  program
    .command('init')
    .description('write a configuration file, a first manifest and a workflow')
    .option('--rules', 'also a set of rules to begin with')
    .action(action(async () => (await import('../commands/init.js')).init));
  program
    .command('whoami')
    .description('show whom the API key belongs to')
    .action(action(async () => (await import('../commands/whoami.js')).whoami, 'each'));
};
