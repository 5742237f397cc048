/** Files of the project, as a test hands them to a workbench. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The YAML and CSV files below a folder (absolute, or relative to the project), by their paths in it; states left out. */
export const filesIn = async (folder: string): Promise<Readonly<Record<string, string>>> => {
  const root = path.resolve(import.meta.dirname, '../..', folder);
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  const names = all
    .filter((entry) => entry.isFile() && /\.(yaml|csv)$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((name) => !name.startsWith('.polytomic'));
  return Object.fromEntries(
    await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(root, name), 'utf8')] as const),
    ),
  );
};
