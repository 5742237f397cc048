/** The main job: validate, plan, apply. */
import { choosing, htmlPage, lockTimeout, selecting, wholeNumber, withoutSecrets } from '../options.js';
import type { Define } from './define.js';

const afterPlan = `
Signs in a plan:
  +  create    ~  update    -  delete
  ±  replace: a field cannot change in place
  =  adopt: a live object is found by its name or id
  >  move: another address, the same object
  ?  forget: managed no more

Example:
  $ polytomic-gitops --env staging plan --detailed-exitcode
`;

const afterApply = `
What is done is kept in the state at once: after a failure, or Ctrl-C, the next
apply goes on from there.

Examples:
  $ polytomic-gitops apply
  $ polytomic-gitops apply --yes      in CI
  $ polytomic-gitops apply --yes --run-changed --run-timeout 60
`;

const afterRun = `
What has a schedule after another one is run after it, and what reads a table
after what writes it. What runs already is waited for. Exit code 3 where some
failed.

Examples:
  $ polytomic-gitops run sync.customers
  $ polytomic-gitops run --changed      after an apply
  $ polytomic-gitops run --selector team=growth --timeout 30
`;

const afterLogs = `
No value of a row is shown without --records; with it, all that the log has.
--follow looks until the run ends. Ctrl-C stops looking; the run goes on.

Examples:
  $ polytomic-gitops logs sync.customers
  $ polytomic-gitops logs sync.customers --execution 6f0c… --records
`;

const afterStatus = `
Health, the worst first:
  failed      the last run failed
  gone        it was deleted outside
  errors      the last run left records out
  drifted     it was changed outside
  never ran, running, ok
  off         it is not active
`;

export const defineReconcile: Define = (program, action) => {
  program.commandsGroup('Reconcile:');
  program
    .command('validate')
    .description('check every manifest; no network but for --live')
    .option(...withoutSecrets)
    .option('--live', 'check each against the systems behind its connections, too; reads only')
    .action(action(async () => (await import('../commands/validate.js')).validate, 'each'));
  selecting(
    program
      .command('plan')
      .description('show what an apply would change; changes nothing')
      .option('-o, --out <file>', 'save the plan, for apply to do exactly that')
      .option(...htmlPage)
      .option(...withoutSecrets)
      .option('--no-preflight', 'do not ask sources and targets whether what changes fits them')
      .option('--no-preview', 'run no query of a changed model to see its columns')
      .option(
        '--rows <number>',
        'show so many rows of each changed model, before and after',
        wholeNumber(100),
      )
      .option('--detailed-exitcode', 'exit with 2 where changes are pending'),
  )
    .addHelpText('after', afterPlan)
    .action(action(async () => (await import('../commands/plan.js')).plan, 'each'));
  selecting(
    program
      .command('apply [plan]')
      .description('plan, ask, and do it; or do exactly what a saved plan says')
      .option('-y, --yes', 'do not ask; for CI, where the plan was reviewed before')
      .option(
        '--approve <rule...>',
        'take it on yourself what this rule wants approved; else that is done on a pull request',
      )
      .option('--fail-fast', 'after a failure start nothing more')
      .option('--refresh-only', 'accept drift into the state; change nothing in Polytomic')
      .option('--run-changed', 'then run what was changed, and wait until the data has arrived')
      .option('--run-timeout <minutes>', 'wait for those runs no longer than this', wholeNumber(10_080))
      .option(...lockTimeout),
  )
    .addHelpText('after', afterApply)
    .action(action(async () => (await import('../commands/apply.js')).apply, 'each'));
  choosing(
    program
      .command('run [address...]')
      .description('run syncs and bulk syncs, and wait until the data has arrived'),
  )
    .option('--changed', 'what the last apply changed, or whose model it changed')
    .option('--all', 'everything that is managed here and runs')
    .option('--resync', 'all records, as if it never ran before')
    .option('--test', 'write nothing to the target')
    .option('--no-wait', 'start, and do not wait')
    .option('--timeout <minutes>', 'wait no longer than this; what runs goes on', wholeNumber(10_080))
    .addHelpText('after', afterRun)
    .action(action(async () => (await import('../commands/run.js')).run));
  program
    .command('logs <address>')
    .description('show the log of a run, and why records were left out')
    .option('--execution <id>', 'this run; else the one under way, or the last')
    .option('-f, --follow', 'go on until the run ends')
    .option('--records', 'also the records that were left out, with their values')
    .option('--most <number>', 'at most so many of them', wholeNumber(10_000), 20)
    .addHelpText('after', afterLogs)
    .action(action(async () => (await import('../commands/logs.js')).logs));
  choosing(program.command('status').description('show how the syncs are doing, the worst first'))
    .option('--all', 'also those that no manifest names')
    .option('--failing', 'only those that failed; exit with 2 where there is one')
    .option('--watch [seconds]', 'on a terminal: look again and again, every 5 seconds', wholeNumber(86_400))
    .option(...htmlPage)
    .addHelpText('after', afterStatus)
    .action(action(async () => (await import('../commands/status-watch.js')).statusOrWatch, 'each'));
  program
    .command('show <plan>')
    .description('show a saved plan; no network')
    .action(action(async () => (await import('../commands/show.js')).show));
  choosing(program.command('drift').description('show what was changed outside since the last apply'))
    .option('--strict', 'exit with 2 also for what was changed where no manifest says anything')
    .action(action(async () => (await import('../commands/drift.js')).drift, 'each'));
};
