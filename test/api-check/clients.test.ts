/** Clients of today's form, small and written here, and archives that mean no good. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArchive } from '../../.ci/api/clients.js';
import { compareWithClients } from '../../.ci/api/compare.js';
import {
  archiveOf,
  changed,
  hasPython,
  npmClient,
  packageName,
  pythonClient,
  wheelFacts,
  wheelName,
  type Entry,
} from './archives.js';

const read = async (
  name: string,
  entries: readonly (readonly [string, Entry])[],
): ReturnType<typeof readArchive> => readArchive(await archiveOf(name, entries));

describe.skipIf(!hasPython)('a client', () => {
  it('for Python is read by the names on the wire', async () => {
    const { operations, types } = await read(wheelName, [...wheelFacts, ...pythonClient]);
    expect(operations).toEqual([
      {
        method: 'POST',
        path: '/api/things',
        query: ['async'],
        body: {
          type: 'object',
          properties: { name: { type: 'string' }, parts: { type: 'array', items: { $ref: 'Part' } } },
          required: ['name'],
        },
        answer: { $ref: 'ThingEnvelope' },
      },
      { method: 'DELETE', path: '/api/things/{}/parts/{}', query: [] },
    ]);
    expect(Object.keys(types).sort()).toEqual(['Mode', 'Part', 'Thing', 'ThingEnvelope']);
    expect(types['Part']).toEqual({
      type: 'object',
      properties: {
        from: { type: 'string' },
        made_at: { type: 'string' },
        size: { type: 'number' },
        sizes: { type: 'object', additionalProperties: { type: 'array', items: { type: 'number' } } },
        any_thing: {},
        whole: { $ref: 'Thing' },
      },
      required: ['size', 'sizes'],
    });
  });

  it('for Node says of one API what that for Python says', async () => {
    const [python, npm] = [await read(wheelName, pythonClient), await read(packageName, npmClient)];
    expect(compareWithClients(python, [{ name: 'npm', description: npm }])).toEqual([]);
    expect(compareWithClients(npm, [{ name: 'PyPI', description: python }])).toEqual([]);
    const wider = await read(
      packageName,
      changed(npmClient, 'api/types/Part.d.ts', (text) => text.replace('size: number', 'width: string')),
    );
    expect(compareWithClients(python, [{ name: 'npm', description: wider }]).map(({ row }) => row)).toEqual([
      'Part.width',
      'Thing.width',
      'Part.size',
      'Thing.size',
    ]);
  });

  it.each([
    [
      'a request',
      'raw_client.py',
      'self._client_wrapper.httpx_client.request(\n            "api/things"',
      'self.ask("api/things"',
      'a method without a request of its own',
    ],
    [
      'an argument',
      'raw_client.py',
      'name: str',
      'name: typing.Callable[[], str]',
      'polytomic/things/raw_client.py:17: a type that is not known',
    ],
    ['the text itself', 'raw_client.py', 'class Raw', 'class (', 'SyntaxError'],
    [
      'a field',
      'part.py',
      'size: int',
      'size: wonder.Type[int]',
      'polytomic/types/part.py:15: a type that is not known: wonder.Type[int]',
    ],
  ])('for Python that is not understood says where: %s', async (_case, file, from, to, message) => {
    await expect(
      read(
        wheelName,
        changed(pythonClient, file, (text) => text.replace(from, to)),
      ),
    ).rejects.toThrow(message);
  });

  it.each([
    ['Client.js', 'url: (0', 'where: (0', 'Client.js:10: a request without path or method'],
    ['client/Client.d.ts', '    create(', '    make(', 'Client.js:3: a method without a declaration: create'],
    [
      'types/Part.d.ts',
      'size: number',
      'size: Partial<Thing>',
      'Part.d.ts:5: a type that is not known: Partial<Thing>',
    ],
  ])('for Node that is not understood in %s says where', async (file, from, to, message) => {
    await expect(
      read(
        packageName,
        changed(npmClient, file, (text) => text.replace(from, to)),
      ),
    ).rejects.toThrow(message);
  });
});

describe.skipIf(!hasPython)('a hostile archive', () => {
  const types = 'polytomic/types';
  const outside = path.join(path.sep, 'tmp', 'polytomic-outside.py');

  it.each<[string, string, readonly (readonly [string, Entry])[], string]>([
    ['leads out of a wheel', wheelName, [[`${types}/../../../x.py`, '']], 'leads out of the archive'],
    ['names a place of its own in a wheel', wheelName, [[outside, 'x = 1']], 'leads out of the archive'],
    [
      'leads out of a package',
      packageName,
      [['package/api/../../../x.d.ts', '']],
      'leads out of the archive',
    ],
    ['leads out by backslashes', packageName, [['package\\..\\..\\x.d.ts', '']], 'leads out of the archive'],
    ['holds a huge file', wheelName, [[`${types}/big.py`, { zeros: 5_000_000 }]], 'more than 4194304 bytes'],
    [
      'holds a huge package',
      packageName,
      [['package/README', { zeros: 140_000_000 }]],
      'more than 134217728 bytes',
    ],
    [
      'holds one file twice',
      wheelName,
      [
        [`${types}/a.py`, 'A = 1'],
        [`${types}/a.py`, 'A = 2'],
      ],
      'two files of one name',
    ],
    ['holds no text', wheelName, [[`${types}/a.py`, { zeros: 10 }]], 'not an archive of a client'],
    [
      'runs out of a parser',
      wheelName,
      [[`${types}/a.py`, `A = ${'('.repeat(5000)}`]],
      'not an archive of a client',
    ],
    ['nests without end', wheelName, [[`${types}/a.py`, `A = ${'-'.repeat(200_000)}1`]], 'cannot read'],
  ])('that %s is refused, and leaves nothing behind', async (_case, name, entries, message) => {
    await expect(
      read(name, [...entries, ...(name === wheelName ? pythonClient : npmClient)]),
    ).rejects.toThrow(message);
    expect(existsSync(outside)).toBe(false);
  });

  it('that links to a file of this machine is read without it', async () => {
    const { types: found } = await read(packageName, [
      ...npmClient,
      ['package/api/types/Link.d.ts', { link: path.resolve('test/api-check/archives.ts') }],
    ]);
    expect(Object.keys(found)).not.toContain('Entry');
  });

  it('that is of something else is refused', async () => {
    await expect(read(packageName, [['package/package.json', '{}']])).rejects.toThrow(
      'it knows no operation of the API',
    );
  });

  it('that is none is refused', async () => {
    const file = await archiveOf(packageName, []);
    await writeFile(file, 'no archive');
    await expect(readArchive(file)).rejects.toThrow('not an archive of a client');
    const wheel = await archiveOf(wheelName, []);
    await writeFile(wheel, 'PK\u0003\u0004');
    await expect(readArchive(wheel)).rejects.toThrow('not an archive of a client');
  });
});
