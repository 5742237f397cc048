/** Policies: which roles may do what with the objects that name them. */
import schema from '../../schemas/policy.schema.json' with { type: 'json' };
import { type JsonObject, objectsIn } from '../core/json.js';
import { isValueArray, type Value, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { collection } from './endpoints.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Finding, Kind } from './kind.js';
import { items, mapValue, pick } from './paths.js';
import { plain, plainShape } from './plain.js';
import { serverMade } from './server-made.js';

const ACTIONS = 'policy_actions';

const fromLive = (live: JsonObject): JsonObject => ({
  ...pick(live, ['name', 'extra']),
  [ACTIONS]: objectsIn(live[ACTIONS]).map((action) => pick(action, ['action', 'role_ids', 'extra'])),
});

const isNobody = (roles: Value | undefined): boolean =>
  roles == null || (isValueArray(roles) && roles.length === 0);

/** An answer holds actions that nobody sent, granted to nobody. */
const saysNothing = ({ action: _, roles, role_ids: ids, ...rest }: ValueObject): boolean =>
  isNobody(roles) && isNobody(ids) && Object.keys(rest).length === 0;

const granted = (document: ValueObject): ValueObject =>
  mapValue(document, [ACTIONS], (actions) => items(actions).filter((action) => !saysNothing(action)));

const check = (document: ValueObject): readonly Finding[] => {
  const seen = new Set<string>();
  return items(document[ACTIONS]).flatMap(({ action }, index): readonly Finding[] => {
    const name = asText(action);
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [
      {
        severity: 'error',
        code: 'duplicate-action',
        pointer: `/${ACTIONS}/${index}/action`,
        message: `the action "${name}" is granted a second time`,
        hint: 'name all its roles in one place',
      },
    ];
  });
};

/**
 * A policy is sent in full, and what is taken away by name: whether an action that a body leaves out keeps its roles is
 * told in prose alone.
 */
const toWire = (document: ValueObject, live: JsonObject | undefined): ValueObject => {
  const own = items(document[ACTIONS]);
  const revoked = objectsIn(live?.[ACTIONS]).flatMap(({ action, role_ids: roles }) =>
    !isNobody(roles) && !own.some((each) => each['action'] === action)
      ? [{ action: action ?? '', roles: [] }]
      : [],
  );
  return { ...document, [ACTIONS]: [...own.map((action) => ({ roles: [], ...action })), ...revoked] };
};

export const policy: Kind = {
  ...plain,
  name: 'Policy',
  schema,
  noun: { one: 'policy', many: 'policies' },
  endpoints: collection('/api/permissions/policies', () => ({
    update: { method: 'PUT', path: '/api/permissions/policies/{id}' },
  })),
  identity: { fields: ['name'], unique: false },
  read: 'used',
  namesOrganization: true,
  isSystem: ({ system }) => system === true,
  leavesReferences: true,
  references: [{ path: [ACTIONS, '*'], name: 'roles', wire: 'role_ids', kind: 'Role', list: true }],
  shape: {
    ...plainShape,
    keyed: [{ path: [ACTIONS], key: 'action' }],
    sets: [[ACTIONS, '*', 'roles']],
  },
  levels: [
    { path: [], server: [...serverMade, 'system'] },
    { path: [ACTIONS, '*'], server: [] },
  ],
  collapse: granted,
  check,
  fromLive: (raw) => {
    const { document, masked } = openExtra(policy, gatherExtra(policy, raw));
    return { document: fromLive(document), masked };
  },
  canonical: (document) => granted(document) as JsonObject,
  toWire: (document, _dialect, live) => toWire(document, live),
};
