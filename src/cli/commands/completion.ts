/** `completion`: the script of a shell. */
import { scripts, type Shell } from '../completion/scripts.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';

export const completion = async (io: Io, _options: GlobalOptions, shell: string): Promise<number> => {
  io.out(scripts[shell as Shell]);
  return Promise.resolve(exitCodes.ok);
};
