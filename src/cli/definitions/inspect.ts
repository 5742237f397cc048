/** Looking around before a manifest is written. */
import type { inspectCommands } from '../commands/inspect.js';
import { each, wholeNumber } from '../options.js';
import type { Define } from './define.js';

const afterInspect = `
CONNECTION is the key of a manifest, the name of a live connection, or its id.
On a terminal each step asks what comes next; --json and --path are for scripts.

Examples:
  $ polytomic-gitops inspect objects roles
  $ polytomic-gitops inspect sources db --path table=company.customers --yaml
  $ polytomic-gitops inspect fields warehouse CRM.CONTACTS --model people --yaml
  $ polytomic-gitops inspect bulk db --to warehouse --yaml
`;

export const defineInspect: Define = (program, action) => {
  program.commandsGroup('Look around:');
  const inspect = program
    .command('inspect')
    .description('look at what lives, and at what connections hold; reads only')
    .addHelpText('after', afterInspect);
  const run = (verb: keyof typeof inspectCommands): ReturnType<typeof action> =>
    action(async () => (await import('../commands/inspect.js')).inspectCommands[verb]);
  const path = ['--path <level=name>', 'a step of the way down; again for the next', each] as const;
  const yaml = ['--yaml', 'print a manifest to paste'] as const;
  const model = ['--model <key>', 'with --yaml: the model whose fields are proposed'] as const;
  inspect
    .command('objects [kind]')
    .description('list what lives, and which manifest stands for it')
    .action(run('objects'));
  inspect
    .command('sources <connection>')
    .description('list what a model can read, level by level')
    .option(...path)
    .option(...yaml)
    .action(run('sources'));
  inspect
    .command('targets <connection>')
    .description('list what a sync can write to, level by level')
    .option(...path)
    .option(...yaml)
    .option(...model)
    .action(run('targets'));
  inspect
    .command('fields <connection> <object>')
    .description('show the modes and fields of a target')
    .option(...yaml)
    .option(...model)
    .action(run('fields'));
  inspect
    .command('bulk <connection> [schema]')
    .description('show what a bulk sync can copy from it, or write to it')
    .option(...yaml)
    .option('--to <connection>', 'with --yaml: the destination, whose settings are filled in')
    .action(run('bulk'));
  inspect
    .command('model <key>')
    .description('show the fields of a model, and some of its records')
    .option('--sample <number>', 'so many records, at most', wholeNumber(1000))
    .action(run('model'));
  inspect
    .command('types [type]')
    .description('list connection types, or what the configuration of one holds')
    .action(run('types'));
};
