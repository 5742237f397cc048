/** What the command line touches of the world; tests hand in their own. */
import type { Attempt } from '../api/observe.js';
import type { Settings } from '../load/config.js';
import { createStyle, type Style } from '../report/style.js';

export interface Io {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Results. */
  readonly out: (text: string) => void;
  /** Diagnostics and progress. */
  readonly err: (text: string) => void;
  /** Whether a person looks at standard output, and at standard error. */
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Asks on the terminal; undefined where nobody can be asked. */
  readonly ask?: (question: string) => Promise<string>;
  /** Calls back on an interruption (Ctrl-C); gives a function that stops listening. */
  readonly onInterrupt: (listener: () => void) => () => void;
  /** Where this user's caches are, beside any repository. Default: nowhere. */
  readonly userCache?: Settings['userCache'];
  /** Pauses, what is slow on purpose, and the day, other than for people: where nobody waits, as in tests. */
  readonly pace?: Pick<Settings, 'retryDelay' | 'jobInterval' | 'derive' | 'today'>;
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
export type Log = (level: LogLevel, message: string, details?: Readonly<Record<string, unknown>>) => void;

/** What a run tells of itself beside its result. */
export interface Observer {
  readonly log: Log;
  readonly onAttempt: (attempt: Attempt) => void;
  /** Writes the trace, where one was asked for. Throws `DiagnosticError`. */
  readonly finish: () => Promise<void>;
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly chdir?: string;
  readonly config?: string;
  readonly env?: string;
  readonly json?: boolean;
  readonly logLevel?: LogLevel;
  readonly logFormat?: 'text' | 'json';
  /** Path of a file for the trace of all calls. */
  readonly traceHttp?: string;
  readonly observer?: Observer;
  /** In a run of several environments: names of organizations that a plan would make, with the environment of each. */
  readonly coming?: Map<string, string>;
  /** commander's name for --no-color. */
  readonly color: boolean;
}

/** Whether to use colours: never for --no-color or NO_COLOR (no-color.org), else where a terminal is. */
export const styleFor = ({ environment }: Io, { color }: GlobalOptions, terminal: boolean): Style => {
  const { NO_COLOR: off, FORCE_COLOR: force, TERM: term } = environment;
  const refused = !color || (off !== undefined && off !== '') || term === 'dumb';
  return createStyle(!refused && (terminal || (force !== undefined && force !== '' && force !== '0')));
};

/** The documented exit codes. */
export const exitCodes = { ok: 0, error: 1, changes: 2, partly: 3, stale: 4, interrupted: 130 } as const;

/** When a run ends with which, for the help and the reference. */
export const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'nothing to do, or done',
  error: 'an error; an apply that changed nothing',
  changes: 'changes are pending (plan --detailed-exitcode, drift)',
  partly: 'partly applied',
  stale: 'a saved plan is stale',
  interrupted: 'interrupted',
};
