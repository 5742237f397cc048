/** One command in several environments, one after the other: `--env all`, or `--env north,south`. */
import path from 'node:path';
import { DiagnosticError } from '../core/diagnostics.js';
import { parseJson } from '../core/json.js';
import { listEnvironments } from '../load/config.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from './io.js';

/** The word for all environments of the configuration file, unless one of them is called so. */
const ALL = 'all';

/** The environments that `--env` names, in the order of the configuration file for `all`. Throws `DiagnosticError`. */
export const environmentsOf = async (io: Io, options: GlobalOptions): Promise<readonly string[]> => {
  const { env, config } = options;
  if (env === undefined) return [];
  const there = await listEnvironments({
    cwd: path.resolve(io.cwd, options.chdir ?? '.'),
    ...(config === undefined ? {} : { config }),
  });
  if (env === ALL && !there.includes(ALL)) {
    if (there.length > 0) return there;
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'no-environments',
        message: '--env all: the configuration file has no environments',
        hint: 'add them under environments, or leave --env out',
      },
    ]);
  }
  return [...new Set(env.split(',').map((name) => name.trim()))].filter((name) => name !== '');
};

/** The worst of them first: what a run of several ends with. */
const GRAVITY = [
  exitCodes.interrupted,
  exitCodes.error,
  exitCodes.stale,
  exitCodes.partly,
  exitCodes.changes,
  exitCodes.ok,
] as const;

type One = (io: Io, options: GlobalOptions) => Promise<number>;

/**
 * Runs a command in each environment, under a heading each, and gives the gravest exit code. What goes wrong in one does
 * not stop the others; an interruption does. With `--json` it prints one list of what each would have printed.
 */
export const inEach = async (
  io: Io,
  options: GlobalOptions,
  names: readonly string[],
  run: One,
): Promise<number> => {
  const style = styleFor(io, options, io.outIsTerminal);
  // Organizations that a plan makes are there for those after it, as far as they have to know.
  const coming = new Map<string, string>();
  const codes: number[] = [];
  const printed: object[] = [];
  for (const name of names) {
    const texts: string[] = [];
    const own: Io = options.json === true ? { ...io, out: (text) => texts.push(text) } : io;
    if (options.json !== true) io.out(`${codes.length === 0 ? '' : '\n'}${style.bold(`── ${name} ──`)}\n\n`);
    const code = await run(own, { ...options, env: name, coming });
    codes.push(code);
    if (options.json === true)
      printed.push({ environment: name, exitCode: code, ...(parseJson(texts.join('') || '{}') as object) });
    if (code === exitCodes.interrupted) break;
  }
  if (options.json === true) io.out(`${JSON.stringify({ environments: printed }, null, 2)}\n`);
  return GRAVITY.find((code) => codes.includes(code)) ?? exitCodes.ok;
};

/** Refuses several environments where a command is about one. */
export const refuseSeveral = (names: readonly string[], command: string): never => {
  throw new DiagnosticError([
    {
      severity: 'error',
      code: 'several-environments',
      message: `${command} is about one environment, and --env names ${names.length}: ${names.join(', ')}`,
      hint: 'give one of them',
    },
  ]);
};
