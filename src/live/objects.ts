/** Live objects, read where the tables of their kinds say. */
import { listPages, objectOf } from '../api/calls.js';
import type { Answer, Reader } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import { isJsonArray, isJsonObject, objectsIn, type Json, type JsonObject } from '../core/json.js';
import { endpointsOf, fill, type Place } from '../kinds/endpoints.js';
import { madeId, placeOf } from '../kinds/identity.js';
import type { Endpoints, Kind } from '../kinds/kind.js';

/** An address of an object, with all that tells it filled in. */
export const addressIn = (
  { organization }: Pick<Reader, 'organization'>,
  kind: Kind,
  id: string,
  path: string,
  more: Place = {},
): string =>
  fill(path, { ...placeOf(kind, id), ...more, ...(organization === undefined ? {} : { organization }) });

/** Where an object that is known by something else keeps the id that an answer gives it. */
export const OWN_ID = 'own_id';

/** The object of an answer, with an id where the API gives it none. Throws `ApiError` where there is none. */
export const objectIn = (
  kind: Kind,
  { bare, within }: Endpoints,
  answer: Answer,
  method: string,
  path: string,
  /** The fields that tell it, where an answer need not hold them. */
  told: Readonly<Record<string, string>> = {},
): JsonObject => {
  if (kind.identity.idless !== true) return objectOf(bare === true ? asData(answer) : answer, method, path);
  const held = bare === true ? answer.body : answer.data;
  const fail = (message: string, status = 200): never => {
    throw new ApiError(
      status === 404
        ? { reason: 'http', status, message, metadata: {} }
        : { reason: 'unexpected', status, message },
      method,
      path,
    );
  };
  const withId = (object: JsonObject): JsonObject => ({ ...object, id: madeId(kind, object) });
  if (within === undefined)
    return withId({ ...(isJsonObject(held) ? held : fail(`the answer holds no ${kind.noun.one}`)), ...told });
  const items = within.list === undefined ? (held ?? []) : isJsonObject(held) ? held[within.list] : held;
  if (!isJsonArray(items) && !isJsonObject(held)) fail(`the answer holds no ${kind.noun.one}`);
  const item = itemIn(within, items, told) ?? fail(`there is no such ${kind.noun.one}`, 404);
  const { id: own } = item;
  return withId({ ...item, ...told, ...(own === undefined ? {} : { [OWN_ID]: own }) });
};

/** The object among the items of an answer. */
const itemIn = (
  { by, is, unless }: NonNullable<Endpoints['within']>,
  items: Json | undefined,
  told: Readonly<Record<string, string>>,
): JsonObject | undefined =>
  objectsIn(items).find(
    (each) => each[by] === told[is] && !Object.entries(unless).some(([name, value]) => each[name] === value),
  );

const asData = (answer: Answer): Answer => ({ ...answer, data: answer.body });

/** Reads one object. Throws `ApiError`. */
export const readObject = async (reader: Reader, kind: Kind, id: string): Promise<JsonObject> => {
  const endpoints = endpointsOf(kind, reader.dialect);
  const path = addressIn(reader, kind, id, endpoints.one);
  const told = kind.identity.idless === true ? placeOf(kind, id) : {};
  return objectIn(kind, endpoints, await reader.get(path), 'GET', path, told);
};

/**
 * Reads all objects of a kind, as its list holds them; `visit` sees each once, as its page arrives. Of a kind without a
 * list it sees none. Throws `ApiError`.
 */
export const listObjects = async (
  reader: Reader,
  kind: Kind,
  visit: (object: JsonObject) => void,
): Promise<void> => {
  const endpoints = endpointsOf(kind, reader.dialect);
  const { list } = endpoints;
  if (list === undefined) return;
  const { organization } = reader;
  const path = fill(list.path, organization === undefined ? {} : { organization });
  if (list.is === 'alone') visit(objectIn(kind, endpoints, await reader.get(path), 'GET', path));
  else await listPages(reader, path, visit);
};
