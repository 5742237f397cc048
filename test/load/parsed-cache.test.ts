/** Files that were parsed before: what a run remembers of them, where, and what it never believes. */
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { addressOf } from '../../src/core/address.js';
import { load, type Loaded } from '../../src/load/load.js';
import { parseFile } from '../../src/load/parse.js';
import { FEWEST_FILES, openParsedCache } from '../../src/load/parsed-cache.js';
import { connection, folder, model, type Files } from './repository.js';

const home = async (): Promise<string> => {
  const made = await mkdtemp(path.join(tmpdir(), 'polytomic-home-'));
  onTestFinished(async () => rm(made, { recursive: true, force: true }));
  return made;
};

const cached = async (
  root: string,
  cacheFolder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Loaded> =>
  load({
    root,
    manifests: ['polytomic/**/*.yaml'],
    overlays: [],
    variables: {},
    environment,
    userCache: async () => Promise.resolve({ folder: cacheFolder, version: '1' }),
  });

/** The one file that a cache is kept in. */
const fileOf = async (cache: string): Promise<string> => {
  const [name = '', ...others] = await readdir(cache);
  expect(others).toEqual([]);
  return path.join(cache, name);
};

/** A connection and so many models that a cache is worth its file. */
const many = (more: Files = {}): Files => ({
  'polytomic/db.yaml': connection('db'),
  ...Object.fromEntries(
    Array.from({ length: FEWEST_FILES }, (_, index) => [`polytomic/m${index}.yaml`, model(`m${index}`)]),
  ),
  ...more,
});

const tableOf = (loaded: Loaded, address: string): unknown => {
  const resource = loaded.desired?.resources.find((each) => each.address === address);
  return (resource?.document as { configuration?: { table?: unknown } } | undefined)?.configuration?.table;
};

/** Makes the cache say of the model `m1` what its file does not: whether it is believed shows where a run looked. */
const forge = async (cache: string): Promise<void> => {
  const file = await fileOf(cache);
  const text = await readFile(file, 'utf8');
  const forged = text.replace(/^(.*"key":"m1".*)$/m, (line) =>
    line.replace('"table":"t"', '"table":"forged"'),
  );
  expect(forged).not.toBe(text);
  await writeFile(file, forged, { mode: 0o600 });
};

describe('what was parsed before', () => {
  it('gives what parsing gives, for any document', async () => {
    const value = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.double({ noDefaultInfinity: true, noNaN: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
      ),
    })).tree;
    const cache = await home();
    const root = await folder({});
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 3 }), async (values) => {
        const text = values
          .map((each) => stringify({ kind: 'Model', key: 'm', configuration: each }))
          .join('---\n');
        const turn = async () => {
          const { parse, save } = await openParsedCache({ folder: cache, version: '1' }, root, undefined);
          const parsed = parse('a.yaml', text);
          await save();
          return parsed;
        };
        const straight = parseFile('a.yaml', text);
        expect(await turn()).toEqual(straight);
        expect(await turn()).toEqual(straight);
      }),
      { numRuns: 100, examples: [[[-0, { a: [-0.0] }]]] },
    );
  });

  it('is taken where the text is the same, and only there', async () => {
    const root = await folder(many());
    const cache = await home();
    const first = await cached(root, cache);
    await forge(cache);
    expect(tableOf(await cached(root, cache), 'model.m1')).toBe('forged');
    await writeFile(path.join(root, 'polytomic/m1.yaml'), model('m1', '# touched\n'));
    const second = await cached(root, cache);
    expect(tableOf(second, 'model.m1')).toBe('t');
    expect(second.desired?.resources.map(({ document }) => document)).toEqual(
      first.desired?.resources.map(({ document }) => document),
    );
    expect(second.desired?.locate(addressOf('Model', 'm1'), '/name')).toEqual({
      file: 'polytomic/m1.yaml',
      line: 3,
      column: 1,
    });
  });

  it('is forgotten with the files', async () => {
    const root = await folder(many({ 'polytomic/gone.yaml': model('gone') }));
    const cache = await home();
    await cached(root, cache);
    expect(await readFile(await fileOf(cache), 'utf8')).toContain('"gone"');
    await rm(path.join(root, 'polytomic/gone.yaml'));
    await cached(root, cache);
    expect(await readFile(await fileOf(cache), 'utf8')).not.toContain('"gone"');
  });

  it('keeps no place where secrets stand, and for nobody else', async () => {
    const root = await folder(
      many({
        'polytomic/clear.yaml': connection('clear', '').replace('hostname: h', 'password: in-clear'),
        'polytomic/s.yaml': `kind: Sync\nkey: s\nencryption_passphrase: in-clear\n`,
        'polytomic/x.yaml': model('x', 'extra: { password: in-clear }\n'),
      }),
    );
    const cache = await home();
    await cached(root, cache);
    const file = await fileOf(cache);
    expect(await readFile(file, 'utf8')).not.toContain('in-clear');
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('keeps files with findings out: they are told again', async () => {
    const root = await folder(many({ 'polytomic/bad.yaml': 'kind: Model\nkey: a\nkey: b\n' }));
    const cache = await home();
    const first = await cached(root, cache);
    expect(first.diagnostics.map(({ code }) => code)).toContain('duplicate-key');
    expect((await cached(root, cache)).diagnostics).toEqual(first.diagnostics);
  });

  it('does not write out what aliases stand for a thousand times', async () => {
    const list = (of: string): string => `[${Array.from({ length: 20 }, () => of).join(', ')}]`;
    const text = `kind: Model\nkey: m\nconfiguration:\n  a: &a ${list('x')}\n  b: &b ${list('*a')}\n  c: ${list('*b')}\n`;
    const cache = await home();
    const { parse, save } = await openParsedCache(
      { folder: cache, version: '1' },
      await folder({}),
      undefined,
    );
    expect(parse('a.yaml', text)).toEqual(parseFile('a.yaml', text));
    await save();
    expect(await readdir(cache)).toEqual([]);
  });
});

