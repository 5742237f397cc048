import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostics.js';
import { load } from '../../src/load/load.js';
import { readSource, sourceReader } from '../../src/load/source.js';
import { parseFile } from '../../src/load/parse.js';
import { connection, folder, loadFiles, model, sync, type Files } from './repository.js';

type Expected = readonly [
  code: string,
  line: number,
  column: number,
  message: string | RegExp,
  hint?: string | RegExp,
];

const summary = ({ code, place, message, hint }: Diagnostic): object => ({ code, place, message, hint });

const expectOne = async (
  files: Files,
  file: string,
  [code, line, column, message, hint]: Expected,
): Promise<void> => {
  const { desired, diagnostics } = await loadFiles(files);
  expect(desired).toBeUndefined();
  const found = diagnostics.find((diagnostic) => diagnostic.code === code);
  expect(found, JSON.stringify(diagnostics.map(summary), null, 1)).toBeDefined();
  expect(found?.place).toEqual({ file, line, column });
  expect(found?.message).toMatch(message);
  if (hint !== undefined) expect(found?.hint).toMatch(hint);
};

const bomb = `kind: Connection
key: a
name: a
type: mysql
configuration:
  a: &a [x, x, x, x, x, x, x, x, x, x]
${['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => `  ${name}: &${name} [${Array.from({ length: 10 }, () => `*${'abcdefg'.charAt(index)}`).join(', ')}]\n`).join('')}`;

