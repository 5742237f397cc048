/** Fingerprints of secrets, and the keys that they are made with. */
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.js';
import {
  fingerprint,
  fingerprintsOf,
  matchFingerprint,
  newKey,
  type Keys,
} from '../../src/state/fingerprint.js';
import { deriveStrong } from '../../src/state/derive.js';
import {
  newKeyring,
  openOwn,
  openTogether,
  sealOwn,
  sealTogether,
  type Passphrase,
} from '../../src/state/keyring.js';
import { prepareRekeying, valuesInOrder, type Placed } from '../../src/state/rekey.js';
import { parseState, serializeState, type State } from '../../src/state/state.js';
import { address, binding, stateOf } from '../support/documents.js';

/** Of 'open sesame' with N 16384, r 8, p 5, as Python's hashlib gives it. */
const SCRYPT_OF_PYTHON = '9WIuQaWA6Op7QmsyIRgFTyLUP3VGrBwtO2Z5OzSAkiE=';

const key = newKey();
const keys: Keys = new Map([[key.id, key.bytes]]);
/** What is tried often is derived at once. */
const quick = (text: string): Passphrase => ({ text, derive: deriveStrong });
const secret = (value: string): Secret => new Secret('${secret:A}', value);

describe('a fingerprint', () => {
  it('knows its secret, another one not, and is another each time', async () => {
    const made = fingerprint(secret('open sesame'), key);
    expect(await matchFingerprint(secret('open sesame'), made, keys)).toBe('same');
    expect(await matchFingerprint(secret('open sesame!'), made, keys)).toBe('changed');
    expect(fingerprint(secret('open sesame'), key).mac).not.toBe(made.mac);
    expect(JSON.stringify(made)).not.toContain('sesame');
  });

  it('says nothing without its key, and nothing by another one', async () => {
    const made = fingerprint(secret('open sesame'), key);
    expect(await matchFingerprint(secret('open sesame'), made, new Map())).toBe('lost');
    const other: Keys = new Map([[key.id, newKey().bytes]]);
    expect(await matchFingerprint(secret('open sesame'), made, other)).toBe('changed');
  });

  it('of an older version is compared as it is', async () => {
    const old = {
      salt: 'c2FsdCBvZiBzaXh0ZWVuIQ==',
      hash: SCRYPT_OF_PYTHON,
    };
    expect(await matchFingerprint(secret('open sesame'), old, new Map())).toBe('same');
    expect(await matchFingerprint(secret('open sesame!'), old, new Map())).toBe('changed');
  });
});

describe('a keyring', () => {
  it('opens by its passphrase, and by no other one', async () => {
    const keyring = await sealOwn(newKeyring(), { text: 'the API key' }, keys);
    expect(await openOwn(keyring, { text: 'the API key' })).toEqual(keys);
    expect(await openOwn(keyring, { text: 'another one' })).toEqual(new Map());
    const text = JSON.stringify(keyring);
    expect(text).not.toContain(key.bytes.toString('base64'));
    expect(text).not.toContain('the API key');
  });

  it('opens for each of those who applied, the last eight of them', async () => {
    let keyring = newKeyring();
    for (let n = 0; n < 9; n += 1) keyring = await sealOwn(keyring, quick(`key ${n}`), keys);
    keyring = await sealOwn(keyring, quick('key 3'), keys);
    expect(keyring.own).toHaveLength(8);
    expect((await openOwn(keyring, quick('key 0'))).size).toBe(0);
    for (const n of [1, 3, 8]) expect(await openOwn(keyring, quick(`key ${n}`))).toEqual(keys);
  });

  it('opens by all the secrets together, and not where one is missing, another one, or in another order', async () => {
    const ring = newKeyring();
    const keyring = {
      ...ring,
      together: { [key.id]: await sealTogether(ring, key.id, key.bytes, ['a', 'b']) },
    };
    expect(await openTogether(keyring, key.id, ['a', 'b'])).toEqual(key.bytes);
    for (const values of [['a'], ['b', 'a'], ['a', 'c'], ['ab'], []])
      expect(await openTogether(keyring, key.id, values)).toBeUndefined();
    expect(await openTogether(keyring, 'another', ['a', 'b'])).toBeUndefined();
  });

  it('that somebody changed opens for nobody', async () => {
    const keyring = await sealOwn(newKeyring(), quick('p'), keys);
    const [own] = keyring.own;
    for (const seal of ['', 'AAAA', `B${own!.seal.slice(1)}`, own!.seal.slice(0, -8)])
      expect(await openOwn({ ...keyring, own: [{ keys: [], seal }] }, quick('p'))).toEqual(new Map());
  });
});

const placed = (count: number, changed: readonly number[] = []): readonly Placed[] =>
  Array.from({ length: count }, (_, n) => ({
    address: address(`connection.c${n}`),
    pointer: '/configuration/password',
    secret: secret(`value ${n}${changed.includes(n) ? ' of today' : ''}`),
  }));

/** A state in which an apply just left these secrets. */
const applied = (all: readonly Placed[], with_ = key): State =>
  stateOf(
    Object.fromEntries(
      all.map(({ address: of, secret: value }) => [
        of,
        binding(
          'Connection',
          of,
          { configuration: { password: '(secret)' } },
          {
            secrets: fingerprintsOf({ configuration: { password: value } }, with_),
          },
        ),
      ]),
    ),
  );

