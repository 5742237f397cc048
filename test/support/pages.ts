/** What pages are made of, where no sandbox is needed. */
import type { Change, Plan } from '../../src/plan/plan.js';
import type { Drifted } from '../../src/plan/drift.js';
import type { Impact } from '../../src/plan/impact.js';
import type { RunningObject } from '../../src/live/health.js';
import { planPage, type PlanPage } from '../../src/report/html-plan.js';
import { statusPage } from '../../src/report/html-status.js';
import { driftPage } from '../../src/report/html-drift.js';
import { address, manifest } from './documents.js';

/** Texts as somebody else writes them. */
export interface Texts {
  readonly name: string;
  readonly key: string;
  readonly value: string;
}

const made = '2026-03-01T08:00:00.000Z';

const drifted = ({ name, key, value }: Texts): Drifted => ({
  address: address(`connection.${key}`),
  kind: 'Connection',
  name,
  id: 'id-1',
  gone: false,
  fields: [{ pointer: `/configuration/${key}`, applied: value, live: [value, name] }],
  by: name,
  at: value,
});

const planOf = ({ name, key, value }: Texts): Plan => {
  const change = (more: Partial<Change>): Change => ({
    address: address(`connection.${key}`),
    step: `connection.${key}`,
    kind: 'Connection',
    name,
    action: 'update',
    patch: [{ op: 'replace' }],
    before: { name: value, configuration: { [key]: value }, list: [value], gone: value },
    after: { name, configuration: { [key]: name }, list: [name], come: { [key]: name } },
    causes: { '/name': 'manifest', '/list': 'outside', [`/configuration/${key}`]: 'both' },
    unknownSecrets: [`/configuration/${key}`],
    reasons: [name],
    labels: { [key]: value },
    owners: [`@${name}`],
    place: { file: `${name}.yaml`, line: 3, column: 1 },
    waitsFor: [`model.${key}`],
    ...more,
  });
  return {
    formatVersion: 1,
    organization: { id: 'org-1', name },
    environment: name,
    changes: [
      change({}),
      change({ action: 'create', before: null, address: address(`model.${key}`), step: `model.${key}` }),
      change({
        action: 'delete',
        after: null,
        address: address(`connection.${key}x`),
        step: `connection.${key}x`,
      }),
    ],
    unchanged: 1,
    retained: [address(`sync.${key}`)],
    excluded: 1,
    unmanaged: { Connection: 2 },
    duplicates: [{ kind: 'Connection', name, id: value, of: address(`connection.${key}`), bound: name }],
    digest: `sha256:${'0123456789'.repeat(6)}abcd`,
  };
};

const impactOf = ({ name, key, value }: Texts): Impact => {
  const root = address(`connection.${key}`);
  const sync = { node: value, kind: 'Sync', name, after: `model.${key}`, way: 'reads', distance: 2 } as const;
  return {
    address: root,
    kind: 'Connection',
    name,
    downstream: [
      {
        ...{ node: `model.${key}`, kind: 'Model', name, address: address(`model.${key}`) },
        ...{ after: root, way: 'reads', distance: 1 },
      },
      sync,
    ],
  };
};

const findings = ({ name, value }: Texts): PlanPage['diagnostics'] => [
  {
    severity: 'warning',
    code: 'odd',
    message: name,
    hint: value,
    place: { file: name, line: 1, column: 1 },
    related: [{ message: value, place: { file: value, line: 2, column: 1 } }],
  },
];

/** A plan with all that a page can show of somebody's texts; its links lead to an address with one of them. */
export const planOfTexts = (texts: Texts): string =>
  planPage({
    plan: planOf(texts),
    resources: [
      manifest('Connection', texts.key, { name: texts.name }),
      manifest('Model', texts.key, { name: texts.name, connection: texts.key }),
    ],
    diagnostics: findings(texts),
    drifted: [drifted(texts)],
    impacts: [impactOf(texts)],
    title: texts.name,
    linkTo: () => `https://github.test/"${texts.value}`,
    facts: [{ name: texts.name, value: texts.value }],
    made,
  });

/** The same of drift. */
export const driftOfTexts = (texts: Texts): string =>
  driftPage({
    drift: { drifted: [drifted(texts)], unsaid: [drifted(texts)], same: 3 },
    diagnostics: findings(texts),
    title: texts.name,
    linkTo: () => undefined,
    facts: [],
    made,
  });

const objectOf = (more: Partial<RunningObject>): RunningObject => ({
  kind: 'Sync',
  id: 'id-1',
  name: 'Customers to warehouse',
  address: address('sync.customers'),
  health: 'ok',
  active: true,
  schedules: [{ frequency: 'daily', hour: 5, minute: '05' }],
  next: '2026-03-02T05:05:00Z',
  drifted: false,
  ...more,
});

/** A status with something of each health. */
export const statusOfTexts = ({ name, key, value }: Texts): string => {
  const last = {
    id: value,
    status: 'completed',
    started: '2026-03-01T05:05:00Z',
    ended: '2026-03-01T05:10:00Z',
    records: 12_000,
    errors: 0,
    warnings: 0,
    messages: [],
  };
  return statusPage({
    status: {
      organization: { id: 'org-1', name },
      objects: [
        objectOf({
          name,
          address: address(`sync.${key}`),
          health: 'failed',
          drifted: true,
          last: { ...last, status: 'failed', messages: [name, value, 'third', 'fourth', 'fifth'] },
        }),
        objectOf({ health: 'gone', active: false, drifted: true, schedules: [] }),
        objectOf({ health: 'errors', last: { ...last, errors: 120 } }),
        objectOf({ health: 'drifted', drifted: true, last }),
        objectOf({ health: 'never ran', schedules: [{ frequency: value }] }),
        objectOf({ health: 'running', last, current: { ...last, status: 'running', ended: value } }),
        objectOf({ health: 'ok', last }),
        { ...withoutAddress(objectOf({ name, health: 'off', active: false })), schedules: [] },
      ],
    },
    diagnostics: [],
    title: name,
    facts: [{ name, value }],
    made,
  });
};

const withoutAddress = ({ address: _address, ...rest }: RunningObject): RunningObject => rest;
