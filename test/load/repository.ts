/** Loads manifests from a temporary folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { LoadOptions } from '../../src/load/draft.js';
import { load, type Loaded } from '../../src/load/load.js';
import { writeFiles } from '../support/workbench.js';

export type Files = Readonly<Record<string, string | Buffer>>;

/** A folder with these files, gone when the test is. */
export const folder = async (files: Files): Promise<string> => {
  const root = await mkdtemp(path.join(tmpdir(), 'polytomic-load-'));
  onTestFinished(async () => rm(root, { recursive: true, force: true }));
  await writeFiles(root, files);
  return root;
};

/** What loading these files gives. */
export const loadFiles = async (files: Files, options: Partial<LoadOptions> = {}): Promise<Loaded> =>
  load({
    root: await folder(files),
    manifests: ['polytomic/**/*.{yaml,yml}'],
    overlays: [],
    variables: {},
    environment: {},
    ...options,
  });

export const connection = (key: string, more = ''): string =>
  `kind: Connection\nkey: ${key}\nname: ${key}\ntype: postgresql\nconfiguration: { hostname: h }\n${more}`;

export const model = (key: string, more = ''): string =>
  `kind: Model\nkey: ${key}\nname: ${key}\nconnection: db\nconfiguration: { table: t }\n${more}`;

export const sync = (key: string, more = ''): string =>
  `kind: Sync\nkey: ${key}\nname: ${key}\nmode: replace\nfields: []\nschedule: { frequency: manual }\ntarget: { connection: db, object: T }\n${more}`;
