/** Progress on a terminal; silence everywhere else. */
import type { Io } from './io.js';

export interface Progress {
  readonly say: (text: string) => void;
  /** Runs `write`, whose lines must not mix with the spinner's. */
  readonly around: (write: () => void) => void;
  readonly stop: () => void;
}

const silent: Progress = {
  say: () => undefined,
  around: (write) => {
    write();
  },
  stop: () => undefined,
};

/** A spinner on standard error where a person looks at it and no log is kept. */
export const startProgress = async (io: Io, text: string, quiet: boolean): Promise<Progress> => {
  if (quiet || !io.errIsTerminal || io.environment['CI'] !== undefined) return silent;
  const { default: yoctoSpinner } = await import('yocto-spinner');
  const spinner = yoctoSpinner({ text, handleSignals: false }).start();
  return {
    say: (next) => {
      spinner.text = next;
    },
    around: (write) => {
      spinner.clear();
      write();
    },
    stop: () => {
      spinner.stop();
    },
  };
};
