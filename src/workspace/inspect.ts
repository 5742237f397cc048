/** Looking around in an organization: what connections hold, read step by step. Writes nothing. */
import { awaitJob } from '../api/calls.js';
import { createReader, type Reader } from '../api/client.js';
import { asking } from '../api/failure.js';
import {
  readSource,
  readSourceFields,
  readTargetObjects,
  type Chosen,
  type Level,
  type SourceField,
} from '../api/enumeration.js';
import { addressOf } from '../core/address.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { isJsonArray, isJsonObject, type JsonObject } from '../core/json.js';
import { didYouMean } from '../core/suggest.js';
import { asText, printable } from '../core/text.js';
import { endpointsOf } from '../kinds/endpoints.js';
import type { Kind } from '../kinds/kind.js';
import { model as sampled } from '../kinds/model.js';
import { addressIn, listObjects } from '../live/objects.js';
import type { Settings } from '../load/config.js';
import { load } from '../load/load.js';
import { openAccess } from './access.js';
import { checkPinned } from './organization.js';
import { openStore } from './stores.js';

/** A way into the organization that only reads. Throws `DiagnosticError`. */
export const readerFor = async (settings: Settings): Promise<Reader> => {
  const { options, caller } = await openAccess(settings, []);
  checkPinned(caller.organization, settings);
  return createReader(options);
};

/** An error of what was asked for. */
export const failure = (code: string, message: string, hint?: string): DiagnosticError =>
  new DiagnosticError([{ severity: 'error', code, message, ...(hint === undefined ? {} : { hint }) }]);

/** An error about an address that there is not, with the nearest of those that there are. */
export const unknownAddress = (address: string, known: readonly string[]): DiagnosticError =>
  failure(
    'unknown-address',
    `there is no ${printable(address)}`,
    didYouMean(address, known) ?? 'an address is KIND.KEY, e.g. model.customers',
  );

/** The live object that a word means: a manifest's key, a live name, or an id. */
export interface Found {
  readonly object: JsonObject;
  readonly id: string;
  readonly name: string;
  /** How a manifest may refer to it. */
  readonly reference: string | { readonly name: string };
}

/** Finds a connection or a model. Throws `DiagnosticError` with the nearest name. */
export const findObject = async (
  settings: Settings,
  reader: Reader,
  kind: Kind,
  word: string,
): Promise<Found> => {
  const what = kind.noun.one;
  const [{ desired }, state] = await Promise.all([
    load({ ...settings, withoutSecrets: true }),
    openStore(settings).read(),
  ]);
  const objects: JsonObject[] = [];
  await asking(`reading the list of ${kind.noun.many}`, async () =>
    listObjects(reader, kind, (object) => objects.push(object)),
  );
  const manifests = (desired?.resources ?? []).filter((resource) => resource.kind === kind.name);
  const idOfKey = (key: string): string | undefined => {
    const resource = manifests.find((each) => each.key === key);
    const bound = resource?.id ?? state.resources[addressOf(kind.name, key)]?.id;
    return (
      bound ??
      objects
        .filter(({ name }) => resource !== undefined && name === resource.document['name'])
        .map(({ id }) => asText(id))[0]
    );
  };
  const keyOf = (id: string): string | undefined => manifests.find(({ key }) => idOfKey(key) === id)?.key;
  const wanted = idOfKey(word);
  const matching = objects.filter(({ id, name }) =>
    wanted === undefined ? id === word || name === word : id === wanted,
  );
  const [object, second] = matching;
  if (object === undefined) {
    const manifest = manifests.some(({ key }) => key === word);
    throw failure(
      `unknown-${what}`,
      manifest ? `${what}.${printable(word)} does not live yet` : `there is no ${what} "${printable(word)}"`,
      manifest
        ? 'apply it first'
        : didYouMean(word, [...manifests.map(({ key }) => key), ...objects.map(({ name }) => asText(name))]),
    );
  }
  if (second !== undefined)
    throw failure(
      'ambiguous-name',
      `${matching.length} ${kind.noun.many} are called "${printable(word)}"`,
      `give the id of one: ${matching.map(({ id }) => asText(id)).join(', ')}`,
    );
  const id = asText(object['id']);
  const name = asText(object['name']);
  return { object, id, name, reference: keyOf(id) ?? { name } };
};

