/** The command line: names, options and help. Each command is loaded only when it runs. */
import { Command, CommanderError, Option } from 'commander';
import { VERSION } from '../version.js';
import { defineFleet } from './definitions/fleet.js';
import { defineInspect } from './definitions/inspect.js';
import { defineManifests } from './definitions/manifests.js';
import { defineOrganization } from './definitions/organization.js';
import { defineReconcile } from './definitions/reconcile.js';
import { defineSandbox } from './definitions/sandbox.js';
import { defineSetup } from './definitions/setup.js';
import { defineState } from './definitions/state.js';
import type { Action, Define } from './definitions/define.js';
import { exitCodes, exitMeanings, type GlobalOptions, type Io } from './io.js';

const logLevels = ['error', 'warn', 'info', 'debug'];

const afterHelp = `
Typical use:
  $ polytomic-gitops init        write a configuration file and a first manifest
  $ polytomic-gitops validate    check the manifests; no network, no key
  $ polytomic-gitops plan        show what would change; changes nothing
  $ polytomic-gitops apply       show it, ask, and do it

Environment:
  POLYTOMIC_API_KEY              the API key; may stand in .env
  POLYTOMIC_PARTNER_KEY          in its place, the key of a partner
  POLYTOMIC_URL                  a deployment of your own
  HTTPS_PROXY, NO_PROXY          the way out
  NO_COLOR                       no colours

Exit codes:
${Object.entries(exitMeanings)
  .map(([name, meaning]) => `  ${exitCodes[name as keyof typeof exitCodes]}  ${meaning}`)
  .join('\n')}
`;

/** Whether `--env` may name more than one environment. */
const mayNameSeveral = ({ env }: GlobalOptions): boolean =>
  env !== undefined && (env === 'all' || env.includes(','));

const definitions: readonly Define[] = [
  defineSetup,
  defineOrganization,
  defineInspect,
  defineReconcile,
  defineManifests,
  defineState,
  defineFleet,
  defineSandbox,
];

/** All commands, with their options and help; `action` is what they do. Runs nothing. */
export const createProgram = (io: Pick<Io, 'out' | 'err'>, action: Action): Command => {
  const program = new Command('polytomic-gitops')
    .description('Keeps a Polytomic organization in step with YAML manifests in Git.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('-C, --chdir <folder>', 'run as if started in this folder')
    .option('--config <file>', 'the configuration file; else polytomic.config.yaml, searched upwards')
    .option('--env <name>', 'an environment of the configuration file; several: north,south, or all')
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
    .showHelpAfterError('Run polytomic-gitops --help for the commands and options.')
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHelpWidth: () => 80,
      getErrHelpWidth: () => 80,
    })
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 20 })
    .exitOverride()
    .addHelpText('after', afterHelp);
  for (const define of definitions) define(program, action);
  return program.helpCommand('help [command]', 'print help for a command');
};

/** Runs the command line and gives its exit code. `args` are without node and script. */
export const runProgram = async (args: readonly string[], io: Io): Promise<number> => {
  let code = 0;
  const action: Action =
    (load, each) =>
    async (...handed) => {
      // What commander hands over: the operands, the options, the command.
      const command = handed.at(-1) as Command;
      const given = command.optsWithGlobals<GlobalOptions>();
      const [{ guarded }, { createObserver }] = await Promise.all([
        import('./session.js'),
        import('./observer.js'),
      ]);
      const options: GlobalOptions = { ...given, observer: createObserver(io, given) };
      const run = await load();
      const runIn = async (own: Io, its: GlobalOptions): Promise<number> =>
        guarded(own, its, async () => run(own, its as never, ...command.args));
      if (!mayNameSeveral(options)) {
        code = await runIn(io, options);
        return;
      }
      const { environmentsOf, inEach, refuseSeveral } = await import('./fleet.js');
      code = await guarded(io, options, async () => {
        const names = await environmentsOf(io, options);
        const what = [
          command.name(),
          ...command.args,
          ...(['out', 'html'] as const).flatMap((name) => (name in options ? [`--${name}`] : [])),
        ];
        if (names.length > 1 && (each === undefined || what.length > 1))
          refuseSeveral(names, what.slice(0, 2).join(' '));
        return inEach(io, options, names, runIn);
      });
    };
  const program = createProgram(io, action);
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help without a command is asked for by accident: an error, as its exit code says.
    return error.exitCode;
  }
};
