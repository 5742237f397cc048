/** Live objects, read where the tables of their kinds say. */
import { listPages, objectOf } from '../api/calls.js';
import type { Answer, Reader } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import { isJsonObject, type JsonObject } from '../core/json.js';
import { endpointsOf, fill } from '../kinds/endpoints.js';
import { madeId, placeOf } from '../kinds/identity.js';
import type { Endpoints, Kind } from '../kinds/kind.js';

/** An address of an object, with all that tells it filled in. */
export const addressIn = (
  { organization }: Pick<Reader, 'organization'>,
  kind: Kind,
  id: string,
  path: string,
): string => fill(path, { ...placeOf(kind, id), ...(organization === undefined ? {} : { organization }) });

/** The object of an answer, with an id where the API gives it none. Throws `ApiError` where there is none. */
export const objectIn = (
  kind: Kind,
  { bare }: Endpoints,
  answer: Answer,
  method: string,
  path: string,
  /** The fields that tell it, where an answer need not hold them. */
  told: Readonly<Record<string, string>> = {},
): JsonObject => {
  if (kind.identity.idless !== true) return objectOf(bare === true ? asData(answer) : answer, method, path);
  const held = bare === true ? answer.body : answer.data;
  if (!isJsonObject(held))
    throw new ApiError(
      { reason: 'unexpected', status: 200, message: `the answer holds no ${kind.noun.one}` },
      method,
      path,
    );
  const object = { ...held, ...told };
  return { ...object, id: madeId(kind, object) };
};

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
