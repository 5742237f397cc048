/** Expressions in fields of which only the schema of a connection type knows what they are. */
import type { Reader } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import { typesIn } from '../api/type-schema.js';
import type { Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { pointerSegments, redact } from '../core/secret.js';
import { kindOf } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import type { Desired, Resource } from '../load/desired.js';
import { takeTypes } from '../load/typed.js';
import { readTypeSchema } from '../live/type-cache.js';
import { typesFor } from './preflight.js';

/** The type whose schema has to be asked, or undefined where nothing is open. */
const openType = ({ kind, document, expressions, external }: Resource): string | undefined => {
  const pointers = Object.keys(expressions);
  if (external || pointers.length === 0) return undefined;
  const typed = kindOf(kind).typed?.(redact(document) as JsonObject);
  return typed !== undefined &&
    pointers.some((pointer) => typed.typesAt(pointerSegments(pointer)) === undefined)
    ? typed.type
    : undefined;
};

/** As `takeTypes`, for all resources whose types' schemas are found. */
export const takeTypesOf = async (
  desired: Desired,
  schemaOf: (type: string) => Promise<JsonObject | undefined>,
): Promise<{ readonly desired: Desired; readonly diagnostics: readonly Diagnostic[] }> => {
  const open = new Map(
    desired.resources.flatMap((resource) => {
      const type = openType(resource);
      return type === undefined ? [] : [[resource.address, type] as const];
    }),
  );
  if (open.size === 0) return { desired, diagnostics: [] };
  const schemas = new Map(
    await Promise.all([...new Set(open.values())].map(async (type) => [type, await schemaOf(type)] as const)),
  );
  const diagnostics: Diagnostic[] = [];
  const resources = desired.resources.map((resource) => {
    const { address } = resource;
    const schema = schemas.get(open.get(address) ?? '');
    const base = kindOf(resource.kind).typed?.(redact(resource.document) as JsonObject)?.path ?? [];
    if (schema === undefined) return resource;
    const { resource: typed, findings } = takeTypes(resource, (path) =>
      typesIn(schema, path.slice(base.length)),
    );
    diagnostics.push(
      ...findings.map(({ pointer, ...finding }) => ({
        ...finding,
        address,
        ...desired.cite(address, pointer, 'value'),
      })),
    );
    return typed;
  });
  return { desired: { ...desired, resources }, diagnostics };
};

/** As `takeTypesOf`, by the schemas of the API; where it does not answer, text stays text. */
export const takeLiveTypes = async (
  settings: Settings,
  reader: Reader,
  desired: Desired,
): ReturnType<typeof takeTypesOf> => {
  const types = await typesFor(settings);
  const taken = await takeTypesOf(desired, async (type) => {
    try {
      return await readTypeSchema(reader, types, type);
    } catch (error) {
      // What cannot be read is told where it is checked.
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  });
  await types.save();
  return taken;
};
