/** `matrix`: the jobs that plan or apply all environments, for the matrix of a workflow. No network, no key. */
import path from 'node:path';
import { DiagnosticError } from '../../core/diagnostics.js';
import { listEnvironments } from '../../load/config.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';

interface MatrixOptions extends GlobalOptions {
  readonly maxJobs: number;
  readonly shards: number;
}

/** In `count` parts of nearly one size, in order. */
const parts = (items: readonly string[], count: number): readonly (readonly string[])[] =>
  Array.from({ length: count }, (_, index) =>
    items.slice(Math.floor((index * items.length) / count), Math.floor(((index + 1) * items.length) / count)),
  );

export const matrix = async (io: Io, options: MatrixOptions): Promise<number> => {
  const { config, maxJobs, shards } = options;
  const names = await listEnvironments({
    cwd: path.resolve(io.cwd, options.chdir ?? '.'),
    ...(config === undefined ? {} : { config }),
  });
  if (shards > maxJobs)
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'too-many-shards',
        message: `${shards} parts of one environment are ${shards} jobs, and --max-jobs allows ${maxJobs}`,
        hint: 'give fewer --shards, or more --max-jobs where the service takes them',
      },
    ]);
  // Shards are jobs of their own.
  const jobs = Math.floor(maxJobs / shards);
  const groups = names.length === 0 ? [['']] : parts(names, Math.min(names.length, jobs));
  const include = groups.flatMap((group) =>
    Array.from({ length: shards }, (_, index) => ({
      environment: group.join(','),
      shard: `${index + 1}/${shards}`,
    })),
  );
  // One line: `echo "matrix=$(…)" >> "$GITHUB_OUTPUT"` takes no more.
  io.out(`${JSON.stringify({ include })}\n`);
  return exitCodes.ok;
};
