/** The command line: names, options and help. Each command is loaded only when it runs. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { VERSION } from '../version.js';
import type { GlobalOptions, Io } from './io.js';

const wholeNumber =
  (highest: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= highest) return value;
    throw new InvalidArgumentError(`a whole number from 0 to ${highest}.`);
  };

const logLevels = ['error', 'warn', 'info', 'debug'];

const deleteLimit = (text: string): number | string => {
  if (/^\d+$/.test(text)) return Number(text);
  if (/^(100|\d{1,2})%$/.test(text)) return text;
  throw new InvalidArgumentError('a number, or a share such as 10%.');
};

/** Gathers an option that may stand several times. */
const each = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

const afterHelp = `
Typical use:
  $ polytomic-gitops init        write a configuration file and a first manifest
  $ polytomic-gitops validate    check the manifests; no network, no key
  $ polytomic-gitops plan        show what would change; changes nothing
  $ polytomic-gitops apply       show it, ask, and do it

Environment:
  POLYTOMIC_API_KEY              the API key; may stand in .env
  POLYTOMIC_URL                  a deployment of your own
  HTTPS_PROXY, NO_PROXY          the way out
  NO_COLOR                       no colours

Exit codes:
  0  nothing to do, or done
  1  an error; an apply that changed nothing
  2  changes are pending (plan --detailed-exitcode, drift)
  3  partly applied
  4  a saved plan is stale
  130  interrupted
`;

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
`;

const afterSandbox = `
Faults:
  too-many          429 with Retry-After
  error             503 before the work
  error-after       500 after it
  cut-before        the connection is cut before the work,
  cut-after-effect  after it, without an answer,
  cut-within        in the middle of the answer,
  cut-after         after a whole one
  truncated, slow   a body cut short; one that takes its time
  stale             reads what was before the last change
  edited            somebody else changes something first

Example:
  $ polytomic-gitops sandbox --data sandbox.jsonl --fault error=0.1
