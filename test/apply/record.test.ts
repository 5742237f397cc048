/** What each change leaves in the state. */
import { describe, expect, it } from 'vitest';
import { bindingFor, createRecorder, withRules } from '../../src/apply/record.js';
import { noJournal, type Entry } from '../../src/apply/journal.js';
import { Secret } from '../../src/core/secret.js';
import type { Action } from '../../src/plan/plan.js';
import { matchFingerprint, newKey } from '../../src/state/fingerprint.js';
import type { State } from '../../src/state/state.js';
import { noStore, type StateStore } from '../../src/state/store.js';
import { address, binding, change, connection, stateOf } from '../support/documents.js';

const password = new Secret('${secret:A}', 'clear');
const manifest = connection('db', { configuration: { password } });
const document = { name: 'db', type: 'postgresql', configuration: { password: '(secret)' } };
const fingerprint = { salt: 's', hash: 'h' };
const before = binding('Connection', 'c1', { name: 'was' }, { secrets: { '/old': fingerprint } });
const key = newKey();
const step = (action: Action, more: Parameters<typeof change>[2] = {}) =>
  change(action, 'connection.db', { id: 'c1', ...more });

describe('a change leaves', () => {
  it('the manifest without its secrets, and their fingerprints', async () => {
    const left = bindingFor(step('update'), manifest, stateOf({ 'connection.db': before }), key);
    expect(left).toEqual({
      kind: 'Connection',
      applied: document,
      secrets: left!.secrets,
      file: manifest.place.file,
    });
    expect(Object.keys(left!.secrets)).toEqual(['/configuration/password']);
    const made = left!.secrets['/configuration/password']!;
    expect(await matchFingerprint(password, made, new Map([[key.id, key.bytes]]))).toBe('same');
  });

  it('the fingerprints that were there, where no secret was sent', () => {
    const state = stateOf({ 'connection.db': before });
    for (const action of ['move', 'adopt'] as const)
      expect(bindingFor(step(action), manifest, state, key)!.secrets).toEqual({ '/old': fingerprint });
    expect(bindingFor(step('adopt'), manifest, stateOf({}), key)!.secrets).toEqual({});
    const sent = bindingFor(step('adopt', { patch: [{ op: 'remove', path: '/a' }] }), manifest, state, key);
    expect(Object.keys(sent!.secrets)).toEqual(['/configuration/password']);
  });

  it('those of its old address, where it moved', () => {
    const moved = step('move', { from: address('connection.old') });
    expect(bindingFor(moved, manifest, stateOf({ 'connection.old': before }), key)!.secrets).toEqual({
      '/old': fingerprint,
    });
  });

  it('its file, and its protection and labels, where there are any', () => {
    const plain = connection('db');
    expect(bindingFor(step('create'), plain, stateOf({}), key)).toEqual({
      kind: 'Connection',
      applied: plain.document,
      secrets: {},
      file: 'db.yaml',
    });
    const ruled = connection('db', {}, { preventDestroy: true, labels: { team: 'growth' } });
    expect(bindingFor(step('create'), ruled, stateOf({}), key)).toMatchObject({
      protected: true,
      labels: { team: 'growth' },
    });
  });

  it('nothing, where it ends a binding or has no manifest', () => {
    const state = stateOf({ 'connection.db': before });
    expect(bindingFor(step('delete'), connection('db'), state, key)).toBeNull();
    expect(bindingFor(step('forget'), connection('db'), state, key)).toBeNull();
    expect(bindingFor(step('update'), undefined, state, key)).toBeNull();
  });

  it('what it replaced to be deleted, until it is', () => {
    const plain = connection('db');
    expect(bindingFor(step('replace'), plain, stateOf({ 'connection.db': before }), key)!.deposed).toEqual([
      'c1',
    ]);
    const twice = stateOf({ 'connection.db': { ...before, deposed: ['c0'] } });
    expect(bindingFor(step('replace'), plain, twice, key)!.deposed).toEqual(['c0', 'c1']);
    expect(bindingFor(step('update'), plain, twice, key)!.deposed).toEqual(['c0']);
    const old = change('delete', 'connection.db (old)', { address: address('connection.db'), id: 'c0' });
    const { id: _, ...rest } = before;
    expect(bindingFor(old, plain, twice, key)).toEqual(rest);
    const more = stateOf({ 'connection.db': { ...before, deposed: ['c0', 'c9'] } });
    expect(bindingFor(old, plain, more, key)).toEqual({ ...rest, deposed: ['c9'] });
    expect(bindingFor(old, plain, stateOf({ 'connection.db': before }), key)).toEqual(rest);
    expect(bindingFor(old, plain, stateOf({}), key)).toBeNull();
  });
});

