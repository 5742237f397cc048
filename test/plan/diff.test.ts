/** What separates a manifest from its live object. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { Secret, type ValueObject } from '../../src/core/secret.js';
import { kindOf } from '../../src/kinds/registry.js';
import { diff, patchOf, type Diff, type DiffInput } from '../../src/plan/diff.js';

const password = new Secret('${secret:DB}', 'a-password');

const compare = (
  kind: string,
  desired: ValueObject,
  live: JsonObject,
  applied?: JsonObject,
  more: Partial<DiffInput> = {},
): Diff =>
  diff({
    kind: kindOf(kind),
    desired,
    live,
    applied,
    keyOf: (of, id) => (of === 'Connection' && id === 'c1' ? 'db' : undefined),
    secretStatus: () => 'same',
    ignore: [],
    ...more,
  });

const desired = { name: 'db', type: 'postgresql', configuration: { hostname: 'h' } };
const live = { id: 'c1', name: 'db', type: { id: 'postgresql' }, configuration: { hostname: 'h' } };

describe('a manifest and its live object', () => {
  it('are the same whatever the API adds, and however it names things', () => {
    const same = compare('Connection', desired, { ...live, status: 'healthy', updated_at: 'now' }, desired);
    expect(same).toMatchObject({ patch: [], reasons: [], causes: {}, immutable: [], findings: [] });
    expect(same.before).toEqual(same.after);
  });

  it('are compared with references by key, or by id where nothing is managed', () => {
    const model = { name: 'm', connection: 'db', configuration: { table: 't' } };
    const lives = { id: 'm1', name: 'm', connection_id: 'c1', configuration: { table: 't' } };
    expect(compare('Model', model, lives).patch).toEqual([]);
    expect(compare('Model', model, { ...lives, connection_id: 'c2' }).patch).toEqual([
      { op: 'replace', path: '/connection', value: 'db' },
    ]);
  });

  it('differ without a history where nothing was applied before', () => {
    expect(compare('Connection', { ...desired, configuration: { hostname: 'x' } }, live)).toMatchObject({
      reasons: ['differs from the manifest'],
      causes: {},
    });
  });

  it('differ by who changed what since the last apply', () => {
    const applied = { ...desired, configuration: { hostname: 'a', port: 1, user: 'u' } };
    expect(
      compare(
        'Connection',
        { ...desired, configuration: { hostname: 'm', port: 2, user: 'u' } },
        { ...live, configuration: { hostname: 'o', port: 1, user: 'other' } },
        applied,
      ),
    ).toMatchObject({
      reasons: ['changed in the manifest', 'changed outside since the last apply'],
      causes: {
        '/configuration/hostname': 'both',
        '/configuration/port': 'manifest',
        '/configuration/user': 'outside',
      },
    });
  });

  it('have their live values sent where the manifest is silent', () => {
    const found = compare(
      'Connection',
      { ...desired, configuration: { port: 1 } },
      { ...live, configuration: { hostname: 'h', port: 2 } },
    );
    expect(found.document).toMatchObject({ configuration: { hostname: 'h', port: 1 } });
    expect(found.patch).toEqual([{ op: 'replace', path: '/configuration/port', value: 1 }]);
  });

  it('have taken away what the manifest spoke of before', () => {
    const applied = { ...desired, configuration: { hostname: 'h', port: 2 } };
    const found = compare(
      'Connection',
      desired,
      { ...live, configuration: { hostname: 'h', port: 2 } },
      applied,
    );
    expect(found.document).toMatchObject({ configuration: { hostname: 'h' } });
    expect(found.patch).toEqual([{ op: 'remove', path: '/configuration/port' }]);
  });

  it('cannot be made the same in place where the type differs', () => {
    expect(compare('Connection', { ...desired, type: 'mysql' }, live).immutable).toEqual([['type']]);
    expect(compare('Connection', { ...desired, configuration: { port: 1 } }, live).immutable).toEqual([]);
  });
});

describe('the server’s own fields', () => {
  const model = { name: 'm', connection: 'db', configuration: { table: 't' } };
  const lives = {
    id: 'm1',
    name: 'm',
    connection_id: 'c1',
    configuration: { table: 't' },
    fields: [{ name: 'a' }, { name: 'b' }],
  };

  it('are not compared where the manifest is silent', () => {
    const found = compare('Model', model, lives);
    expect(found.patch).toEqual([]);
    expect([found.before, found.after].some((form) => 'fields' in form)).toBe(false);
  });

  it('are compared where it speaks', () => {
    expect(compare('Model', { ...model, fields: ['b', 'a'] }, lives).patch).toEqual([]);
    expect(compare('Model', { ...model, fields: ['a'] }, lives).patch).not.toEqual([]);
  });
});

describe('what a manifest leaves to others', () => {
  const ignore = ['/configuration/hostname'];

  it('is sent as it lives', () => {
    const found = compare('Connection', { ...desired, configuration: { hostname: 'x' } }, live, undefined, {
      ignore,
    });
    expect(found.patch).toEqual([]);
    expect(found.document).toMatchObject({ configuration: { hostname: 'h' } });
  });

  it('is not sent where there is nothing', () => {
    const found = compare(
      'Connection',
      { ...desired, configuration: { hostname: 'x', port: 1 } },
      { ...live, configuration: { port: 1 } },
      undefined,
      { ignore },
    );
    expect(found.patch).toEqual([]);
    expect(found.document['configuration']).toEqual({ port: 1 });
  });
});

describe('a secret', () => {
  const secret = { ...desired, configuration: { hostname: 'h', password } };
  const masked = { ...live, configuration: { hostname: 'h', password: '********' } };
  const applied = { ...desired, configuration: { hostname: 'h', password: '(secret)' } };

  it('that is the same is shown on both sides, and no difference', () => {
    const found = compare('Connection', secret, masked, applied);
    expect(found.patch).toEqual([]);
    expect(found.before).toMatchObject({ configuration: { password: '(secret)' } });
    expect(found.unknownSecrets).toEqual([]);
    expect(found.document).toMatchObject({ configuration: { password } });
  });

  it('that changed is a difference of its own', () => {
    expect(compare('Connection', secret, masked, applied, { secretStatus: () => 'changed' })).toMatchObject({
      patch: [{ op: 'replace', path: '/configuration/password', value: '(secret, changed)' }],
      reasons: ['a secret changed'],
      unknownSecrets: [],
      findings: [],
    });
  });

  it('that cannot be compared is none, and is told', () => {
    expect(compare('Connection', secret, masked, undefined, { secretStatus: () => 'unknown' })).toMatchObject(
      {
        patch: [],
        unknownSecrets: ['/configuration/password'],
      },
    );
  });

  it('is compared with no live value, masked or not', () => {
    const shown = { ...live, configuration: { hostname: 'h', password: 'in clear' } };
    expect(compare('Connection', secret, shown, applied).patch).toEqual([]);
    expect(compare('Connection', secret, live, applied).patch).toEqual([]);
  });
});

describe('a live secret that the manifest does not mention', () => {
  const masked = { ...live, configuration: { hostname: 'h', password: '********' } };

  it('is no matter as long as nothing is sent', () => {
    expect(compare('Connection', desired, masked, desired)).toMatchObject({ patch: [], findings: [] });
  });

  it('would be lost by an update', () => {
    const found = compare('Connection', { ...desired, configuration: { hostname: 'x' } }, masked, desired);
    expect(found.findings).toEqual([
      {
        severity: 'error',
        code: 'masked-secret',
        pointer: '',
        message:
          'an update would lose the live secret /configuration/password: it is masked, and the manifest does not mention it',
        hint: 'add password: ${secret:NAME} to the manifest, or null to remove it',
      },
    ]);
  });

  it('is taken away where the manifest mentioned it before, or says null', () => {
    const applied = { ...desired, configuration: { hostname: 'h', password: '(secret)' } };
    const removed = [{ op: 'remove', path: '/configuration/password' }];
    expect(compare('Connection', desired, masked, applied)).toMatchObject({ patch: removed, findings: [] });
    expect(
      compare(
        'Connection',
        { ...desired, configuration: { hostname: 'h', password: null } },
        masked,
        desired,
      ),
    ).toMatchObject({ patch: removed, findings: [] });
  });
});

describe('what an answer never holds', () => {
  const timed = { ...desired, healthcheck_interval: '1h' };

  it('is compared with what was applied', () => {
    expect(compare('Connection', timed, live, timed).patch).toEqual([]);
    expect(compare('Connection', timed, live, { ...timed, healthcheck_interval: '2h' }).patch).toEqual([
      { op: 'replace', path: '/healthcheck_interval', value: '1h' },
    ]);
    expect(compare('Connection', timed, live, desired).patch).toEqual([
      { op: 'add', path: '/healthcheck_interval', value: '1h' },
    ]);
    expect(compare('Connection', desired, live, timed).patch).toEqual([
      { op: 'remove', path: '/healthcheck_interval' },
    ]);
  });

  it('counts as it is wanted where nothing was applied', () => {
    expect(compare('Connection', timed, live).patch).toEqual([]);
  });

  it('is told by its fingerprint where it is a secret', () => {
    const sync = { name: 's', mode: 'replace', encryption_passphrase: password };
    const lives = { id: 's1', name: 's', mode: 'replace' };
    const applied = { name: 's', mode: 'replace', encryption_passphrase: 'not what it was' };
    expect(compare('Sync', sync, lives, applied).patch).toEqual([]);
    expect(compare('Sync', sync, lives, applied, { secretStatus: () => 'changed' }).patch).toEqual([
      { op: 'replace', path: '/encryption_passphrase', value: '(secret, changed)' },
    ]);
  });
});

describe('a patch', () => {
  it('is RFC 6902', () => {
    expect(patchOf({ a: 1, b: 2 }, { a: 1, c: { d: 3 } })).toEqual([
      { op: 'remove', path: '/b' },
      { op: 'add', path: '/c', value: { d: 3 } },
    ]);
  });
});