`;

type Run = (options: GlobalOptions, operands: readonly string[]) => Promise<number>;

/** Runs the command line and gives its exit code. `args` are without node and script. */
export const runProgram = async (args: readonly string[], io: Io): Promise<number> => {
  let code = 0;
  const program = new Command('polytomic-gitops')
    .description('Keeps a Polytomic organization in step with YAML manifests in Git.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('-C, --chdir <folder>', 'run as if started in this folder')
    .option('--config <file>', 'the configuration file; else polytomic.config.yaml, searched upwards')
    .option('--env <name>', 'an environment of the configuration file')
    .option('--json', 'print JSON for machines')
    .option('--no-color', 'print no colours')
    .addOption(
      new Option('--log-level <level>', 'what is told beside the result').choices(logLevels).default('warn'),
    )
    .addOption(
      new Option('--log-format <format>', 'lines of the log').choices(['text', 'json']).default('text'),
    )
    .option('--trace-http <file>', 'write every call to this file (HAR), secrets masked')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print help for a command')
    .showHelpAfterError('Run polytomic-gitops --help for the commands and options.')
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .addHelpText('after', afterHelp);
  const action =
    (load: () => Promise<Run>) =>
    async (...handed: readonly unknown[]): Promise<void> => {
      // What commander hands over: the operands, the options, the command.
      const command = handed.at(-1) as Command;
      const operands = command.args;
      const given = command.optsWithGlobals<GlobalOptions>();
      const [{ guarded }, { createObserver }] = await Promise.all([
        import('./session.js'),
        import('./observer.js'),
      ]);
      const options: GlobalOptions = { ...given, observer: createObserver(io, given) };
      const run = await load();
      code = await guarded(io, options, async () => run(options, operands));
    };
  const lockTimeout = [
    '--lock-timeout <seconds>',
    'wait so long for another run to end',
    wholeNumber(86_400),
    0,
  ] as const;
  const withoutSecrets = [
    '--without-secrets',
    'go without the values of secrets, as for a pull request from a fork',
  ] as const;

  /** Flags that choose a part of the manifests. */
  const selecting = (command: Command): Command =>
    command
      .option('--target <address>', 'this and what it needs, nothing else; again for more', each)
      .option('--exclude <address>', 'all but this; again for more', each)
      .option('--kind <kind>', 'resources of this kind alone; again for more', each)
      .option('--selector <labels>', 'resources with these labels: team=growth,crm')
      .addOption(
        new Option('--prune <policy>', 'live objects whose manifests are gone: delete, or leave').choices([
          'managed',
          'never',
        ]),
      )
      .option('--max-deletes <limit>', 'stop where more would be deleted: 5, or 10%', deleteLimit);

  program
    .command('init')
    .description('write a configuration file, a first manifest and a workflow')
    .action(action(async () => (await import('./commands/init.js')).init.bind(undefined, io)));
  program
    .command('validate')
    .description('check every manifest; no network')
    .option(...withoutSecrets)
    .action(action(async () => (await import('./commands/validate.js')).validate.bind(undefined, io)));
  selecting(
    program
      .command('plan')
      .description('show what an apply would change; changes nothing')
      .option('-o, --out <file>', 'save the plan, for apply to do exactly that')
      .option(...withoutSecrets)
      .option('--detailed-exitcode', 'exit with 2 where changes are pending'),
  )
    .addHelpText('after', afterPlan)
    .action(action(async () => (await import('./commands/plan.js')).plan.bind(undefined, io)));
  selecting(
    program
      .command('apply [plan]')
      .description('plan, ask, and do it; or do exactly what a saved plan says')
      .option('-y, --yes', 'do not ask; for CI, where the plan was reviewed before')
      .option('--fail-fast', 'after a failure start nothing more')
      .option('--refresh-only', 'accept drift into the state; change nothing in Polytomic')
      .option(...lockTimeout),
  )
    .addHelpText('after', afterApply)
    .action(
      action(async () => {
        const { apply } = await import('./commands/apply.js');
        return async (options, operands) => apply(io, options, operands[0]);
      }),
    );
  program
    .command('show <plan>')
    .description('show a saved plan; no network')
    .action(
      action(async () => {
        const { show } = await import('./commands/show.js');
        return async (options, operands) => show(io, options, operands[0] ?? '');
      }),
    );
  program
    .command('drift')
    .description('show what was changed outside since the last apply')
    .action(action(async () => (await import('./commands/drift.js')).drift.bind(undefined, io)));
  const state = program.command('state').description('look at the state, and correct it');
  const stateAction = (verb: string): ReturnType<typeof action> =>
    action(async () => {
      const { stateCommands } = await import('./commands/state.js');
      const run = stateCommands[verb as keyof typeof stateCommands];
      return async (options, operands) => run(io, options, ...operands);
    });
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
    .action(
      action(async () => {
        const { forceUnlock } = await import('./commands/state.js');
        return async (options, operands) => forceUnlock(io, options, operands[0]);
      }),
    );
  program
    .command('whoami')
    .description('show whom the API key belongs to')
    .action(action(async () => (await import('./commands/whoami.js')).whoami.bind(undefined, io)));
  program
    .command('sandbox')
    .description('serve a Polytomic API on this machine, for trying out and for tests')
    .option('-p, --port <number>', 'the port; 0 takes a free one', wholeNumber(65_535), 4711)
    .option('--host <address>', 'where it listens; others reach it at 0.0.0.0', '127.0.0.1')
    .option('--key <key>', 'the API key that it takes', 'sandbox-key')
    .option('--partner-key <key>', 'the key of a partner, for all organizations', 'sandbox-partner-key')
    .option('--organization <name=key>', 'one more organization, with its key; again for more', each)
    .option('--data <file>', 'keep everything in this file, secrets in clear')
    .option('--catalog <directory>', 'more connection types and tables')
    .option('--seed <number>', 'so many resources to begin with', wholeNumber(1_000_000), 0)
    .option('--latency <milliseconds>', 'how long each answer takes', wholeNumber(60_000), 0)
    .option('--jitter <milliseconds>', 'up to so much longer', wholeNumber(60_000), 0)
    .option('--rate-limit <number>', 'requests a second; more get a 429', wholeNumber(1_000_000))
    .option('--fault <kind=rate>', 'a fault for a share of requests; again for more', each)
    .option('--fault-seed <number>', 'which requests: the same seed, the same ones', wholeNumber(2 ** 31), 1)
    .addHelpText('after', afterSandbox)
    .action(
      action(async () => {
        const { sandbox } = await import('./commands/sandbox.js');
        return async (options) => sandbox(io, options as Parameters<typeof sandbox>[1]);
      }),
    );
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help without a command is asked for by accident: an error, as its exit code says.
    return error.exitCode;
  }
};