describe('a state', () => {
  it('has the rules of today’s manifests', () => {
    const ruled = { ...before, protected: true as const, labels: { team: 'old' } };
    const state = stateOf({ 'connection.db': ruled, 'connection.new': before, 'connection.gone': ruled });
    const manifests = [connection('db'), connection('new', {}, { preventDestroy: true, labels: { a: '' } })];
    expect(withRules(state, new Map(manifests.map((one) => [one.address, one])))).toEqual({
      ...state,
      resources: {
        'connection.db': { ...before, file: 'db.yaml' },
        'connection.new': { ...before, protected: true, labels: { a: '' }, file: 'new.yaml' },
        'connection.gone': ruled,
      },
    });
  });
});

describe('a recorder', () => {
  const watched = () => {
    const written: State[] = [];
    const entries: Entry[] = [];
    const inner = noStore();
    let fails = 0;
    const store: StateStore = {
      ...inner,
      write: async (state) => {
        await Promise.resolve();
        if (fails > 0) {
          fails -= 1;
          throw new Error('the disk is full');
        }
        written.push(state);
        return inner.write(state);
      },
    };
    const recorder = createRecorder(stateOf({ 'connection.a': before }), store, {
      ...noJournal,
      write: async (entry) => {
        entries.push(entry);
        return Promise.resolve();
      },
    });
    return { recorder, written, entries, fail: (times: number) => (fails = times) };
  };
  const bound = (id: string) => binding('Connection', id, {});

  it('writes a change into the state, and notes the serial that it has', async () => {
    const { recorder, written, entries } = watched();
    await recorder.record(change('create', 'connection.b'), bound('c2'));
    expect(written.map(({ resources }) => resources)).toEqual([
      { 'connection.a': before, 'connection.b': bound('c2') },
    ]);
    expect(recorder.state().serial).toBe(4);
    expect(entries).toEqual([{ type: 'state', serial: 4 }]);
  });

  it('takes out what ended, and the old address of what moved', async () => {
    const { recorder } = watched();
    await recorder.record(change('move', 'connection.b', { from: address('connection.a') }), bound('c1'));
    expect(recorder.state().resources).toEqual({ 'connection.b': bound('c1') });
    await recorder.record(change('update', 'connection.b', { from: address('connection.b') }), bound('c2'));
    expect(recorder.state().resources).toEqual({ 'connection.b': bound('c2') });
    await recorder.record(change('delete', 'connection.b'), null);
    expect(recorder.state().resources).toEqual({});
  });

  it('writes together what ends while it writes, and one state after the other', async () => {
    const { recorder, written } = watched();
    const record = async (key: string) => recorder.record(change('create', `connection.${key}`), bound(key));
    const first = record('b');
    await Promise.resolve().then(() => undefined);
    await Promise.all([first, record('c'), record('d'), record('e')]);
    expect(written.length).toBeLessThan(4);
    expect(Object.keys(written.at(-1)!.resources)).toEqual(
      ['a', 'b', 'c', 'd', 'e'].map((key) => `connection.${key}`),
    );
    expect(recorder.state().serial).toBe(3 + written.length);
  });

  it('fails for a change that could not be written, and takes it along with the next', async () => {
    const { recorder, fail } = watched();
    fail(1);
    await expect(recorder.record(change('create', 'connection.b'), bound('c2'))).rejects.toThrow(
      'the disk is full',
    );
    expect(recorder.isBehind()).toBe(true);
    await recorder.record(change('create', 'connection.c'), bound('c3'));
    expect(Object.keys(recorder.state().resources)).toEqual(['connection.a', 'connection.b', 'connection.c']);
    expect(recorder.isBehind()).toBe(false);
  });
});
