/** The example that has every kind: planned, applied, exported, made again. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { expect, it } from 'vitest';
import { DEFAULT_VERSION, dialectOf } from '../../src/api/versions.js';
import { withAnyKey } from '../../src/kinds/endpoints.js';
import { kindOf, kinds } from '../../src/kinds/registry.js';
import { filesIn } from '../support/examples.js';
import { workbench, type Workbench } from '../support/workbench.js';

const example = 'examples/every-kind';

const kindsIn = (files: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(files)
    .filter(([name]) => name !== 'polytomic.config.yaml')
    .flatMap(([, text]) =>
      parseAllDocuments(text).map((document) => (document.toJS() as { readonly kind: string }).kind),
    );

const names = kinds.map(({ name }) => name).toSorted();

/** Applies these files to an empty organization, where a plan is empty afterwards. */
const applied = async (files: Readonly<Record<string, string>>): Promise<Workbench> => {
  const bench = await workbench(files, { partner: true });
  for (const text of Object.values(files))
    for (const [, secret = ''] of text.matchAll(/\$\{secret:(\w+)\}/g)) bench.environment[secret] = 'a value';
  expect(await bench.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  expect(await bench.cli('plan', '--detailed-exitcode')).toMatchObject({ code: 0, err: '' });
  expect(await bench.cli('drift', '--strict')).toMatchObject({ code: 0, err: '' });
  return bench;
};

const exported = async (bench: Workbench): Promise<Readonly<Record<string, string>>> => {
  for (const folder of ['polytomic', '.polytomic'])
    await rm(path.join(bench.root, folder), { recursive: true, force: true });
  expect(await bench.cli('export', '--force')).toMatchObject({ code: 0, err: '' });
  expect(await bench.cli('plan', '--detailed-exitcode', '--without-secrets')).toMatchObject({ code: 0 });
  return filesIn(bench.root);
};

it('has every kind; what is exported of it has every kind, too, and makes the same', async () => {
  const files = await filesIn(example);
  expect([...new Set(kindsIn(files))].toSorted()).toEqual(names);
  expect(await (await workbench(files, { partner: true })).cli('fmt', '--check')).toMatchObject({ code: 0 });
  const first = await exported(await applied(files));
  // What no list of the API holds cannot be found.
  const found = names.filter(
    (name) => kindOf(name).endpoints(withAnyKey(dialectOf(DEFAULT_VERSION)))?.list !== undefined,
  );
  expect([...new Set(kindsIn(first))].toSorted()).toEqual(found);
  const second = await exported(await applied(first));
  expect(second).toEqual(first);
});
