/** Schemas of connection types, kept beside the manifests: for editors, and for `validate` without network: fetched. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import manifestSchema from '../../schemas/manifest.schema.json' with { type: 'json' };
import { createReader } from '../api/client.js';
import { readConnectionTypeSchema } from '../api/connection-types.js';
import { ApiError, failureDiagnostic, isMissing } from '../api/failure.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { type Json, type JsonObject, sortKeys } from '../core/json.js';
import { printable } from '../core/text.js';
import { connection } from '../kinds/connection.js';
import type { Settings } from '../load/config.js';
import type { Loaded } from '../load/load.js';
import { editorSchema } from '../preflight/editor-schema.js';
import { openAccess } from './access.js';
import { fileOf, isSafe, PULLED_SCHEMA, pulledNames, storedSchema } from './pulled.js';

export interface Pulled {
  readonly types: readonly string[];
  /** Relative to the root. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

type Known = Pick<Loaded, 'templates' | 'defaults'>;

const manifestSchemaWith = (
  types: ReadonlyMap<string, JsonObject>,
  { templates, defaults }: Known,
): JsonObject =>
  editorSchema(manifestSchema, {
    typed: connection.name,
    types,
    defaults,
    templates: new Map(
      [...templates].map(([key, { parameters }]) => [
        key,
        new Map([...parameters].map(([name, { schema }]) => [name, schema])),
      ]),
    ),
  });

const write = async (
  { root }: Settings,
  texts: readonly (readonly [file: string, schema: Json])[],
): Promise<readonly string[]> => {
  for (const [file, schema] of texts) {
    const target = path.join(root, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFileAtomic(target, `${JSON.stringify(schema, null, 2)}\n`);
  }
  return texts.map(([file]) => file.replaceAll('\\', '/'));
};

/** Writes the manifest schema again, with what these manifests hold and the types that were fetched before. No network. */
export const refreshSchemas = async (settings: Settings, known: Known): Promise<Pulled> => {
  const names = await pulledNames(settings.root);
  const stored = await Promise.all(
    names.map(async (type) => [type, await storedSchema(settings.root, type)] as const),
  );
  const types = new Map(
    stored.flatMap(([type, schema]) => (schema === undefined ? [] : [[type, schema] as const])),
  );
  const files = await write(settings, [[PULLED_SCHEMA, manifestSchemaWith(types, known)]]);
  return { types: [...types.keys()], files, diagnostics: [] };
};

/**
 * Fetches the schemas of these types and writes them, and a manifest schema with them and with what the manifests hold. Only reads
 * from the API. Throws `DiagnosticError` without an API key.
 */
export const pullSchemas = async (
  settings: Settings,
  types: readonly string[],
  known: Known,
): Promise<Pulled> => {
  const reader = createReader((await openAccess(settings, [])).options);
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
    ...(pulled.length === 0 && known.templates.size === 0
      ? []
      : [[PULLED_SCHEMA, manifestSchemaWith(found, known)] as const]),
  ];
  return { types: pulled, files: await write(settings, texts), diagnostics };
};

const noSchema = (type: string): Diagnostic => ({
  severity: 'warning',
  code: 'no-type-schema',
  message: `the API has no schema of connection type "${printable(type)}"`,
  hint: 'check the type of the connection',
});
