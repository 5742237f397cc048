/** What stands in a sandbox, the same text for two that cannot be told apart: ids by names, no times, no order. */
import {
  byCodeUnit,
  canonicalJson,
  isJsonArray,
  isJsonObject,
  objectsIn,
  parseJson,
  type Json,
  type JsonObject,
} from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';
import type { Stored } from '../../src/sandbox/index.js';
import type { Workbench } from './workbench.js';

export type Standing = Readonly<Record<string, readonly string[]>>;

const named = [
  'roles',
  'policies',
  'users',
  'webhooks',
  'connections',
  'models',
  'syncs',
  'bulkSyncs',
] as const;

/** What hangs on another object, which may be gone: the last part of their ids is left out. */
const hanging = ['errorHandling', 'bulkSchemas', 'sources', 'settings'] as const;

/** Settings of which none says anything, which are the same as none. */
const isSilent = ({ id: _, ...settings }: Stored): boolean =>
  Object.values(settings).every(
    (value) => value === null || value === false || (isJsonArray(value) && value.length === 0),
  );

/** Who changed something when, and what is counted on the way. */
const passing = /^(created|updated|disabled)_(at|by)$|^(version|looks|started|finished)$/;

/** A field that is said to be none of the key, which it would not be either without a word. */
const isNoKey = (item: Json): boolean => isJsonObject(item) && item['is_primary_key'] === false;

const lasting = (value: Json): Json =>
  isJsonArray(value)
    ? value
        .filter((item) => !isNoKey(item))
        .map(lasting)
        .sort((a, b) => byCodeUnit(canonicalJson(a), canonicalJson(b)))
    : isJsonObject(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([name]) => !passing.test(name))
            .map(([name, held]) => [name, lasting(held)]),
        )
      : value;

const saysNothing = (value: Json): boolean =>
  value === null || value === false || value === '' || (isJsonArray(value) && value.length === 0);

/**
 * A schema of a bulk sync by what it says: fields that are copied as they are are copied as well where nobody names them,
 * and which of those were there when a request was put together is a question of the moment.
 */
const schemaOf = (schema: Stored): JsonObject =>
  Object.fromEntries(
    Object.entries({
      ...schema,
      fields: objectsIn(schema['fields']).filter(({ id: _, enabled, ...field }) =>
        enabled === false ? true : !Object.values(field).every(saysNothing),
      ),
    }).filter(([name, value]) => name === 'enabled' || !saysNothing(value)),
  );

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** All that was set in an organization, collection by collection. */
export const standing = ({ sandbox }: Workbench): Standing => {
  const names = new Map<string, string>(
    named.flatMap((collection) =>
      sandbox
        .list(collection)
        .map(
          (object) =>
            [object.id, `<${collection} ${asText(object['name'] ?? object['email'] ?? '')}>`] as const,
        ),
    ),
  );
  // Ids are chosen by chance: nothing is in an order before they are gone.
  const textOf = (object: Stored): string =>
    canonicalJson(
      lasting(parseJson(JSON.stringify(object).replaceAll(UUID, (id) => names.get(id) ?? '<id>'))),
    );
  const owner = ({ id }: Stored): string | undefined => UUID[Symbol.match](id)?.[0];
  return Object.fromEntries(
    [...named, ...hanging].map((collection) => [
      collection,
      sandbox
        .list(collection)
        .filter((object) => {
          const of = owner(object);
          if (collection === 'errorHandling' && isSilent(lasting(object) as Stored)) return false;
          return of === undefined || names.has(of);
        })
        .map((object) => textOf(collection === 'bulkSchemas' ? (schemaOf(object) as Stored) : object))
        .sort(),
    ]),
  );
};
