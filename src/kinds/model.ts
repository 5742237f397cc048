/** Models: tables, views and queries of a connection. */
import schema from '../../schemas/model.schema.json' with { type: 'json' };
import { isJsonArray, isJsonObject, type Json, type JsonObject, objectsIn } from '../core/json.js';
import { isValueObject, type ValueObject } from '../core/secret.js';
import { preflightModel } from './model-preflight.js';
import { collection } from './endpoints.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Finding, Kind } from './kind.js';
import { modelTables } from './lineage.js';
import { modelPreview } from './model-preview.js';
import { policiesRule, shortPolicies } from './policies.js';
import { serverMade } from './server-made.js';
import { mapDocument, mapValue, pick, without } from './paths.js';
import { longField, shortField } from './short.js';

/** Ways to say what is read; a model has one of them, so a new one takes the place of the old. */
const sourceKeys = ['table', 'view', 'query', 'collection'];

/** A label is written as a string and read as an object whose shape is not documented. */
const labelText = (label: Json): readonly string[] => {
  if (typeof label === 'string') return [label];
  if (!isJsonObject(label)) return [];
  const text = label['name'] ?? label['label'] ?? label['value'];
  return typeof text === 'string' ? [text] : [];
};

const fromLive = (live: JsonObject): JsonObject => {
  const fields = objectsIn(live['fields']);
  const enricher = live['enricher'];
  return {
    ...pick(live, [
      'name',
      'connection_id',
      'configuration',
      'identifier',
      'tracking_columns',
      'relations',
      'policies',
      'extra',
    ]),
    // Fields are written as names and read as objects, those that users added among them.
    fields: fields.filter((field) => field['user_added'] !== true).map((field) => field['name'] ?? ''),
    additional_fields: fields
      .filter((field) => field['user_added'] === true)
      .map((field) => pick(field, ['name', 'label', 'type'])),
    labels: (isJsonArray(live['labels']) ? live['labels'] : []).flatMap(labelText),
    ...(isJsonObject(enricher)
      ? {
          enricher: pick(enricher, [
            'enricher_id',
            'connection_id',
            'configuration',
            'mappings',
            'fields',
            'extra',
          ]),
        }
      : {}),
  };
};

const complete = (desired: ValueObject, live: JsonObject | undefined): ValueObject => {
  const enricher = desired['enricher'];
  const liveEnricher = live?.['enricher'];
  const whole: ValueObject =
    isValueObject(enricher) && isJsonObject(liveEnricher) && liveEnricher['enricher_id'] !== undefined
      ? // An update that does not name the enricher would make another one.
        { ...desired, enricher: { ...enricher, enricher_id: liveEnricher['enricher_id'] } }
      : desired;
  const { configuration } = whole;
  if (!isValueObject(configuration)) return whole;
  const liveConfiguration = live?.['configuration'];
  if (!isJsonObject(liveConfiguration)) return whole;
  const chosen = sourceKeys.filter((key) => configuration[key] != null && configuration[key] !== '');
  if (chosen.length < 2) return whole;
  const old = chosen.filter((key) => configuration[key] === liveConfiguration[key]);
  return { ...whole, configuration: without(configuration, ...(old.length < chosen.length ? old : [])) };
};

const check = (document: ValueObject): readonly Finding[] => {
  const { configuration } = document;
  if (!isValueObject(configuration)) return [];
  const chosen = sourceKeys.filter((key) => configuration[key] != null);
  if (chosen.length < 2) return [];
  return [
    {
      severity: 'warning',
      code: 'two-sources',
      pointer: '/configuration',
      message: `the model says what to read in ${chosen.length} ways: ${chosen.join(', ')}`,
      hint: 'keep one of them',
    },
  ];
};

const canonical = (document: JsonObject): JsonObject => {
  const { enricher, additional_fields: additional } = document;
  return {
    ...document,
    ...(isJsonObject(enricher) ? { enricher: without(enricher, 'enricher_id') as JsonObject } : {}),
    // An example is text on the way in and any JSON on the way out.
    ...(isJsonArray(additional)
      ? { additional_fields: objectsIn(additional).map((field) => without(field, 'example') as JsonObject) }
      : {}),
  };
};

export const model: Kind = {
  name: 'Model',
  schema,
  noun: { one: 'model', many: 'models' },
  endpoints: collection('/api/models', (dialect) => (dialect.modelJobs ? { query: { async: 'true' } } : {})),
  identity: { fields: ['name'], unique: false },
  read: 'always',
  namesOrganization: true,
  references: [
    { path: [], name: 'connection', wire: 'connection_id', kind: 'Connection', way: 'reads' },
    { path: ['relations', '*', 'to'], name: 'model', wire: 'model_id', kind: 'Model', way: 'reads' },
    { path: ['enricher'], name: 'connection', wire: 'connection_id', kind: 'Connection', way: 'reads' },
    policiesRule,
  ],
  shape: {
    keyed: [{ path: ['additional_fields'], key: 'name' }],
    sets: [['fields'], ['tracking_columns'], ['labels'], ['policies'], ['relations']],
    defaults: [],
    freeMaps: [['configuration'], ['enricher', 'configuration']],
    liveWhenSilent: [['tracking_columns']],
    serverWhenSilent: [['fields'], ['enricher', 'fields']],
    writeOnly: [],
    instructions: [],
    literal: [],
  },
  immutable: [],
  secretPaths: [],
  levels: [
    { path: [], server: [...serverMade, 'type', 'version', 'enricher_id'] },
    { path: ['enricher'], server: ['enricher_id'] },
    { path: ['relations', '*'], server: [] },
  ],
  parts: [],
  tables: modelTables,
  preview: modelPreview,
  problems: () => [],
  aliases: [],
  expand: (document) => mapValue(document, ['relations', '*', 'to'], longField),
  collapse: (document) => ({
    ...mapValue(
      mapDocument(shortPolicies(document), ['enricher'], (own) => without(own, 'enricher_id', 'fields')),
      ['relations', '*', 'to'],
      shortField,
    ),
    configuration: document['configuration'] ?? {},
  }),
  madeElsewhere: () => undefined,
  hidden: () => [],
  check,
  sensitive: () => [],
  fromLive: (raw) => {
    const { document, masked } = openExtra(model, gatherExtra(model, raw));
    return { document: fromLive(document), masked };
  },
  complete,
  canonical,
  preflight: { check: preflightModel, shapes: true },
};