describe('a cache that says nothing', () => {
  it.each<readonly [string, (file: string) => Promise<void>]>([
    ['others may write it', async (file) => chmod(file, 0o666)],
    [
      'another version made it',
      async (file) => writeFile(file, (await readFile(file, 'utf8')).replace('polytomic-gitops ', 'other ')),
    ],
    [
      'it was cut off',
      async (file) => writeFile(file, (await readFile(file, 'utf8')).replaceAll(/...$/gm, '')),
    ],
    ['it is something else', async (file) => writeFile(file, '\0{}[]')],
  ])('since %s', async (_why, spoil) => {
    const root = await folder(many());
    const cache = await home();
    await cached(root, cache);
    await forge(cache);
    await spoil(await fileOf(cache));
    const loaded = await cached(root, cache);
    expect(loaded.diagnostics).toEqual([]);
    expect(tableOf(loaded, 'model.m1')).toBe('t');
  });

  it('is one in the work tree, where a pull request can put it', async () => {
    const root = await folder(many());
    const inside = path.join(root, '.cache');
    await cached(root, inside);
    await expect(readdir(inside)).rejects.toThrow('ENOENT');
    const cache = await home();
    await cached(root, cache);
    await forge(cache);
    const file = await fileOf(cache);
    await mkdir(inside);
    await copyFile(file, path.join(inside, path.basename(file)));
    expect(tableOf(await cached(root, inside), 'model.m1')).toBe('t');
  });

  it('is one that cannot be written', async () => {
    const root = await folder(many());
    const cache = path.join(await home(), 'file');
    await writeFile(cache, 'no folder');
    expect((await cached(root, cache)).diagnostics).toEqual([]);
  });

  it('is none at all for a few files', async () => {
    const root = await folder({ 'polytomic/db.yaml': connection('db'), 'polytomic/m.yaml': model('m') });
    const cache = await home();
    await cached(root, cache);
    expect(await readdir(cache)).toEqual([]);
  });
});
