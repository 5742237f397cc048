/** Bulk syncs: schemas of a source connection, copied to a destination connection. */
import schema from '../../schemas/bulk-sync.schema.json' with { type: 'json' };
import { jsonEqual, objectsIn, type Json, type JsonObject } from '../core/json.js';
import type { ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { checkBulkSync } from './bulk-sync/check.js';
import {
  bulkErrorHandling,
  bulkErrorsFromLive,
  bulkErrorsWhenSilent,
  canonicalBulkErrors,
  shortBulkErrors,
} from './bulk-sync/errors.js';
import { newerAnswer, settleDiscovery, toWire } from './bulk-sync/forms.js';
import { preflightBulkSync } from './bulk-sync/preflight.js';
import {
  createdSchemas,
  madeOfFields,
  madeOfSchemas,
  schemaRequests,
  schemasFromLive,
  wantsDetails,
} from './bulk-sync/requests.js';
import {
  canonicalSchedules,
  collapseSchedules,
  spellSchedules,
  unmadeSchedules,
} from './bulk-sync/schedules.js';
import {
  besideSchemas,
  canonicalSchemas,
  collapseSchemas,
  completeSchemas,
  expandSchemas,
} from './bulk-sync/schemas.js';
import { bulkColumns } from './columns.js';
import { collection } from './endpoints.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Kind, Part } from './kind.js';
import { bulkTables } from './lineage.js';
import { items, pick } from './paths.js';
import { policiesRule, shortPolicies } from './policies.js';
import { serverMade } from './server-made.js';
import { errorSets } from './sync-errors.js';

const kept = [
  'name',
  'mode',
  'active',
  'source_connection_id',
  'source_configuration',
  'destination_connection_id',
  'destination_configuration',
  'default_schedule',
  'additional_schedules',
  'schemas',
  'automatically_add_new_objects',
  'automatically_add_new_fields',
  'normalize_names',
  'concurrency_limit',
  'resync_concurrency_limit',
  'data_cutoff_timestamp',
  'disable_record_timestamps',
  'policies',
  'extra',
];

const PATH = '/api/bulk/syncs';

/** What is copied: a list of summaries, each of which can be read with its fields and filters. */
const schemas: Part = {
  name: 'schemas',
  isIn: () => true,
  read: {
    path: `${PATH}/{id}/schemas`,
    is: 'list',
    items: { path: `${PATH}/{id}/schemas/{item}`, wants: wantsDetails },
  },
  ofCreate: createdSchemas,
  startsFilled: true,
  hangsOn: ['source_connection_id', 'source_configuration'],
  requests: schemaRequests,
};

const complete = (
  desired: ValueObject,
  live: JsonObject | undefined,
  applied: JsonObject | undefined,
): ValueObject => {
  const settled = settleDiscovery(desired, live);
  // What another source has is not what lives of this one; nor is what was applied to it, where a run got no further.
  const isOf = (other: JsonObject | undefined): boolean =>
    jsonEqual(settled['source_connection'] as Json, other?.['source_connection']);
  return isOf(live) ? completeSchemas(settled, live, isOf(applied) ? applied : undefined) : settled;
};

export const bulkSync: Kind = {
  name: 'BulkSync',
  schema,
  noun: { one: 'bulk sync', many: 'bulk syncs' },
  endpoints: collection(PATH),
  identity: { fields: ['name'], unique: false },
  read: 'used',
  namesOrganization: true,
  references: [
    { path: [], name: 'source_connection', wire: 'source_connection_id', kind: 'Connection', way: 'reads' },
    {
      path: [],
      name: 'destination_connection',
      wire: 'destination_connection_id',
      kind: 'Connection',
      way: 'writes',
    },
    policiesRule,
  ],
  shape: {
    // What is inside comes first: afterwards the list is a map.
    keyed: [
      { path: ['schemas', '*', 'fields'], key: 'id' },
      { path: ['schemas'], key: 'id' },
    ],
    sets: [['additional_schedules'], ['policies'], ['schemas', '*', 'filters'], ...errorSets],
    defaults: [
      { path: ['normalize_names'], value: 'enabled' },
      { path: ['disable_record_timestamps'], value: false },
    ],
    freeMaps: [['source_configuration'], ['destination_configuration']],
    // Not documented, or in prose that does not say the value.
    liveWhenSilent: [
      ['active'],
      ['mode'],
      ['automatically_add_new_objects'],
      ['automatically_add_new_fields'],
    ],
    serverWhenSilent: bulkErrorsWhenSilent,
    writeOnly: [],
    instructions: [],
    literal: [['schemas', '*', 'filters', '*', 'value']],
  },
  immutable: [],
  secretPaths: [],
  levels: [
    { path: [], server: [...serverMade, 'schedule', 'discover'] },
    { path: ['default_schedule'], server: serverMade },
    { path: ['additional_schedules', '*'], server: serverMade },
    { path: ['schemas', '*'], server: madeOfSchemas },
    { path: ['schemas', '*', 'fields', '*'], server: madeOfFields },
    { path: ['schemas', '*', 'filters', '*'], server: [] },
  ],
  needsSchemasOf: 'source_connection_id',
  parts: [schemas, bulkErrorHandling],
  runs: {
    status: '/api/bulk/syncs/{id}/status',
    executions: '/api/bulk/syncs/{id}/executions',
    cancel: '/api/bulk/syncs/{id}/cancel',
    // `test` and a resync exclude each other (bulk start).
    body: ({ resync = false, test = false }) => ({
      ...(resync ? { resync_mode: 'resync' } : {}),
      ...(test ? { test } : {}),
    }),
    logs: { console: '/consolelog', files: '/logs', hold: 'anything' },
    schedules: ({ default_schedule: first, schedule, additional_schedules: more }) => [
      ...objectsIn([first ?? schedule ?? null]),
      ...objectsIn(more),
    ],
  },
  tables: bulkTables,
  hides: (document) =>
    items(document['schemas']).flatMap(({ fields }) =>
      items(fields).flatMap(({ id, obfuscate }) => (obfuscate === true ? [asText(id)] : [])),
    ),
  columns: bulkColumns,
  problems: () => [],
  aliases: [
    { path: ['schemas', '*', 'fields', '*'], alias: 'obfuscated', name: 'obfuscate' },
    { path: ['schemas', '*', 'filters', '*'], alias: 'field', name: 'field_id' },
  ],
  expand: (document) => spellSchedules(expandSchemas(document)),
  collapse: (document) => ({
    ...shortBulkErrors(collapseSchedules(collapseSchemas(shortPolicies(document)))),
    destination_configuration: document['destination_configuration'] ?? {},
  }),
  toWire,
  madeElsewhere: () => undefined,
  beside: besideSchemas,
  hidden: () => [],
  check: checkBulkSync,
  sensitive: () => [],
  fromLive: (raw) => {
    const { schemas: held, ...answer } = newerAnswer(raw);
    const newer = held === undefined ? answer : { ...answer, schemas: schemasFromLive(held) };
    const { document, masked } = openExtra(bulkSync, gatherExtra(bulkSync, newer));
    return {
      document: { ...unmadeSchedules(pick(document, kept)), ...bulkErrorsFromLive(document) },
      masked,
    };
  },
  complete,
  canonical: (document) => canonicalBulkErrors(canonicalSchedules(canonicalSchemas(document))) as JsonObject,
  preflight: { check: preflightBulkSync, shapes: false },
};
