/** How commands are named: each definition adds its own to the program. */
import type { Command } from 'commander';
import type { Io } from '../io.js';

/** A command: what it prints goes to `io`, what it gives is the exit code. */
type Run = (io: Io, options: never, ...operands: string[]) => Promise<number>;
/** `each`: the command may be run in several environments, one after the other. */
export type Action = (
  load: () => Promise<Run>,
  each?: 'each',
) => (...handed: readonly unknown[]) => Promise<void>;

/** Names some commands, with their options and help; `action` runs what is loaded only then. */
export type Define = (program: Command, action: Action) => void;
