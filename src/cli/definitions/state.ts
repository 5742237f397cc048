/** Commands for the state. */
import type { stateCommands } from '../commands/state.js';
import { lockTimeout } from '../options.js';
import type { Define } from './define.js';

export const defineState: Define = (program, action) => {
  program.commandsGroup('State:');
  const state = program.command('state').description('look at the state, and correct it');
  const stateAction = (verb: keyof typeof stateCommands): ReturnType<typeof action> =>
    action(async () => (await import('../commands/state.js')).stateCommands[verb]);
  state.command('list').description('list what is bound, with its ids').action(stateAction('list'));
  state
    .command('show <address>')
    .description('show what was last applied to an address')
    .action(stateAction('show'));
  state
    .command('mv <from> <to>')
    .description('bind an object to another address; Polytomic is not asked')
    .option(...lockTimeout)
    .action(stateAction('mv'));
  state
    .command('rm <address>')
    .description('forget an object; it lives on, and is managed no more')
    .option(...lockTimeout)
    .action(stateAction('rm'));
  state.command('pull').description('print the state').action(stateAction('pull'));
  state
    .command('push <file>')
    .description('put a state in place of the one that is kept')
    .option('--force', 'although it is older, or of another organization')
    .option(...lockTimeout)
    .action(stateAction('push'));
  program
    .command('force-unlock [id]')
    .description('remove the lock of a run that is dead')
    .action(action(async () => (await import('../commands/state.js')).forceUnlock));
};
