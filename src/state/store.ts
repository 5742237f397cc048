/** Where the state is kept. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { DiagnosticError } from '../core/diagnostics.js';
import { emptyState, parseState, serializeState, type State } from './state.js';

export interface StateStore {
  /** What a person is told, e.g. the path of the file. */
  readonly description: string;
  /** True: bindings outlive the run. */
  readonly durable: boolean;
  readonly read: () => Promise<State>;
  /** Throws `DiagnosticError` where another run wrote meanwhile. */
  readonly write: (state: State) => Promise<State>;
}

/** The state in a file, replaced as a whole, so that a killed run leaves the old or the new one. */
export const fileStore = (root: string, environment: string | undefined): StateStore => {
  const relative = path.posix.join('.polytomic', 'state', `${environment ?? 'default'}.json`);
  const file = path.join(root, relative);
  const fail = (code: string, message: string, hint: string): DiagnosticError =>
    new DiagnosticError([
      { severity: 'error', code, message, hint, place: { file: relative, line: 1, column: 1 } },
    ]);
  const read = async (): Promise<State> => {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return emptyState;
      throw fail('unreadable-state', 'the state cannot be read', 'check that you may read the file');
    }
    const state = parseState(text);
    if ('problem' in state)
      throw fail(
        'damaged-state',
        `the state is damaged: ${state.problem}`,
        'restore the file from a backup or from Git; without it resources are found by name',
      );
    return state;
  };
  return {
    description: relative,
    durable: true,
    read,
    write: async (state) => {
      const { serial } = await read();
      if (serial !== state.serial)
        throw fail(
          'state-conflict',
          `another run wrote the state meanwhile (serial ${serial}, expected ${state.serial})`,
          'plan again',
        );
      const next = { ...state, serial: serial + 1 };
      try {
        await mkdir(path.dirname(file), { recursive: true });
        await writeFileAtomic(file, serializeState(next), { mode: 0o600 });
      } catch (error) {
        const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
        throw fail(
          'unwritable-state',
          `the state cannot be written (${reason})`,
          'check the folder and its permissions',
        );
      }
      return next;
    },
  };
};

/** No state: objects are found by name in every run, and nothing is ever deleted. */
export const noStore = (): StateStore => {
  let current = emptyState;
  return {
    description: 'none',
    durable: false,
    read: async () => Promise.resolve(current),
    write: async (state) => {
      current = { ...state, serial: state.serial + 1 };
      return Promise.resolve(current);
    },
  };
};