/** What stands at a place of a connection: the next choice, or the end of the way. */
export interface Step {
  /** What can be chosen here, by level. Empty at the end. */
  readonly choices: ReadonlyMap<string, Level>;
}

/** The step of a source below what was chosen. Throws `DiagnosticError`. */
export const sourceStep = async (reader: Reader, { id, name }: Found, chosen: Chosen): Promise<Step> =>
  asking(`reading the source "${name}"`, async () => {
    let way: Chosen = {};
    let levels = await readSource(reader, id, way);
    let required = levels.requires;
    for (const [level, value] of Object.entries(chosen)) {
      const at = levels.levels.get(level);
      if (!required.includes(level)) throw noStep(level, required);
      if (at?.items !== undefined && !at.items.includes(value)) throw noStep(value, at.items);
      way = { ...way, [level]: value };
      required = at?.requires ?? [];
      if (required.length > 0) levels = await readSource(reader, id, way);
    }
    return {
      choices: new Map(required.map((level) => [level, levels.levels.get(level) ?? { requires: [] }])),
    };
  });

/** Targets as a way down: tables have a schema before their name in every version, whatever its paths. */
export const targetStep = async (reader: Reader, { id, name }: Found, chosen: Chosen): Promise<Step> =>
  asking(`reading the targets of "${name}"`, async () => {
    const all = (await readTargetObjects(reader, id)).objects.map((object) => object.id);
    const inSchemas = all.length > 0 && all.every((object) => object.includes('.'));
    const { schema, object } = chosen;
    const strange = Object.keys(chosen).find((level) => !['schema', 'object'].includes(level));
    if (strange !== undefined) throw noStep(strange, inSchemas ? ['schema', 'object'] : ['object']);
    if (object !== undefined) {
      if (!all.includes(object)) throw noStep(object, all);
      return { choices: new Map() };
    }
    const schemas = [...new Set(all.map((each) => each.split('.')[0] ?? ''))];
    if (schema !== undefined && !schemas.includes(schema)) throw noStep(schema, schemas);
    return {
      choices: new Map<string, Level>([
        inSchemas && schema === undefined
          ? ['schema', { items: schemas, requires: ['object'] }]
          : [
              'object',
              {
                items: schema === undefined ? all : all.filter((each) => each.startsWith(`${schema}.`)),
                requires: [],
              },
            ],
      ]),
    };
  });

const noStep = (word: string, there: readonly string[]): DiagnosticError =>
  failure(
    'unknown-path',
    there.length === 0
      ? `nothing more is to be chosen, and the path says "${printable(word)}"`
      : `there is no "${printable(word)}" to choose`,
    didYouMean(word, there),
  );

/** Fields of a source, or undefined where only a model could tell. Throws `DiagnosticError`. */
export const fieldsOfSource = async (
  reader: Reader,
  { id, name }: Found,
  chosen: Chosen,
): Promise<readonly SourceField[] | undefined> =>
  asking(`reading the fields of "${name}"`, async () => readSourceFields(reader, id, chosen));

/** Records of a model, flat. Where the API makes a job of it, its end is awaited: by GET alone. */
export const sampleModel = async (
  reader: Reader,
  { id, name }: Pick<Found, 'id' | 'name'>,
  most: number,
): Promise<readonly JsonObject[]> =>
  asking(`reading a sample of model "${name}"`, async () => {
    const { one } = endpointsOf(sampled, reader.dialect);
    const path = `${addressIn(reader, sampled, id, one)}/sample`;
    const { data, job } = await reader.get(path, reader.dialect.modelJobs ? { async: 'true' } : undefined);
    const sample = isJsonObject(data) ? data : job === undefined ? undefined : await awaitJob(reader, job);
    const records = isJsonArray(sample?.['records']) ? sample['records'] : [];
    // Each record holds, by the id of the model or of its enricher, what these say of it.
    return records
      .filter(isJsonObject)
      .slice(0, most)
      .map((record) => Object.assign({}, ...Object.values(record).filter(isJsonObject)) as JsonObject);
  });
