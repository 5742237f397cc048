/** Syncs: records of models, written to an object of a target connection. */
import schema from '../../schemas/sync.schema.json' with { type: 'json' };
import { isJsonArray, isJsonObject, type JsonObject, parseJson, objectsIn } from '../core/json.js';
import type { Value, ValueObject } from '../core/secret.js';
import { preflightSync } from './sync-preflight.js';
import { collection } from './endpoints.js';
import { syncColumns } from './columns.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Kind } from './kind.js';
import { syncTables } from './lineage.js';
import { policiesRule, shortPolicies } from './policies.js';
import { serverMade } from './server-made.js';
import { items, mapDocument, mapValue, pick, without } from './paths.js';
import { canonicalSchedule } from './schedule.js';
import { checkSync } from './sync-check.js';
import { syncEffects, syncHides } from './sync-effects.js';
import {
  canonicalErrors,
  errorHandling,
  errorSets,
  errorsFromLive,
  errorsWhenSilent,
} from './sync-errors.js';
import { canonicalFilters, completeFilters, filtersFromLive, groups } from './sync-filters.js';
import { olderForms, toWire, upgrade } from './sync-forms.js';
import { canonicalIdentities, completeIdentities, identitiesFromLive } from './sync-identities.js';
import { problemsOf } from './sync-problems.js';
import { collapse, spell } from './sync-short.js';
import { rewriteFilters } from './sync-upgrade.js';

/** What the server answers as the model of a constant, which has none. */
const NO_MODEL = '00000000-0000-0000-0000-000000000000';

/** The server merges `override_fields` into `fields`: a constant without a source was one of those. */
const isOverrideField = ({ override_value: value, source: from }: JsonObject): boolean =>
  typeof value === 'string' &&
  value !== '' &&
  (!isJsonObject(from) || !from['model_id'] || from['model_id'] === NO_MODEL);

const kept = [
  'name',
  'mode',
  'active',
  'overrides',
  'schedule',
  'only_enrich_updates',
  'skip_initial_backfill',
  'sync_all_records',
  'policies',
  'extra',
];

const fromLive = (live: JsonObject): JsonObject => {
  const fields = objectsIn(live['fields']);
  const { target } = live;
  return {
    ...pick(live, kept),
    fields: fields.filter((field) => !isOverrideField(field)),
    override_fields: [...fields.filter(isOverrideField), ...objectsIn(live['override_fields'])].map(
      (field) => without(field, 'source') as JsonObject,
    ),
    ...identitiesFromLive(live),
    ...filtersFromLive(live),
    ...errorsFromLive(live),
    ...(isJsonObject(target)
      ? { target: pick(target, ['connection_id', 'object', 'configuration', 'extra']) }
      : {}),
  };
};

const isEncrypted = (live: JsonObject): boolean =>
  objectsIn(live['fields']).some((field) => field['encryption_enabled'] === true);

const targetsOf = (value: Value | undefined): ReadonlySet<Value | undefined> =>
  new Set(items(value).map(({ target }) => target));

/** Asks for what does not exist yet, and for nothing a second time. */
const complete = (given: ValueObject, live: JsonObject | undefined): ValueObject => {
  const desired = upgrade(given);
  if (live === undefined) return desired;
  const there = targetsOf(live['fields']);
  const constants = targetsOf(live['override_fields']);
  const { target } = live;
  const askOnce = (made: ReadonlySet<Value | undefined>) => (field: ValueObject) =>
    made.has(field['target']) ? without(field, 'new') : field;
  let whole = mapDocument(desired, ['fields', '*'], askOnce(there));
  whole = mapDocument(whole, ['override_fields', '*'], askOnce(constants));
  whole = mapDocument(whole, ['target'], (own) =>
    isJsonObject(target) && target['object'] != null ? without(own, 'create', 'new_name') : own,
  );
  whole = completeFilters(completeIdentities(whole, live), live);
  return mapDocument(whole, ['overrides', '*'], (own) => withField(own, objectsIn(live['overrides'])));
};

