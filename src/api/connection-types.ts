/** Connection types: what the API says a configuration may hold, and what connections of a type can be. */
import { isJsonArray, isJsonObject, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import type { Reader } from './client.js';
import { ApiError } from './failure.js';

/** What a connection can be used as. */
export interface Capabilities {
  readonly source: boolean;
  readonly destination: boolean;
  readonly enrichment: boolean;
  readonly orchestration: boolean;
}

export interface ConnectionType {
  readonly id: string;
  readonly name: string;
  readonly oauth: boolean;
  /** Absent where the API does not say. */
  readonly capabilities?: Capabilities;
}

const types = '/api/connection_types';

/**
 * The JSON Schema of a type's configuration, as the API answers: input of a stranger, never to be compiled as it
 * is. Throws `ApiError`, for an unknown type one with status 404.
 */
export const readConnectionTypeSchema = async (reader: Reader, type: string): Promise<JsonObject> => {
  const path = `${types}/${encodeURIComponent(type)}`;
  const { body, data } = await reader.get(path);
  // The reference shows the bare schema; an envelope around it is the custom of all other answers.
  const schema = isJsonObject(data) && body?.['properties'] === undefined ? data : body;
  if (schema !== undefined) return schema;
  throw new ApiError(
    { reason: 'unexpected', status: 200, message: 'the answer holds no schema' },
    'GET',
    path,
  );
};

/** All connection types, without their forms. Throws `ApiError`. */
export const readConnectionTypes = async (reader: Reader): Promise<readonly ConnectionType[]> => {
  const { data } = await reader.get(types);
  return (isJsonArray(data) ? data : []).filter(isJsonObject).flatMap((type) => {
    const { id, name, use_oauth: oauth, capabilities } = type;
    if (typeof id !== 'string' || id === '') return [];
    const able = isJsonObject(capabilities) ? capabilities : undefined;
    return [
      {
        id,
        name: asText(name),
        oauth: oauth === true,
        ...(able === undefined
          ? {}
          : {
              capabilities: {
                source: able['source'] === true,
                destination: able['destination'] === true,
                enrichment: able['enrichment'] === true,
                orchestration: able['orchestration'] === true,
              },
            }),
      },
    ];
  });
};
