/** A model against its source: that what it reads exists, and that the fields it names are real. */
import type { Chosen, SourceField } from '../api/enumeration.js';
import { sourceFieldsOf } from '../api/enumeration.js';
import { isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { escapePointer, isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { didYouMean } from '../core/suggest.js';
import { asText } from '../core/text.js';
import type { Finding } from './kind.js';
import { items } from './paths.js';
import { finding, unknownName, type Neighbour, type Outlook } from './preflight.js';

/** Levels of a source, one below the other; no system known has more than three. */
const DEEPEST = 6;

interface Way {
  /** Absent where the source cannot be told: a query, a name that is not listed. */
  readonly chosen?: Chosen;
  readonly findings: readonly Finding[];
}

/** Follows a configuration down the levels of its source. A query is never sent. */
const walk = async (
  connection: Value | undefined,
  configuration: ValueObject,
  outlook: Outlook,
): Promise<Way> => {
  let chosen: Chosen = {};
  let levels = await outlook.source(connection, chosen);
  let required = levels?.requires ?? [];
  for (let depth = 0; depth < DEEPEST && levels !== undefined; depth += 1) {
    if (required.length === 0) return { chosen, findings: [] };
    const level = required.find((name) => configuration[name] != null && configuration[name] !== '');
    if (level === undefined) return { findings: [noSource(required, configuration)] };
    const value = asText(configuration[level]);
    const { items, requires = [] } = levels.levels.get(level) ?? {};
    // What is not listed is free text; only names of a list are ever sent back.
    if (items === undefined) return { findings: [] };
    if (!items.includes(value))
      return {
        findings: [
          unknownName(
            'warning',
            'unknown-source',
            `/configuration/${escapePointer(level)}`,
            `the connection lists no ${level} "${value}"`,
            value,
            items,
          ),
        ],
      };
    chosen = { ...chosen, [level]: value };
    if (requires.length === 0) return { chosen, findings: [] };
    levels = await outlook.source(connection, chosen);
    required = requires;
  }
  return { findings: [] };
};

const noSource = (required: readonly string[], configuration: ValueObject): Finding =>
  finding(
    'warning',
    'missing-source',
    '/configuration',
    `the configuration names none of ${required.join(', ')}`,
    Object.keys(configuration)
      .map((name) => didYouMean(name, required))
      .find((hint) => hint?.startsWith('did you mean') === true) ?? `add ${required.join(': … or ')}: …`,
  );

const texts = (value: Value | undefined): readonly string[] =>
  isValueArray(value) ? value.flatMap((item) => (typeof item === 'string' ? [item] : [])) : [];

const plain = (name: string, type = ''): SourceField => ({ name, label: name, type, unique: false });

const added = (document: ValueObject): readonly SourceField[] =>
  items(document['additional_fields']).map(({ name, type }) => plain(asText(name), asText(type)));

const byLive = (live: JsonObject): readonly SourceField[] => [
  ...sourceFieldsOf(live['fields']),
  ...(isJsonObject(live['enricher']) ? sourceFieldsOf(live['enricher']['fields']) : []),
];

/** Whether the configuration that lives is the one that is wanted: empty values do not count. */
const readsTheSame = (desired: ValueObject, live: JsonObject): boolean => {
  const clean = (value: Value | undefined): Json =>
    Object.fromEntries(
      Object.entries(isValueObject(value) ? value : {}).filter(([, item]) => item !== null && item !== ''),
    ) as Json;
  return jsonEqual(clean(desired['configuration']), clean(live['configuration']));
};

/** The columns that a model's source has now, or undefined where only a job could tell. */
const columnsOf = async (
  document: ValueObject,
  outlook: Outlook,
): Promise<readonly SourceField[] | undefined> => {
  const { connection, configuration } = document;
  if (!isValueObject(configuration)) return undefined;
  const { chosen } = await walk(connection, configuration, outlook);
  return chosen === undefined ? undefined : outlook.sourceFields(connection, chosen);
};

export interface ModelField extends SourceField {
  /** The model has it, and its source has it no more. */
  readonly gone: boolean;
}

/** Finds the field that a `{model, field}` names: undefined where it cannot be known. */
export type FieldOf = (source: Value | undefined) => Promise<ModelField | 'missing' | undefined>;

/** The fields that a model has once the plan is applied, or undefined where they cannot be known. */
export const modelFields = async (
  { live, desired, previewed }: Neighbour,
  outlook: Outlook,
): Promise<readonly ModelField[] | undefined> => {
  const there = (fields: readonly SourceField[]): readonly ModelField[] =>
    fields.map((field) => ({ ...field, gone: false }));
  if (desired === undefined) return live === undefined ? undefined : there(byLive(live));
  const columns = await columnsOf(desired, outlook);
  const listed = columns === undefined ? undefined : new Set(columns.map(({ name }) => name));
  if (previewed !== undefined)
    return previewed.map(({ of, example: _, ...field }) => ({
      ...field,
      gone: of === 'source' && listed !== undefined && !listed.has(field.name),
    }));
  const same = live !== undefined && readsTheSame(desired, live);
  const typed = new Map(
    [...(same ? byLive(live) : []), ...(columns ?? [])].map((field) => [field.name, field]),
  );
  const wanted = texts(desired['fields']);
  // What an enricher that is not there yet adds is not known.
  const enriched = isValueObject(desired['enricher']);
  if (enriched && !same) return undefined;
  const extra =
    enriched && isJsonObject(live?.['enricher']) ? sourceFieldsOf(live['enricher']['fields']) : [];
  const own =
    wanted.length > 0
      ? wanted.map((name) => typed.get(name) ?? plain(name))
      : same
        ? sourceFieldsOf(live['fields'])
        : columns;
  if (own === undefined) return undefined;
  const more = added(desired);
  const byHand = new Set(more.map(({ name }) => name));
  return [
    ...own.map((field) => ({
      ...field,
      gone: listed !== undefined && !listed.has(field.name) && !byHand.has(field.name),
    })),
    ...there([...more, ...extra]),
  ];
};

export const preflightModel = async (
  document: ValueObject,
  outlook: Outlook,
  live: JsonObject | undefined,
): Promise<readonly Finding[]> => {
  const { connection, configuration, enricher } = document;
  const findings: Finding[] = [];
  if ((await outlook.capabilities(connection))?.source === false)
    return [
      finding(
        'error',
        'no-source',
        '/connection',
        'the connection is of a type that models cannot read from',
      ),
    ];
  if (isValueObject(enricher) && (await outlook.capabilities(enricher['connection']))?.enrichment === false)
    findings.push(
      finding(
        'error',
        'no-enrichment',
        '/enricher/connection',
        'the connection is of a type that cannot enrich a model',
      ),
    );
  const way = isValueObject(configuration)
    ? await walk(connection, configuration, outlook)
    : { findings: [] as readonly Finding[] };
  findings.push(...way.findings);
  const columns = await columnsOf(document, outlook);
  // A query tells its columns by the fields of the model, live or previewed, where all of them were taken.
  const ofQuery = (): readonly SourceField[] | undefined =>
    outlook.previewed() ?? (live !== undefined && readsTheSame(document, live) ? byLive(live) : undefined);
  const known = columns ?? (texts(document['fields']).length === 0 ? ofQuery() : undefined);
  if (known !== undefined) findings.push(...fieldFindings(document, known));
  for (const [index, { to }] of items(document['relations']).entries()) {
    if (!isValueObject(to)) continue;
    const neighbour = outlook.neighbour('Model', to['model']);
    const others = neighbour === undefined ? undefined : await modelFields(neighbour, outlook);
    const name = asText(to['field']);
    if (others !== undefined && !others.some((field) => field.name === name))
      findings.push(
        unknownName(
          'warning',
          'unknown-field',
          `/relations/${index}/to/field`,
          `the other model has no field "${name}"`,
          name,
          others.map((field) => field.name),
        ),
      );
  }
  return findings;
};

/** The names of fields that a model gives, with where they stand. */
const fieldFindings = (document: ValueObject, columns: readonly SourceField[]): readonly Finding[] => {
  const own = columns.map(({ name }) => name);
  const all = [...own, ...added(document).map(({ name }) => name)];
  const { identifier } = document;
  const named: readonly (readonly [string, string, readonly string[]])[] = [
    ...(typeof identifier === 'string' && identifier !== ''
      ? [['/identifier', identifier, all] as const]
      : []),
    ...texts(document['fields']).map((name, index) => [`/fields/${index}`, name, own] as const),
    ...texts(document['tracking_columns']).map(
      (name, index) => [`/tracking_columns/${index}`, name, own] as const,
    ),
    ...items(document['relations']).map(
      ({ from }, index) => [`/relations/${index}/from`, asText(from), all] as const,
    ),
  ];
  return named
    .filter(([, name, candidates]) => !candidates.includes(name))
    .map(([pointer, name, candidates]) =>
      unknownName('warning', 'unknown-field', pointer, `the source has no field "${name}"`, name, candidates),
    );
};
