/** Files of this repository, for tests of what people copy and read. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';

export const repositoryRoot = path.join(import.meta.dirname, '..', '..');

/** Files that match, with their texts, by name. */
export const filesOf = (...patterns: readonly string[]): readonly (readonly [file: string, text: string])[] =>
  globSync([...patterns], { cwd: repositoryRoot, dot: true, ignore: '**/node_modules/**' })
    .sort()
    .map((file) => [file, readFileSync(path.join(repositoryRoot, file), 'utf8')] as const);
