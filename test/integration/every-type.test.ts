/** A connection of each type that the API has, through everything that a repository does with it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { knownTypes, schemaOfType, type KnownType } from '../support/type-schemas.js';
import { workbench } from '../support/workbench.js';

const catalogOf = async (schemas: Readonly<Record<string, JsonObject>>): Promise<string> => {
  const directory = await mkdtemp(path.join(tmpdir(), 'types-'));
  onTestFinished(async () => rm(directory, { recursive: true }));
  for (const [id, schema] of Object.entries(schemas))
    await writeFile(path.join(directory, `${id}.json`), JSON.stringify(schema));
  return directory;
};

const types = knownTypes();

const manifestOf = ({ id, required, readOnly }: KnownType): string =>
  JSON.stringify({
    kind: 'Connection',
    key: id,
    name: id,
    type: id,
    configuration: {
      auth_mode: 'key',
      row_limit: '${env:ROWS}',
      tags: { team: 'data' },
      ...Object.fromEntries(
        required
          .filter((name) => !readOnly.includes(name))
          .map((name) => [name, `\${secret:THE_${name.toUpperCase()}}`]),
      ),
    },
  });

describe('a connection of each type', () => {
  it(
    'is planned, applied, planned empty, exported, and planned empty from that',
    { timeout: 120_000 },
    async () => {
      expect(types).toHaveLength(226);
      const catalog = await catalogOf(
        Object.fromEntries(types.map((type, index) => [type.id, schemaOfType(type, index)])),
      );
      const bench = await workbench(
        { 'polytomic/all.yaml': types.map(manifestOf).join('\n---\n') },
        { sandbox: { catalog } },
      );
      bench.environment['ROWS'] = '7';
      for (const name of types.flatMap(({ required }) => required))
        bench.environment[`THE_${name.toUpperCase()}`] = name === 'api_id' ? '4711' : `the ${name}`;
      const applied = await bench.cli('apply', '--yes');
      expect([applied.code, applied.err]).toEqual([0, '']);
      expect(applied.out).toContain('226 created');
      const sent = bench.sandbox.requests
        .filter(({ method }) => method === 'POST')
        .map(({ body }) => body as JsonObject);
      expect(sent).toHaveLength(226);
      expect(sent.every(({ configuration }) => (configuration as JsonObject)['row_limit'] === 7)).toBe(true);
      expect(sent.find(({ type }) => type === 'strackr')?.['configuration']).toMatchObject({ api_id: 4711 });
      const again = await bench.cli('plan', '--detailed-exitcode');
      expect([again.code, again.err]).toEqual([0, '']);

      await bench.remove('polytomic/all.yaml');
      await rm(path.join(bench.root, '.polytomic'), { recursive: true });
      const exported = await bench.cli('export', '--layout', 'single', '--force');
      expect(exported.code).toBe(0);
      const last = await bench.cli('plan', '--without-secrets', '--detailed-exitcode');
      expect([last.code, last.err]).toEqual([0, '']);
    },
  );
});