const keysIn = (state: State): readonly string[] =>
  Object.values(state.resources).flatMap(({ secrets }) =>
    Object.values(secrets).flatMap((each) => ('key' in each ? [each.key] : [])),
  );

const openWith = async (
  state: State,
  all: readonly Placed[],
): Promise<ReadonlyMap<string, Buffer | undefined>> => {
  const ids = [...new Set(keysIn(state))];
  return new Map(
    await Promise.all(
      ids.map(async (id) => {
        const used = all.flatMap(({ address: of, pointer, secret: value }) => {
          const own = state.resources[of]?.secrets[pointer];
          return own !== undefined && 'key' in own && own.key === id
            ? [{ secret: value, fingerprint: own }]
            : [];
        });
        return [id, await openTogether(state.keyring!, id, valuesInOrder(used))] as const;
      }),
    ),
  );
};

describe('what an apply leaves', () => {
  it('is each group under a key of its own, which the passphrase opens, and the group together', async () => {
    const all = placed(12);
    const { state, keys: left } = await prepareRekeying({
      placed: all,
      keys: keys,
      passphrase: { text: 'p' },
    })(applied(all));
    const ids = new Set(keysIn(state));
    expect(ids.size).toBeGreaterThan(1);
    expect(ids.size).toBeLessThanOrEqual(2);
    expect(ids.has(key.id)).toBe(false);
    expect(await openOwn(state.keyring!, { text: 'p' })).toEqual(left);
    expect([...left.keys()].sort()).toEqual([...ids].sort());
    expect(await openWith(state, all)).toEqual(left);
    for (const { address: of, pointer, secret: value } of all)
      expect(await matchFingerprint(value, state.resources[of]!.secrets[pointer]!, left)).toBe('same');
    expect(parseState(serializeState(state))).toEqual(state);
  });

  it('stays as it is where nothing changed', async () => {
    const all = placed(6);
    const first = await prepareRekeying({ placed: all, keys: keys, passphrase: { text: 'p' } })(applied(all));
    const again = await prepareRekeying({
      keyring: first.state.keyring!,
      placed: all,
      keys: first.keys,
      passphrase: { text: 'p' },
    })(first.state);
    expect(again.state).toBe(first.state);
  });

  it('has a new key for the group of what changed, and for no other one', async () => {
    const all = placed(12);
    const first = await prepareRekeying({ placed: all, keys: keys, passphrase: { text: 'p' } })(applied(all));
    const now = placed(12, [5]);
    const pending = newKey();
    const sent: State = {
      ...first.state,
      resources: {
        ...first.state.resources,
        ...applied(
          now.filter((_, n) => n === 5),
          pending,
        ).resources,
      },
    };
    const known: Keys = new Map([...first.keys, [pending.id, pending.bytes]]);
    const next = await prepareRekeying({
      keyring: sent.keyring!,
      placed: now,
      keys: known,
      passphrase: { text: 'p' },
      expected: now.map((each, n) => ({ ...each, isSent: n === 5 })),
      kept: [pending.id],
    })(sent);
    const before = keysIn(first.state);
    const after = keysIn(next.state);
    const group = before.map((id) => id === before[5]);
    expect(after.map((id, n) => id === before[n])).toEqual(group.map((isIn) => !isIn));
    expect(await openOwn(next.state.keyring!, { text: 'p' })).toEqual(next.keys);
    // What a journal may still hold is made with it.
    expect(next.keys.get(pending.id)).toEqual(pending.bytes);
    // A key that was sealed under what is known by now opens nothing that is in use.
    expect([...next.keys.keys()]).not.toContain(before[5]);
    expect(Object.keys(next.state.keyring!.together)).not.toContain(before[5]);
    const groups = [...next.keys].filter(([id]) => id !== pending.id);
    expect(await openWith(next.state, now)).toEqual(new Map(groups));
  });

  it('keeps what it cannot look into under the key that it has', async () => {
    const all = placed(4);
    const seen = all.slice(0, 2);
    const { state, keys: left } = await prepareRekeying({
      placed: seen,
      keys: keys,
      passphrase: { text: 'p' },
    })(applied(all));
    expect(keysIn(state).filter((id) => id === key.id)).toHaveLength(2);
    expect(left.get(key.id)).toEqual(key.bytes);
  });

  it('has slow fingerprints of an older version as keyed ones', async () => {
    const all: readonly Placed[] = [{ ...placed(1)[0]!, secret: secret('open sesame') }];
    const old = stateOf({
      'connection.c0': binding(
        'Connection',
        'c',
        {},
        {
          secrets: {
            '/configuration/password': { salt: 'c2FsdCBvZiBzaXh0ZWVuIQ==', hash: SCRYPT_OF_PYTHON },
          },
        },
      ),
    });
    const { state } = await prepareRekeying({ placed: all, keys: new Map(), passphrase: { text: 'p' } })(old);
    expect(serializeState(state)).not.toContain(SCRYPT_OF_PYTHON);
    expect(keysIn(state)).toHaveLength(1);
  });
});
