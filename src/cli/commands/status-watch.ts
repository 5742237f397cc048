/** `status`, once, or with `--watch` again and again. */
import type { Io } from '../io.js';
import { failure } from '../../workspace/inspect.js';
import { watching, type WatchOptions } from '../watch.js';
import { status, type StatusOptions } from './status.js';

export const statusOrWatch = async (io: Io, options: StatusOptions & WatchOptions): Promise<number> => {
  if (options.watch === undefined) return status(io, options);
  if (options.failing === true)
    throw failure('watch-and-failing', '--watch and --failing exclude each other', 'give one of them');
  return watching(io, options, status);
};
