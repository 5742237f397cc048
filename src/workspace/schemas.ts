/** Schemas of connection types, kept beside the manifests: for editors, and for `validate` without network. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import manifestSchema from '../../schemas/manifest.schema.json' with { type: 'json' };
import { createReader } from '../api/client.js';
import { readConnectionTypeSchema } from '../api/connection-types.js';
import { ApiError, failureDiagnostic, isMissing } from '../api/failure.js';
import { hasErrors, type Diagnostic } from '../core/diagnostics.js';
import { isJsonObject, type Json, type JsonObject, parseJson, sortKeys } from '../core/json.js';
import { printable } from '../core/text.js';
import { connection } from '../kinds/connection.js';
import type { Outlook } from '../kinds/preflight.js';
import type { Settings } from '../load/config.js';
import type { Desired, Resource } from '../load/desired.js';
import { checkConfiguration } from '../preflight/configuration.js';
import { editorSchema } from '../preflight/editor-schema.js';
import { clientOptions } from './access.js';
import { PULLED_SCHEMA, pulledTypes } from './pulled.js';
import { checkSecretPlaces } from './secret-places.js';
import { takeTypesOf } from './typed.js';

/** A type is a part of a path, and comes from a manifest. */
const isSafe = (type: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{0,100}$/.test(type);

const fileOf = (root: string, type: string): string => path.join(pulledTypes(root), `${type}.schema.json`);

const connectionsOf = ({ resources }: Desired): readonly Resource[] =>
  resources.filter(({ kind, external }) => kind === connection.name && !external);

const typeOf = ({ document }: Resource): readonly string[] =>
  typeof document['type'] === 'string' ? [document['type']] : [];

/** The types of the connections of these manifests, each once. */
export const typesInUse = (desired: Desired): readonly string[] => [
  ...new Set(connectionsOf(desired).flatMap(typeOf)),
];

export interface Pulled {
  readonly types: readonly string[];
  /** Relative to the root. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Fetches the schemas of these types and writes them, and a manifest schema with them. Only reads from the API.
 * Throws `DiagnosticError` without an API key.
 */
export const pullSchemas = async (settings: Settings, types: readonly string[]): Promise<Pulled> => {
  const reader = createReader(clientOptions(settings, []));
  const diagnostics: Diagnostic[] = [];
  const found = new Map<string, JsonObject>();
  await Promise.all(
    types.map(async (type) => {
      if (!isSafe(type)) diagnostics.push(noSchema(type));
      else
        try {
          found.set(type, await readConnectionTypeSchema(reader, type));
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          diagnostics.push(
            isMissing(error) ? noSchema(type) : failureDiagnostic(error, `reading connection type ${type}`),
          );
        }
    }),
  );
  const pulled = types.filter((type) => found.has(type));
  const texts: readonly (readonly [string, Json])[] = [
    ...pulled.map((type) => [fileOf('', type), sortKeys(found.get(type) ?? {})] as const),
    ...(pulled.length === 0
      ? []
      : [[PULLED_SCHEMA, editorSchema(manifestSchema, connection.name, found)] as const]),
  ];
  for (const [file, schema] of texts) {
    const target = path.join(settings.root, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFileAtomic(target, `${JSON.stringify(schema, null, 2)}\n`);
  }
  return { types: pulled, files: texts.map(([file]) => file.replaceAll('\\', '/')), diagnostics };
};

const noSchema = (type: string): Diagnostic => ({
  severity: 'warning',
  code: 'no-type-schema',
  message: `the API has no schema of connection type "${printable(type)}"`,
  hint: 'check the type of the connection',
});

/** The schema of a type that was pulled, or undefined. */
const storedSchema = async (root: string, type: string): Promise<JsonObject | undefined> => {
  if (!isSafe(type)) return undefined;
  try {
    const schema = parseJson(await readFile(fileOf(root, type), 'utf8'));
    return isJsonObject(schema) ? schema : undefined;
  } catch {
    // Not pulled, or damaged: nothing is known.
    return undefined;
  }
};

/**
 * Findings of the schemas that were pulled, for connections of their types. What is missing is a warning alone:
 * a connection that lives may have it.
 */
export const checkStored = async (root: string, desired: Desired): Promise<readonly Diagnostic[]> => {
  const schemas = new Map(
    await Promise.all(
      typesInUse(desired).map(async (type) => [type, await storedSchema(root, type)] as const),
    ),
  );
  const taken = await takeTypesOf(desired, async (type) => Promise.resolve(schemas.get(type)));
  if (hasErrors(taken.diagnostics)) return taken.diagnostics;
  const outlook = offline((type, configuration) => {
    const schema = schemas.get(type);
    return schema === undefined ? undefined : checkConfiguration(schema, configuration);
  });
  const found = await Promise.all(
    connectionsOf(taken.desired).map(async ({ address, document }) =>
      (await connection.preflight.check(document, outlook, undefined)).map(
        ({ pointer, ...finding }): Diagnostic => ({
          ...finding,
          ...(finding.code === 'missing-field' ? { severity: 'warning' } : {}),
          address,
          place: desired.locate(address, pointer, 'value'),
        }),
      ),
    ),
  );
  return found.flat();
};

/** All that can be said of manifests beyond loading, with no network: by the types that were pulled, if any were. */
export const checkOffline = async (
  settings: Settings,
  desired: Desired,
  pulled: boolean,
): Promise<readonly Diagnostic[]> => [
  ...(await checkSecretPlaces(desired, settings, async (type) =>
    pulled ? storedSchema(settings.root, type) : undefined,
  )),
  ...(pulled ? await checkStored(settings.root, desired) : []),
];

const unknown = async (): Promise<undefined> => Promise.resolve(undefined);

/** Nothing is known but what schemas say of configurations. */
const offline = (
  configuration: (
    ...asked: Parameters<Outlook['configuration']>
  ) => Awaited<ReturnType<Outlook['configuration']>>,
): Outlook => ({
  neighbour: () => undefined,
  configuration: async (...asked) => Promise.resolve(configuration(...asked)),
  capabilities: unknown,
  source: unknown,
  sourceFields: unknown,
  target: unknown,
  targetObjects: unknown,
  runsAfter: () => [],
  idOf: () => undefined,
  syncForms: 'both',
});
