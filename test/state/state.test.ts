import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.js';
import type { Address } from '../../src/core/address.js';
import { emptyState, parseState, serializeState, withBinding, type State } from '../../src/state/state.js';
import { fileStore } from '../../src/state/store.js';

const address = 'model.a' as Address;
const binding = { kind: 'Model', id: '1', applied: { name: 'a' }, secrets: {} };

describe('a state', () => {
  it('is read as it was written, one value a line', () => {
    const state = withBinding({ ...emptyState, organization: { id: 'o', name: 'O' } }, address, binding);
    expect(parseState(serializeState(state))).toEqual(state);
    expect(serializeState(withBinding(state, address, undefined))).not.toContain('model.a');
  });

  it('has the text of its sorted values, whatever it holds', () => {
    const sorted = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(sorted)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .sort(([a], [b]) => (a < b ? -1 : 1))
                .map(([key, item]) => [key, sorted(item)]),
            )
          : value;
    const json = fc.jsonValue().map((value) => ({ name: value }) as JsonObject);
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), json, (resources, keyring) => {
        const state = {
          ...emptyState,
          keyring,
          resources: Object.fromEntries(
            Object.entries(resources).map(([key, applied]) => [`model.${key}`, { ...binding, applied }]),
          ),
        } as unknown as State;
        expect(serializeState(state)).toBe(`${JSON.stringify(sorted(state), null, 2)}\n`);
      }),
    );
  });

  it.each([
    ['{', 'not JSON'],
    ['[]', 'no map'],
    ['{"formatVersion": 4}', 'this version reads 3'],
    ['{}', 'format version is undefined'],
    ['{"formatVersion": 1}', 'serial or resources are missing'],
    ['{"formatVersion": 2, "serial": 1, "resources": {}, "organization": "o"}', 'organization has no id'],
    [
      '{"formatVersion": 1, "serial": 1, "resources": {"model.a": {"id": "1"}}}',
      'binding of model.a is not complete',
    ],
    [
      '{"formatVersion": 3, "serial": 1, "resources": {"model.a": {"id": "1", "kind": "Model", "applied": {}, "secrets": {"/a": 1}}}}',
      'binding of model.a is not complete',
    ],
    [
      '{"formatVersion": 3, "serial": 1, "resources": {}, "keyring": {"salt": "", "own": [1], "together": {}}}',
      'keyring is not complete',
    ],
  ])('that is %s is refused with the reason', (text, problem) => {
    expect(parseState(text)).toMatchObject({ problem: expect.stringContaining(problem) as string });
  });

  it('of an older format is brought to this one', () => {
    const old = { formatVersion: 1, serial: 7, organization: 'o', resources: { 'model.a': binding } };
    expect(parseState(JSON.stringify(old))).toEqual({
      formatVersion: 3,
      serial: 7,
      organization: { id: 'o', name: '' },
      resources: { 'model.a': binding },
    });
  });

  it('in a file refuses a writer that has not seen the last one, and leaves nothing else behind', async () => {
    const root = await mkdtemp(path.join(tmpdir(), 'polytomic-state-'));
    onTestFinished(async () => rm(root, { recursive: true }));
    const store = fileStore(root, 'prod');
    expect(await store.read()).toEqual(emptyState);
    const first = await store.write(withBinding(emptyState, address, binding));
    expect(first.serial).toBe(1);
    await expect(store.write(emptyState)).rejects.toThrow('another run wrote the state');
    expect(await store.read()).toEqual(first);
    expect(await readdir(path.join(root, '.polytomic', 'state'))).toEqual(['prod.json']);
  });
});