describe('a file that is no manifest', () => {
  it.each<[string, string | Buffer, Expected]>([
    [
      'YAML that does not parse',
      'kind: [Connection\nkey: a\n',
      ['yaml-syntax', 2, 1, 'not valid YAML', 'quote or bracket'],
    ],
    [
      'a tab',
      'kind: Connection\nconfiguration:\n\thostname: h\n',
      ['yaml-syntax', 3, 1, /[Tt]ab/, 'indent with spaces'],
    ],
    [
      'a duplicate key',
      'kind: Model\nkey: a\nname: x\nname: y\n',
      ['duplicate-key', 4, 1, 'not valid YAML', 'remove one of the two'],
    ],
    ['an empty file', '', ['empty-file', 1, 1, 'the file is empty', 'delete it']],
    ['comments alone', '# nothing\n', ['empty-file', 1, 1, 'holds no document', 'delete it']],
    [
      'a file that is not UTF-8',
      Buffer.from([0x6b, 0xff, 0xfe, 0x0a]),
      ['not-utf-8', 1, 1, 'not UTF-8', 'save it as UTF-8'],
    ],
    [
      'a manifest of 10 MB',
      Buffer.alloc(10 * 1024 * 1024, 'a'),
      ['file-too-large', 1, 1, '10.0 MB', 'split it'],
    ],
    ['an alias bomb', bomb, ['alias-bomb', 1, 1, 'expand to more than', 'fewer aliases']],
    [
      'an alias that holds itself',
      'kind: Model\nconfiguration: &a { b: *a }\n',
      ['alias-cycle', 1, 1, 'holds itself', 'spell the value out'],
    ],
    [
      'an alias without an anchor',
      'kind: Model\nname: *nobody\n',
      ['unknown-alias', 2, 7, '*nobody has no anchor', 'earlier in the same document'],
    ],
    [
      'a merge of what is no map',
      'kind: Connection\nkey: a\nname: a\ntype: mysql\nconfiguration:\n  <<: 5\n',
      ['bad-merge', 6, 7, 'no map', /alias.*quote/],
    ],
    [
      'a merge of a list with something else in it',
      'a: &a { b: 1 }\nc: &c [1]\nd:\n  <<: [*a, *c]\n',
      ['bad-merge', 4, 12, 'no map'],
    ],
    ['a merge of nothing', 'd:\n  <<:\n', ['bad-merge', 2, 6, 'no map']],
    ['brackets without end', '['.repeat(100_000), ['nested-too-deeply', 1, 1, 'levels deep', 'brackets']],
    [
      'values nested too deeply',
      `a: ${'['.repeat(150)}${']'.repeat(150)}`,
      ['nested-too-deeply', 1, 1, 'levels deep', /brackets|aliases/],
    ],
    ['a number that is none', 'kind: Model\nname: .nan\n', ['unsafe-number', 1, 1, 'at /name', 'quotes']],
    [
      'a number beyond what JSON keeps',
      'kind: Model\nname: 12345678901234567890\n',
      ['unsafe-number', 1, 1, 'at /name', 'quotes'],
    ],
    [
      'a key called __proto__',
      'kind: Model\n__proto__: { a: 1 }\n',
      ['forbidden-key', 1, 1, '__proto__', 'rename'],
    ],
    ['a list', '- kind: Model\n', ['no-manifest', 1, 1, 'no map', 'kind: and key:']],
  ])('%s', async (_what, text, expected) => {
    await expectOne({ 'polytomic/a.yaml': text }, 'polytomic/a.yaml', expected);
  });

  it('no file at all', async () => {
    const { diagnostics } = await loadFiles({});
    expect(diagnostics).toMatchObject([{ code: 'no-manifests' }]);
    expect(diagnostics[0]?.hint).toContain('init');
  });

  it('a link is not followed: it could lead anywhere', async () => {
    const root = await folder({ 'polytomic/a.yaml': connection('db') });
    const outside = await folder({ 'secret.yaml': connection('stranger') });
    await symlink(path.join(outside, 'secret.yaml'), path.join(root, 'polytomic', 'b.yaml'));
    const { desired, diagnostics } = await load({
      root,
      manifests: ['polytomic/*.yaml'],
      overlays: [],
      variables: {},
      environment: {},
    });
    expect(diagnostics).toEqual([]);
    expect(desired?.resources.map(({ address }) => address)).toEqual(['connection.db']);
  });

  it.skipIf(process.platform === 'win32')('a pipe is not waited for', async () => {
    const root = await folder({ 'polytomic/a.yaml': connection('db') });
    execFileSync('mkfifo', [path.join(root, 'polytomic', 'b.yaml')]);
    expect(await readSource(root, 'polytomic/b.yaml')).toMatchObject({
      diagnostic: { code: 'unreadable-file', place: { file: 'polytomic/b.yaml' } },
    });
  });

  it('a link that is named is read where it leads to a file of the repository', async () => {
    const root = await folder({ 'polytomic/a.yaml': connection('db') });
    const outside = await folder({ 'secret.yaml': connection('stranger') });
    await symlink('a.yaml', path.join(root, 'polytomic', 'inside.yaml'));
    await symlink(path.join(outside, 'secret.yaml'), path.join(root, 'polytomic', 'outside.yaml'));
    await symlink(outside, path.join(root, 'folder'));
    const read = sourceReader(root);
    expect(await read('polytomic/inside.yaml')).toMatchObject({ text: connection('db') });
    for (const file of ['polytomic/outside.yaml', 'folder/secret.yaml'])
      expect(await read(file)).toMatchObject({ diagnostic: { code: 'outside-repository' } });
  });

  it('any text is refused or read, and never crashes', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[\s\-:{}[\],&*#|>'"!%@`a-c<\n]{0,80}$/)),
        (text) => {
          const { documents, diagnostics } = parseFile('a.yaml', text);
          expect(documents.length + diagnostics.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a manifest with a mistake', () => {
  it.each<[string, string, Expected]>([
    [
      'an unknown kind',
      'kind: Conection\nkey: a\n',
      ['unknown-kind', 1, 1, 'unknown kind "Conection"', 'did you mean "Connection"'],
    ],
    ...['Schedule', 'ApiKey'].map((kind): [string, string, Expected] => [
      `a kind that Polytomic has and nobody manages yet, ${kind}`,
      `kind: ${kind}\nkey: a\n`,
      ['unmanaged-kind', 1, 1, `${kind} is not managed by this version yet`, 'move the document out'],
    ]),
    [
      'another name of a kind',
      'kind: ModelSync\nkey: a\n',
      ['unknown-kind', 1, 1, 'unknown kind "ModelSync"', 'did you mean "Sync"?'],
    ],
    ['no kind', 'key: a\n', ['unknown-kind', 1, 1, 'has no kind', 'Connection']],
    ['no key', 'kind: Model\nname: a\n', ['missing-field', 1, 1, 'has no key', 'add key']],
    [
      'a key with a space',
      connection('"a b"'),
      ['wrong-format', 2, 6, 'key cannot be "a b"', 'letters, digits'],
    ],
    [
      'an unknown field',
      connection('db', 'polices: []\n'),
      ['unknown-field', 6, 1, 'unknown field "polices"', 'did you mean "policies"'],
    ],
    [
      'an unknown nested field',
      sync('s').replace('object: T', 'objct: T'),
      ['unknown-field', 7, 27, 'unknown field "objct"', 'did you mean "object"'],
    ],
    [
      'an unknown enum value',
      sync('s').replace('replace', 'replce'),
      ['unknown-value', 4, 7, 'mode cannot be "replce"', 'did you mean "replace"'],
    ],
    [
      'a missing field',
      'kind: Model\nkey: a\nname: a\nconnection: db\n',
      ['missing-field', 1, 1, '"configuration" is missing', 'add configuration'],
    ],
    [
      'a wrong type',
      connection('db').replace('name: db', 'name: 5'),
      ['wrong-type', 3, 7, 'name must be text, and is a number', '"5"'],
    ],
    [
      'a mask for a password',
      connection('db').replace('hostname: h', "password: '********'"),
      ['mask-in-manifest', 5, 28, 'is a mask', 'secret:NAME'],
    ],
    [
      'a field of the server',
      connection('db').replace('hostname: h', 'oauth_token_expiry: x'),
      ['read-only-field', 5, 38, 'set by the server', 'remove'],
    ],
    [
      'a secret where everybody sees it',
      model('m').replace('name: m', 'name: ${secret:X}'),
      ['misplaced-secret', 3, 7, 'cannot stand here', 'env:NAME'],
    ],
    [
      'a credential as a plain value',
      connection('db').replace('{ hostname: h }', '{ hostname: "${env:API_TOKEN}" }'),
      ['guarded-variable', 5, 28, 'looks like a credential', 'secret:API_TOKEN'],
    ],
    [
      'an unknown expression',
      connection('db').replace('{ hostname: h }', '{ hostname: "${run:ls}" }'),
      ['bad-expression', 5, 28, 'is no expression', 'stands for a plain'],
    ],
    [
      'two fields for one target',
      sync('s').replace('fields: []', 'fields: [{ source: m.a, target: A }, { source: m.b, target: A }]'),
      ['duplicate-target', 5, 61, 'two fields write to "A"', 'keep one'],
    ],
    [
      'a filter without a field',
      sync('s', 'filters: [{ function: IsNull }]\n'),
      ['filter-without-field', 8, 11, 'names no field', 'MODEL.FIELD'],
    ],
    [
      'a source that is no field of a model',
      sync('s').replace('fields: []', 'fields: [{ source: email, target: A }]'),
      ['wrong-format', 5, 20, 'cannot be "email"', 'MODEL.FIELD'],
    ],
  ])('%s', async (_what, text, expected) => {
    await expectOne({ 'polytomic/a.yaml': text }, 'polytomic/a.yaml', expected);
  });

  it('a second resource at one address, with the place of the first', async () => {
    const { diagnostics } = await loadFiles({
      'polytomic/a.yaml': connection('db'),
      'polytomic/b.yaml': `# more\n${connection('db')}`,
    });
    expect(diagnostics).toMatchObject([
      {
        code: 'duplicate-address',
        message: 'a second connection.db',
        place: { file: 'polytomic/b.yaml', line: 2 },
        related: [{ place: { file: 'polytomic/a.yaml', line: 1 } }],
      },
    ]);
  });

  it('every missing variable and secret at once', async () => {
    const text = connection('db').replace(
      '{ hostname: h }',
      '\n  hostname: ${env:HOST}\n  database: ${var:DATABASE}\n  password: ${secret:PASSWORD}',
    );
    const { diagnostics } = await loadFiles({
      'polytomic/a.yaml': text,
      'polytomic/b.yaml': text.replaceAll('db', 'dc'),
    });
    expect(diagnostics.map(({ code, place }) => `${code} ${place!.file}:${place!.line}`)).toEqual(
      ['a', 'b'].flatMap((file) => [
        `missing-variable polytomic/${file}.yaml:6`,
        `missing-variable polytomic/${file}.yaml:7`,
        `missing-secret polytomic/${file}.yaml:8`,
      ]),
    );
  });

  it('an empty secret counts as missing, unless the run goes without secrets', async () => {
    const files = {
      'polytomic/a.yaml': connection('db').replace('{ hostname: h }', '{ password: "${secret:PASSWORD}" }'),
    };
    expect((await loadFiles(files, { environment: { PASSWORD: '' } })).diagnostics).toMatchObject([
      { code: 'missing-secret' },
    ]);
    expect((await loadFiles(files, { withoutSecrets: true })).diagnostics).toEqual([]);
  });

  it('mistakes of all files are reported in one run, in order', async () => {
    const { diagnostics } = await loadFiles({
      'polytomic/c.yaml': 'kind: Nothing\n',
      'polytomic/a.yaml': `${connection('db', 'x: 1\ny: 2\n')}---\n${model('m', 'z: 3\n')}`,
      'polytomic/b.yaml': 'a: [',
    });
    expect(diagnostics.map(({ place }) => `${place!.file}:${place!.line}`)).toEqual([
      'polytomic/a.yaml:6',
      'polytomic/a.yaml:7',
      'polytomic/a.yaml:14',
      'polytomic/b.yaml:1',
      'polytomic/c.yaml:1',
    ]);
  });
});

describe('a reference', () => {
  it('to nothing names the nearest address', async () => {
    await expectOne(
      { 'polytomic/a.yaml': `${connection('warehouse')}---\n${model('m').replace('db', 'warehose')}` },
      'polytomic/a.yaml',
      ['unknown-reference', 10, 13, 'there is no connection.warehose', 'did you mean "warehouse"'],
    );
  });

  it('of the wrong kind says which kind it found', async () => {
    await expectOne(
      {
        'polytomic/a.yaml': `${connection('db')}---\n${model('one')}---\n${model('two').replace('db', 'one')}`,
      },
      'polytomic/a.yaml',
      ['wrong-reference-kind', 16, 13, 'must name a connection, and model.one is a model'],
    );
  });

  it('to a manifest with a mistake of its own is no second mistake', async () => {
    const { diagnostics } = await loadFiles({
      'polytomic/a.yaml': `${connection('db', 'x: 1\n')}---\n${model('m')}`,
    });
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-field']);
  });

  it('in a circle prints the path', async () => {
    const after = (key: string, other: string): string =>
      sync(key).replace('{ frequency: manual }', `{ frequency: runafter, run_after: { syncs: [${other}] } }`);
    const { diagnostics } = await loadFiles({
      'polytomic/a.yaml': [connection('db'), after('a', 'b'), after('b', 'c'), after('c', 'a')].join('---\n'),
    });
    expect(diagnostics).toMatchObject([
      {
        code: 'reference-cycle',
        message: 'references go in a circle: sync.a → sync.b → sync.c → sync.a',
        place: { file: 'polytomic/a.yaml', line: 28 },
      },
    ]);
  });
});
