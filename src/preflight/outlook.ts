/** What checks may ask, answered from the manifests, from what lives, and by reading. */
import { readBulkDestination, readReadySource } from '../api/bulk.js';
import type { JobOptions } from '../api/calls.js';
import type { Reader } from '../api/client.js';
import { readConnectionTypes, type ConnectionType } from '../api/connection-types.js';
import {
  readSource,
  readSourceFields,
  readTarget,
  readTargetObjects,
  type Chosen,
} from '../api/enumeration.js';
import { isMissing, isRefused } from '../api/failure.js';
import { addressOf, type Address } from '../core/address.js';
import { isJsonArray, isJsonObject, sortKeys, type Json, type JsonObject } from '../core/json.js';
import type { Value, ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { connection as connectionKind } from '../kinds/connection.js';
import type { Outlook, Refused } from '../kinds/preflight.js';
import type { Column } from '../kinds/preview.js';
import { parseReference } from '../kinds/reference.js';
import { readTypeSchema, type TypeCache } from '../live/type-cache.js';
import type { Live, LiveObject } from '../live/snapshot.js';
import { checkConfiguration } from './configuration.js';
import type { Questions } from './questions.js';

export interface World {
  readonly reader: Reader;
  readonly live: Live;
  /** Live objects of the manifests, by address. */
  readonly bound: ReadonlyMap<Address, LiveObject>;
  /** Whole documents of the manifests, by address. */
  readonly documents: ReadonlyMap<Address, ValueObject>;
  /** Those that come before the one at an address, though nothing refers to them. */
  readonly firstOf: (address: Address) => readonly ValueObject[];
  /** What will not answer as it does now, once the plan is applied. */
  readonly unsettled: ReadonlySet<Address>;
  /** Columns once the plan is applied, where a preview told them. */
  readonly previewed: ReadonlyMap<Address, readonly Column[]>;
  readonly types: TypeCache;
  readonly questions: Questions;
  /** How long schemas are waited for that the API is still reading. */
  readonly patience: JobOptions;
}

const NO_TYPE = 'no-type' as const;

/** The answer, or `instead` where the API says that there is no such thing. */
const orMissing = async <T, M>(read: () => Promise<T>, instead: M): Promise<T | M> => {
  try {
    return await read();
  } catch (error) {
    if (isMissing(error)) return instead;
    throw error;
  }
};

/** The answer, or why the API refuses it: not every connection can be an end of a bulk sync. */
const orRefused = async <T>(read: () => Promise<T>): Promise<T | Refused> => {
  try {
    return await read();
  } catch (error) {
    if (isRefused(error)) return { refused: error.failure.message };
    throw error;
  }
};

interface Found {
  readonly live?: LiveObject;
  readonly desired?: ValueObject;
  readonly previewed?: readonly Column[];
  readonly settled: boolean;
}

/** The outlook of one resource: what it asks is noted in its name. */
export const createOutlook = (world: World): ((asker: Address) => Outlook) => {
  const { reader, live, bound, documents, unsettled, types, questions, patience } = world;
  const addresses = new Map([...bound].map(([address, { id }]) => [id, address]));
  const byId = new Map(live.objects.map((object) => [`${object.kind} ${object.id}`, object]));

  const atAddress = (address: Address): Found => {
    const object = bound.get(address);
    const desired = documents.get(address);
    const previewed = world.previewed.get(address);
    return {
      ...(object === undefined ? {} : { live: object }),
      ...(desired === undefined ? {} : { desired }),
      ...(previewed === undefined ? {} : { previewed }),
      settled: !unsettled.has(address),
    };
  };
  const find = (kind: string, value: Value | undefined): Found | undefined => {
    const reference = parseReference(value);
    if (reference === undefined) return undefined;
    if (reference.to === 'key') return atAddress(addressOf(kind, reference.key));
    const object =
      reference.to === 'id'
        ? byId.get(`${kind} ${reference.id}`)
        : live.objects.find((each) => each.kind === kind && each.name === reference.name);
    if (object === undefined) return undefined;
    const address = addresses.get(object.id);
    return address === undefined ? { live: object, settled: true } : atAddress(address);
  };
  /** A connection that lives and stays as it is: one that is about to change cannot be asked yet. */
  const answering = (value: Value | undefined): LiveObject | undefined => {
    const found = find(connectionKind.name, value);
    return found?.settled === true ? found.live : undefined;
  };
  const typeOf = (value: Value | undefined): string => {
    const found = find(connectionKind.name, value);
    const type = found?.desired?.['type'] ?? found?.live?.value['type'];
    return isJsonObject(type) ? asText(type['id']) : asText(type);
  };

  /** Types whose schemas were spoken of. */
  const told = new Set<string>();

  const schemaOf = async (asker: Address, type: string): Promise<JsonObject | typeof NO_TYPE | undefined> =>
    questions.ask(asker, `for connection type "${type}"`, 'schema', async () =>
      orMissing(async () => readTypeSchema(reader, types, type), NO_TYPE as typeof NO_TYPE),
    );
  const allTypes = async (asker: Address): Promise<readonly ConnectionType[] | undefined> => {
    const kept = types.find('list');
    if (isJsonArray(kept)) return kept as unknown as readonly ConnectionType[];
    return questions.ask(asker, 'for the connection types', 'list', async () => {
      const all = await readConnectionTypes(reader);
      types.keep('list', all as unknown as Json);
      return all;
    });
  };

  return (asker) => {
    const ask = async <T>(
      connection: Value | undefined,
      question: string,
      answer: (id: string) => Promise<T>,
    ): Promise<T | undefined> => {
      const object = answering(connection);
      if (object === undefined) return undefined;
      return questions.ask(asker, `connection "${object.name}"`, question, async () => answer(object.id));
    };
    const key = (chosen: Chosen): string => JSON.stringify(sortKeys(chosen));
    return {
      neighbour: (kind, reference) => {
        const found = find(kind, reference);
        if (found === undefined) return undefined;
        const { live: object, desired, previewed } = found;
        return {
          ...(object === undefined ? {} : { live: object.value }),
          ...(desired === undefined ? {} : { desired }),
          ...(previewed === undefined ? {} : { previewed }),
        };
      },
      previewed: () => world.previewed.get(asker),
      first: () => world.firstOf(asker),
      idOf: (kind, reference) => find(kind, reference)?.live?.id,
      configuration: async (type, configuration) => {
        const schema = await schemaOf(asker, type);
        if (schema === undefined || schema === NO_TYPE) return schema;
        const facts = checkConfiguration(schema, configuration);
        if (facts === undefined || !told.has(type)) {
          told.add(type);
          return facts;
        }
        return { ...facts, strange: [] };
      },
      capabilities: async (connection) => {
        const type = typeOf(connection);
        if (type === '') return undefined;
        return (await allTypes(asker))?.find(({ id }) => id === type)?.capabilities;
      },
      source: async (connection, chosen) =>
        ask(connection, `source ${key(chosen)}`, async (id) => readSource(reader, id, chosen)),
      sourceFields: async (connection, chosen) =>
        ask(connection, `source fields ${key(chosen)}`, async (id) =>
          orMissing(async () => readSourceFields(reader, id, chosen), undefined),
        ),
      target: async (connection, object, refresh = false) =>
        refresh && !reader.dialect.enumeration.refreshesFields
          ? undefined
          : ask(connection, `target ${object} ${refresh ? 'anew' : ''}`, async (id) =>
              orMissing(async () => readTarget(reader, id, object, refresh), 'missing' as const),
            ),
      targetObjects: async (connection) =>
        ask(connection, 'target objects', async (id) => readTargetObjects(reader, id)),
      bulkSource: async (connection, withFields) =>
        ask(connection, `bulk source ${withFields ? 'with fields' : ''}`, async (id) =>
          orRefused(async () => readReadySource(reader, id, withFields, patience)),
        ),
      bulkDestination: async (connection) =>
        ask(connection, 'bulk destination', async (id) =>
          orRefused(async () => readBulkDestination(reader, id)),
        ),
      bulk: reader.dialect.bulk,
      syncForms: reader.dialect.syncForms,
    };
  };
};
