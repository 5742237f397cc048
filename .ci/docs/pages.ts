/** The pages of the documentation that are made from the sources. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { cliPage } from './cli-page.js';
import { configurationPage, fieldsPage, type Schemas } from './fields-page.js';
import { findingsIn } from './findings.js';
import { findingsPage, type Explanations } from './findings-page.js';

/** The sandbox answers as the API does, and makes no findings; declarations and generated types hold none. */
const isSource = (file: string): boolean =>
  file.endsWith('.ts') && !file.endsWith('.d.ts') && !/^(generated|sandbox)\//.test(file);

/** Paths of the sources that can make findings. */
export const sourcesOf = async (root: string): Promise<readonly string[]> =>
  (await readdir(path.join(root, 'src'), { recursive: true }))
    .map((file) => file.replaceAll(path.sep, '/'))
    .filter(isSource)
    .toSorted()
    .map((file) => path.join(root, 'src', file));

export const explanationsOf = async (root: string): Promise<Explanations> =>
  parse(await readFile(path.join(root, '.config', 'findings.yaml'), 'utf8')) as Explanations;

/** Files and their texts. Throws an `Error` where the sources say something that the reference could not tell. */
export const referencePages = async (
  root: string,
  schemas: Schemas,
  kinds: readonly string[],
  statements: readonly string[],
): Promise<readonly (readonly [file: string, text: string])[]> => [
  ['docs/findings.md', findingsPage(findingsIn(await sourcesOf(root), root), await explanationsOf(root))],
  ['docs/reference/cli.md', cliPage()],
  ['docs/reference/fields.md', fieldsPage(schemas, kinds, statements)],
  ['docs/reference/configuration.md', configurationPage(schemas)],
];
