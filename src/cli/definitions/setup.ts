/** Commands to begin with. */
import { Argument } from 'commander';
import type { Define } from './define.js';

const afterCompletion = `
Examples:
  $ echo 'source <(polytomic-gitops completion bash)' >> ~/.bashrc
  $ polytomic-gitops completion zsh > ~/.zfunc/_polytomic-gitops
  $ polytomic-gitops completion fish > \
      ~/.config/fish/completions/polytomic-gitops.fish
`;

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
  program
    .command('completion')
    .description('print what a shell needs to complete commands, options and addresses')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', afterCompletion)
    .action(action(async () => (await import('../commands/completion.js')).completion));
  // What those scripts call.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(action(async () => (await import('../commands/complete.js')).completeIn(program)));
};
