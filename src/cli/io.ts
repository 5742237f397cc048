/** What the command line touches of the world; tests hand in their own. */
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
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly chdir?: string;
  readonly config?: string;
  readonly env?: string;
  readonly json?: boolean;
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
export const exitCodes = { ok: 0, error: 1, changes: 2, partly: 3, interrupted: 130 } as const;
