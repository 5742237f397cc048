// The licences of everything that is bundled: they ask to travel with it.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The text of all licences of the packages that a bundle holds. Throws for a package without one. */
export const licences = async (root, { inputs }) => {
  const folders = [
    ...new Set(
      Object.keys(inputs).flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
    ),
  ].sort();
  const parts = await Promise.all(
    folders.map(async (folder) => {
      const { name, version, license } = JSON.parse(
        await readFile(path.join(root, folder, 'package.json'), 'utf8'),
      );
      const file = (await readdir(path.join(root, folder))).find((entry) =>
        /^(licen[cs]e|copying)/i.test(entry),
      );
      const text =
        file === undefined ? `Licence: ${license}` : await readFile(path.join(root, folder, file), 'utf8');
      return `${name} ${version} (${license})\n${'-'.repeat(60)}\n${text.trim()}\n`;
    }),
  );
  return parts.join(`\n${'='.repeat(60)}\n\n`);
};
