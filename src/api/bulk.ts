/**
 * The two ends of a bulk sync: what a connection has to be copied, and what one takes. The same in all versions. Reads
 * only.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonArray, isJsonObject, objectsIn, type Json, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import type { JobOptions } from './calls.js';
import type { Reader } from './client.js';
import { ApiError } from './failure.js';
import { below, flag, modesOf, texts, type TargetMode } from './enumeration.js';

export interface BulkField {
  readonly id: string;
  readonly name: string;
  /** A Polytomic type: `string`, `number` …; empty where it is not known. */
  readonly type: string;
  /** Whether it is part of the primary key in effect. */
  readonly key: boolean;
}

export interface BulkSchema {
  readonly id: string;
  readonly name: string;
  /** Absent where nobody asked for them. */
  readonly fields?: readonly BulkField[];
}

export interface BulkSource {
  readonly schemas: readonly BulkSchema[];
  /** Absent where the API does not say. */
  readonly trackingFields?: boolean;
}

/** A key of `destination_configuration`. */
export interface BulkOption {
  readonly name: string;
  readonly required: boolean;
  /** What the server takes where nobody says anything. */
  readonly preset?: Json;
}

export interface BulkDestination {
  readonly modes: readonly (TargetMode & { readonly description: string })[];
  readonly options: readonly BulkOption[];
  /** Absent in versions that do not say. */
  readonly resyncModes?: readonly string[];
  readonly history?: boolean;
}

const fieldsOf = (value: Json | undefined): readonly BulkField[] =>
  objectsIn(value).flatMap((field) => {
    const id = asText(field['id']);
    return id === ''
      ? []
      : [
          {
            id,
            name: asText(field['name'] ?? id),
            type: asText(field['type']),
            key: field['is_primary_key'] === true,
          },
        ];
  });

/** What a connection has to be copied, its fields only where they are asked for. Throws `ApiError`. */
export const readBulkSource = async (
  reader: Reader,
  connectionId: string,
  withFields: boolean,
): Promise<BulkSource> => {
  const query = withFields ? { include_fields: 'true' } : undefined;
  const { data } = await reader.get(below(connectionId, 'bulksync/source'), query);
  const answer = isJsonObject(data) ? data : {};
  const able = isJsonObject(answer['capabilities']) ? answer['capabilities'] : {};
  return {
    schemas: objectsIn(answer['schemas']).flatMap((schema) => {
      const id = asText(schema['id']);
      return id === ''
        ? []
        : [
            {
              id,
              name: asText(schema['name'] ?? id),
              ...(withFields ? { fields: fieldsOf(schema['fields']) } : {}),
            },
          ];
    }),
    ...flag('trackingFields', able['supports_tracking_fields']),
  };
};

/** The fields of one schema. Throws `ApiError`, status 404 where there is no such schema. */
export const readBulkSchema = async (
  reader: Reader,
  connectionId: string,
  schema: string,
): Promise<BulkSchema> => {
  const { data } = await reader.get(below(connectionId, `schemas/${encodeURIComponent(schema)}`));
  const answer = isJsonObject(data) ? data : {};
  return { id: schema, name: asText(answer['name'] ?? schema), fields: fieldsOf(answer['fields']) };
};

/** The keys of a destination's configuration: a map of descriptors, as the API shows it, or a JSON Schema. */
const optionsOf = (configuration: JsonObject): readonly BulkOption[] => {
  const { properties, required } = configuration;
  const isSchema = isJsonObject(properties) && configuration['type'] === 'object';
  const needed = isSchema ? texts(required) : [];
  return Object.entries(isSchema ? properties : configuration).flatMap(([name, descriptor]) =>
    isJsonObject(descriptor)
      ? [
          {
            name,
            required: needed.includes(name) || descriptor['required'] === true,
            ...(descriptor['default'] === undefined ? {} : { preset: descriptor['default'] }),
          },
        ]
      : [],
  );
};

/** What a connection takes of a bulk sync. Throws `ApiError`. */
export const readBulkDestination = async (reader: Reader, connectionId: string): Promise<BulkDestination> => {
  const { data } = await reader.get(below(connectionId, 'bulksync/target'));
  const answer = isJsonObject(data) ? data : {};
  const described = new Map(
    objectsIn(answer['modes']).map((mode) => [asText(mode['id']), asText(mode['description'])]),
  );
  return {
    modes: modesOf(answer['modes']).map((mode) => ({ ...mode, description: described.get(mode.mode) ?? '' })),
    options: isJsonObject(answer['configuration']) ? optionsOf(answer['configuration']) : [],
    ...(isJsonArray(answer['supported_resync_modes'])
      ? { resyncModes: texts(answer['supported_resync_modes']) }
      : {}),
    ...flag('history', answer['supports_history_mode']),
  };
};

/** Whether the schemas of a connection can be asked for: `refreshing` becomes `fresh`, or, in samples, `cached`. */
const isReady = (status: JsonObject): boolean => {
  const word = asText(status['cache_status']).toLowerCase();
  if (word === 'refreshing') return false;
  const [started, finished] = [status['last_refresh_started'], status['last_refresh_finished']].map((time) =>
    Date.parse(asText(time)),
  ) as [number, number];
  return ['fresh', 'cached'].includes(word) || finished >= (Number.isNaN(started) ? 0 : started);
};

/**
 * Waits until the schemas of a connection are cached, as its status says; false where they are not when the time is
 * up. Without them a bulk sync is refused, and the refusal does not say for certain why. Throws `ApiError`.
 */
export const awaitSchemas = async (
  reader: Reader,
  connectionId: string,
  { interval = 500, timeout = 300_000, onPause }: JobOptions = {},
): Promise<boolean> => {
  const path = below(connectionId, 'schemas/status');
  const end = performance.now() + timeout;
  for (let pause = interval; ; pause = Math.min(pause * 1.5, interval * 20)) {
    const { data } = await reader.get(path);
    if (isJsonObject(data) && isReady(data)) return true;
    if (performance.now() + pause > end) return false;
    onPause?.();
    await sleep(pause);
  }
};

/** Whether a refusal may be about schemas that are not cached yet: 422, or 400 (behaviour of the provider's retries). */
const mayBeEarly = (error: unknown): boolean =>
  error instanceof ApiError && error.failure.reason === 'http' && [400, 422].includes(error.failure.status);

/**
 * As `readBulkSource`; where it says nothing yet, the status of the cache is waited for, and `early` given when the
 * time is up. A refusal for any other reason is thrown at once. Throws `ApiError`.
 */
export const readReadySource = async (
  reader: Reader,
  connectionId: string,
  withFields: boolean,
  options: JobOptions = {},
): Promise<BulkSource | 'early'> => {
  const first = await readBulkSource(reader, connectionId, withFields).catch((error: unknown) => {
    if (mayBeEarly(error)) return undefined;
    throw error;
  });
  if (first !== undefined && first.schemas.length > 0) return first;
  return (await awaitSchemas(reader, connectionId, options))
    ? readBulkSource(reader, connectionId, withFields)
    : 'early';
};