/** A field that the manifest names by its id alone gets the name that the server knows it by. */
const withField = (own: ValueObject, live: readonly JsonObject[]): ValueObject => {
  if (own['field'] !== undefined || own['field_id'] === undefined) return own;
  const same = live.find(({ field_id, field }) => field_id === own['field_id'] && isJsonObject(field));
  return same?.['field'] == null ? own : { ...own, field: same['field'] };
};

/** Text that is JSON and the JSON itself are answered one for the other. */
const anyJson = (value: Value): Value => {
  if (typeof value !== 'string') return value;
  try {
    return parseJson(value);
  } catch {
    return value;
  }
};

const canonicalCondition = (condition: ValueObject): ValueObject => {
  const isNamed = condition['field'] !== undefined || condition['source'] !== undefined;
  const bare = without(condition, 'label', ...(isNamed ? ['field_id'] : []));
  return ['value', 'override'].reduce((whole, name) => mapValue(whole, [name], anyJson), bare);
};

/** Lists of conditions. */
const conditions = [...groups.map((group) => [group, 'conditions', '*']), ['overrides', '*']];

const canonical = (given: JsonObject): JsonObject => {
  const document = upgrade(given);
  const { mode } = document;
  const field = (own: ValueObject): ValueObject =>
    without(
      own,
      'new',
      // A field's mode defaults to updateOrCreate, says one source, or to the sync's, says another.
      ...(own['sync_mode'] === 'updateOrCreate' || own['sync_mode'] === mode ? ['sync_mode'] : []),
      ...(own['encryption_enabled'] === false ? ['encryption_enabled'] : []),
    );
  let form = canonicalErrors(canonicalFilters(canonicalIdentities(document)));
  for (const list of ['fields', 'override_fields']) form = mapDocument(form, [list, '*'], field);
  for (const path of conditions) form = mapDocument(form, path, canonicalCondition);
  form = mapDocument(form, ['target'], (own) => without(own, 'create', 'new_name'));
  const { schedule } = form;
  // No schedule at all, and an empty one, are one that nobody but a person starts.
  return { ...form, schedule: canonicalSchedule(isJsonObject(schedule) ? schedule : {}) };
};

