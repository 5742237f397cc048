/** Syncs: records of models, written to an object of a target connection. */
import schema from '../../schemas/sync.schema.json' with { type: 'json' };
import { isJsonArray, isJsonObject, type Json, type JsonObject, parseJson } from '../core/json.js';
import { isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { preflightSync } from './sync-preflight.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Kind } from './kind.js';
import { serverMade } from './server-made.js';
import { mapDocument, mapValue, pick, without } from './paths.js';
import { canonicalSchedule, clockNumbers, clockText } from './schedule.js';
import { longField, shortField } from './short.js';
import { checkSync } from './sync-check.js';

/** What the server answers as the model of a constant, which has none. */
const NO_MODEL = '00000000-0000-0000-0000-000000000000';

const sources = [
  ['fields', '*', 'source'],
  ['identity', 'source'],
  ['filters', '*', 'field'],
  ['overrides', '*', 'field'],
];

const expand = (document: ValueObject): ValueObject =>
  mapValue(
    sources.reduce((whole, path) => mapValue(whole, path, longField), document),
    ['schedule'],
    clockText,
  );

/** Functions that compare with nothing. */
const unary: ReadonlySet<Value | undefined> = new Set(['IsNull', 'IsNotNull', 'True', 'False']);

const shortCondition = (own: ValueObject): ValueObject =>
  without(
    own,
    'label',
    ...(own['field'] === undefined ? [] : ['field_id']),
    ...(own['field_type'] === 'Model' ? ['field_type'] : []),
    ...(own['value'] == null || (unary.has(own['function']) && own['value'] === '') ? ['value'] : []),
  );

const collapse = (document: ValueObject): ValueObject => {
  const { mode, schedule } = document;
  const field = (own: ValueObject): ValueObject =>
    without(
      own,
      ...['new', 'encryption_enabled'].filter((name) => own[name] === false),
      ...(own['sync_mode'] === 'updateOrCreate' || own['sync_mode'] === mode ? ['sync_mode'] : []),
    );
  let short = sources.reduce((whole, path) => mapValue(whole, path, shortField), document);
  for (const list of ['fields', 'override_fields']) short = mapDocument(short, [list, '*'], field);
  for (const list of ['filters', 'overrides']) short = mapDocument(short, [list, '*'], shortCondition);
  short = mapDocument(short, ['identity'], (own) => without(own, 'new_field'));
  if (isPlainAnd(short['filter_logic'] as Json | undefined, short['filters'] as Json | undefined))
    short = without(short, 'filter_logic');
  return {
    ...short,
    fields: short['fields'] ?? [],
    schedule: clockNumbers(canonicalSchedule(isJsonObject(schedule) ? schedule : {})),
  };
};

const objects = (value: Json | undefined): readonly JsonObject[] =>
  isJsonArray(value) ? value.filter(isJsonObject) : [];

/** The server merges `override_fields` into `fields`: a constant without a source was one of those. */
const isOverrideField = ({ override_value: value, source: from }: JsonObject): boolean =>
  typeof value === 'string' &&
  value !== '' &&
  (!isJsonObject(from) || !from['model_id'] || from['model_id'] === NO_MODEL);

/** `A` before `B` before `AA`: the server letters the filters by their position. */
const byLabel = ({ label: a }: JsonObject, { label: b }: JsonObject): number => {
  const [left, right] = [typeof a === 'string' ? a : '', typeof b === 'string' ? b : ''];
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
};

const kept = [
  'name',
  'mode',
  'active',
  'identity',
  'filter_logic',
  'overrides',
  'schedule',
  'only_enrich_updates',
  'skip_initial_backfill',
  'sync_all_records',
  'policies',
  'extra',
];

const fromLive = (live: JsonObject): JsonObject => {
  const fields = objects(live['fields']);
  const { target } = live;
  return {
    ...pick(live, kept),
    fields: fields.filter((field) => !isOverrideField(field)),
    override_fields: [...fields.filter(isOverrideField), ...objects(live['override_fields'])].map(
      (field) => without(field, 'source') as JsonObject,
    ),
    filters: [...objects(live['filters'])]
      .sort(byLabel)
      .map((filter) => without(filter, 'label') as JsonObject),
    ...(isJsonObject(target)
      ? { target: pick(target, ['connection_id', 'object', 'configuration', 'filter_logic', 'extra']) }
      : {}),
  };
};

/** A condition may compare with another field, which the older form has no words for. */
const comparesFields = (value: Json): boolean =>
  isJsonObject(value) && objects(value['conditions']).some((each) => each['value_source'] != null);

const isEncrypted = (live: JsonObject): boolean =>
  objects(live['fields']).some((field) => field['encryption_enabled'] === true);

const items = (value: Value | undefined): readonly ValueObject[] =>
  isValueArray(value) ? value.filter(isValueObject) : [];

const targetsOf = (value: Value | undefined): ReadonlySet<Value | undefined> =>
  new Set(items(value).map(({ target }) => target));

/** Asks for what does not exist yet, and for nothing a second time. */
const complete = (desired: ValueObject, live: JsonObject | undefined): ValueObject => {
  if (live === undefined) return desired;
  const there = targetsOf(live['fields']);
  const constants = targetsOf(live['override_fields']);
  const { identity, target } = live;
  const askOnce = (made: ReadonlySet<Value | undefined>) => (field: ValueObject) =>
    made.has(field['target']) ? without(field, 'new') : field;
  let whole = mapDocument(desired, ['fields', '*'], askOnce(there));
  whole = mapDocument(whole, ['override_fields', '*'], askOnce(constants));
  whole = mapDocument(whole, ['identity'], (own) =>
    isJsonObject(identity) && identity['target'] === own['target'] ? without(own, 'new_field') : own,
  );
  whole = mapDocument(whole, ['target'], (own) =>
    isJsonObject(target) && target['object'] != null ? without(own, 'create', 'new_name') : own,
  );
  for (const list of ['filters', 'overrides'])
    whole = mapDocument(whole, [list, '*'], (own) => withField(own, objects(live[list])));
  return whole;
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

const canonicalFilter = (filter: ValueObject): ValueObject => {
  const named = filter['field'] === undefined ? filter : without(filter, 'field_id');
  const bare = without(named, 'label', ...(named['field_type'] === 'Model' ? ['field_type'] : []));
  return ['value', 'override'].reduce((whole, name) => mapValue(whole, [name], anyJson), bare);
};

/** `A AND B AND C` over all filters is what no logic at all means. */
const isPlainAnd = (logic: Json | undefined, filters: Json | undefined): boolean =>
  typeof logic === 'string' &&
  isJsonArray(filters) &&
  logic.replaceAll(/\s+/g, ' ').trim().toUpperCase() ===
    filters.map((_, index) => String.fromCharCode(65 + index)).join(' AND ');

const canonical = (document: JsonObject): JsonObject => {
  const { mode } = document;
  const field = (own: ValueObject): ValueObject =>
    without(
      own,
      'new',
      // A field's mode defaults to updateOrCreate, says one source, or to the sync's, says another.
      ...(own['sync_mode'] === 'updateOrCreate' || own['sync_mode'] === mode ? ['sync_mode'] : []),
      ...(own['encryption_enabled'] === false ? ['encryption_enabled'] : []),
    );
  let form: ValueObject = isPlainAnd(document['filter_logic'], document['filters'])
    ? without(document, 'filter_logic')
    : document;
  for (const list of ['fields', 'override_fields']) form = mapDocument(form, [list, '*'], field);
  for (const list of ['filters', 'overrides']) form = mapDocument(form, [list, '*'], canonicalFilter);
  form = mapDocument(form, ['identity'], (own) => without(own, 'new_field'));
  form = mapDocument(form, ['target'], (own) => without(own, 'create', 'new_name'));
  const { schedule } = form;
  // No schedule at all, and an empty one, are one that nobody but a person starts.
  return { ...form, schedule: canonicalSchedule(isJsonObject(schedule) ? schedule : {}) };
};

export const sync: Kind = {
  name: 'Sync',
  schema,
  collection: '/api/syncs',
  uniqueNames: false,
  references: [
    { path: ['target'], name: 'connection', wire: 'connection_id', kind: 'Connection' },
    { path: ['fields', '*', 'source'], name: 'model', wire: 'model_id', kind: 'Model' },
    { path: ['identity', 'source'], name: 'model', wire: 'model_id', kind: 'Model' },
    { path: ['filters', '*', 'field'], name: 'model', wire: 'model_id', kind: 'Model' },
    { path: ['overrides', '*', 'field'], name: 'model', wire: 'model_id', kind: 'Model' },
    { path: ['schedule'], name: 'connection', wire: 'connection_id', kind: 'Connection' },
    { path: ['schedule', 'run_after'], name: 'syncs', wire: 'sync_ids', kind: 'Sync', list: true },
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
      ['schedule', 'run_after', 'bulk_sync_ids'],
    ],
    defaults: [
      { path: ['only_enrich_updates'], value: false },
      { path: ['skip_initial_backfill'], value: false },
      { path: ['sync_all_records'], value: false },
    ],
    freeMaps: [['target', 'configuration']],
    // Whether an absent `active` switches a sync off is not documented; nobody wants to find out that way.
    liveWhenSilent: [['active'], ['identity', 'remote_field_type_id'], ['target', 'object']],
    serverWhenSilent: [],
    writeOnly: [['encryption_passphrase']],
    instructions: [],
    literal: [
      ['filters', '*', 'value'],
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
    { path: ['filters', '*'], server: [] },
    { path: ['overrides', '*'], server: [] },
    { path: ['schedule'], server: [] },
  ],
  // Newer answers hold these beside the fields that say the same.
  otherForms: [
    {
      name: 'identities',
      of: [['identity']],
      saysMore: (value) => isJsonObject(value) && objects(value['mappings']).length > 1,
    },
    { name: 'model_filters', of: [['filters'], ['filter_logic']], saysMore: comparesFields },
    { name: 'target_filters', of: [['filters'], ['target', 'filter_logic']], saysMore: comparesFields },
  ],
  aliases: [
    { path: ['filters', '*'], alias: 'source', name: 'field' },
    { path: ['overrides', '*'], alias: 'source', name: 'field' },
  ],
  expand,
  collapse,
  madeElsewhere: () => undefined,
  hidden: (live) =>
    isEncrypted(live) ? ['encryption_passphrase is not answered: write ${secret:NAME} to set it.'] : [],
  check: checkSync,
  sensitive: ({ encryption_passphrase: passphrase }) =>
    typeof passphrase === 'string' && passphrase !== '' ? ['/encryption_passphrase'] : [],
  listsWhole: (dialect) => dialect.syncList === 'whole',
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
  writeQuery: () => ({}),
  preflight: { check: preflightSync, shapes: false },
};