export const sync: Kind = {
  name: 'Sync',
  schema,
  noun: { one: 'sync', many: 'syncs' },
  endpoints: collection('/api/syncs', ({ syncList }) => ({ lists: syncList })),
  identity: { fields: ['name'], unique: false },
  read: 'always',
  references: [
    { path: ['target'], name: 'connection', wire: 'connection_id', kind: 'Connection', way: 'writes' },
    { path: ['fields', '*', 'source'], name: 'model', wire: 'model_id', kind: 'Model', way: 'reads' },
    { path: ['identity', 'source'], name: 'model', wire: 'model_id', kind: 'Model', way: 'reads' },
    {
      path: ['identities', 'mappings', '*', 'source'],
      name: 'model',
      wire: 'model_id',
      kind: 'Model',
      way: 'reads',
    },
    { path: ['filters', '*', 'field'], name: 'model', wire: 'model_id', kind: 'Model', way: 'reads' },
    {
      path: ['model_filters', 'conditions', '*', 'source'],
      name: 'model',
      wire: 'model_id',
      kind: 'Model',
      way: 'reads',
    },
    {
      path: ['target_filters', 'conditions', '*', 'value_source'],
      name: 'model',
      wire: 'model_id',
      kind: 'Model',
      way: 'reads',
    },
    { path: ['overrides', '*', 'field'], name: 'model', wire: 'model_id', kind: 'Model', way: 'reads' },
    { path: ['schedule'], name: 'connection', wire: 'connection_id', kind: 'Connection' },
    {
      path: ['schedule', 'run_after'],
      name: 'syncs',
      wire: 'sync_ids',
      kind: 'Sync',
      list: true,
      way: 'runs after',
    },
    {
      path: ['schedule', 'run_after'],
      name: 'bulk_syncs',
      wire: 'bulk_sync_ids',
      kind: 'BulkSync',
      list: true,
      way: 'runs after',
    },
    policiesRule,
  ],
  shape: {
    keyed: [
      { path: ['fields'], key: 'target' },
      { path: ['override_fields'], key: 'target' },
    ],
    sets: [
      ['overrides'],
      ['policies'],
      ['schedule', 'run_after', 'syncs'],
      ['schedule', 'run_after', 'bulk_syncs'],
      ...errorSets,
    ],
    defaults: [
      { path: ['only_enrich_updates'], value: false },
      { path: ['skip_initial_backfill'], value: false },
      { path: ['sync_all_records'], value: false },
    ],
    freeMaps: [['target', 'configuration']],
    // Whether an absent `active` switches a sync off is not documented; nobody wants to find out that way.
    liveWhenSilent: [['active'], ['target', 'object']],
    serverWhenSilent: errorsWhenSilent,
    writeOnly: [['encryption_passphrase']],
    instructions: [],
    literal: [
      ['filters', '*', 'value'],
      ...groups.map((group) => [group, 'conditions', '*', 'value']),
      ['overrides', '*', 'value'],
      ['overrides', '*', 'override'],
      ['override_fields', '*', 'override_value'],
    ],
  },
  immutable: [],
  secretPaths: [['encryption_passphrase']],
  levels: [
    {
      path: [],
      // A list tells the target in short.
      server: [...serverMade, 'model_ids', 'problems', 'target_connection_id', 'target_object'],
    },
    { path: ['target'], server: ['search_values'] },
    { path: ['fields', '*'], server: [] },
    { path: ['override_fields', '*'], server: [] },
    { path: ['identity'], server: [] },
    { path: ['identities'], server: [] },
    { path: ['identities', 'mappings', '*'], server: [] },
    { path: ['filters', '*'], server: ['value_field'] },
    ...groups.flatMap((group) => [
      { path: [group], server: [] },
      { path: [group, 'conditions', '*'], server: [] },
    ]),
    { path: ['overrides', '*'], server: [] },
    { path: ['schedule'], server: [] },
  ],
  parts: [errorHandling],
  runs: {
    status: '/api/syncs/{id}/status',
    executions: '/api/syncs/{id}/executions',
    cancel: '/api/syncs/{id}/cancel',
    body: ({ resync = false, test = false }) => ({
      ...(resync ? { resync } : {}),
      ...(test ? { test } : {}),
    }),
    logs: { console: '/consolelog', files: '/errors', hold: 'errors' },
    schedules: ({ schedule }) => objectsIn([schedule ?? null]),
  },
  tables: syncTables,
  effects: syncEffects,
  hides: syncHides,
  columns: syncColumns,
  // A list tells the target in short, and models by their ids (api.md, ListSyncItem).
  outline: ({
    target,
    fields,
    target_connection_id: connection,
    target_object: object,
    model_ids: ids,
    ...rest
  }) => ({
    ...rest,
    target: target ?? { connection_id: connection ?? null, object: object ?? null },
    fields: fields ?? (isJsonArray(ids) ? ids : []).map((id) => ({ source: { model_id: id } })),
  }),
  problems: problemsOf,
  olderForms: { ...olderForms, rewrite: rewriteFilters },
  aliases: [
    { path: ['filters', '*'], alias: 'source', name: 'field' },
    { path: ['overrides', '*'], alias: 'source', name: 'field' },
  ],
  expand: (document) => upgrade(spell(document)),
  collapse: (document) => collapse(shortPolicies(document)),
  toWire,
  madeElsewhere: () => undefined,
  hidden: (live) =>
    isEncrypted(live) ? ['encryption_passphrase is not answered: write ${secret:NAME} to set it.'] : [],
  check: checkSync,
  sensitive: ({ encryption_passphrase: passphrase }) =>
    typeof passphrase === 'string' && passphrase !== '' ? ['/encryption_passphrase'] : [],
  fromLive: (raw) => {
    const { document: live, masked } = openExtra(sync, gatherExtra(sync, raw));
    return {
      document: fromLive(live),
      masked,
      ...(isEncrypted(live) ? { unseen: ['/encryption_passphrase'] } : {}),
    };
  },
  complete,
  canonical,
  preflight: { check: preflightSync, shapes: false },
};
