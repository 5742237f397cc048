/** Where the schemas of connection types are, once they were pulled. Small: every `validate` looks here. */
import { access, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { byCodeUnit, isJsonObject, type JsonObject, parseJson } from '../core/json.js';
import { connection } from '../kinds/connection.js';
import type { Desired, Resource } from '../load/desired.js';

const FOLDER = '.polytomic/schemas';

/** The schema to point an editor to, relative to the root. */
export const PULLED_SCHEMA = `${FOLDER}/manifest.schema.json`;

/** The folder of the schemas of connection types. */
const pulledTypes = (root: string): string => path.join(root, FOLDER, 'connection-types');

/** Whether any were pulled. */
export const hasPulled = async (root: string): Promise<boolean> =>
  access(pulledTypes(root)).then(
    () => true,
    () => false,
  );

/** The types whose schemas were pulled. */
export const pulledNames = async (root: string): Promise<readonly string[]> => {
  try {
    const files = await readdir(pulledTypes(root));
    return files.flatMap((file) => /^(.+)\.schema\.json$/.exec(file)?.[1] ?? []).sort(byCodeUnit);
  } catch {
    return [];
  }
};

/** A type is a part of a path, and comes from a manifest. */
export const isSafe = (type: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]{0,100}$/.test(type);

/** The file of a type's schema. */
export const fileOf = (root: string, type: string): string =>
  path.join(pulledTypes(root), `${type}.schema.json`);

/** The connections that these manifests describe. */
export const connectionsOf = ({ resources }: Desired): readonly Resource[] =>
  resources.filter(({ kind, external }) => kind === connection.name && !external);

const typeOf = ({ document }: Resource): readonly string[] =>
  typeof document['type'] === 'string' ? [document['type']] : [];

/** The types of the connections of these manifests, each once. */
export const typesInUse = (desired: Desired): readonly string[] => [
  ...new Set(connectionsOf(desired).flatMap(typeOf)),
];

/** The schema of a type that was pulled, or undefined. */
export const storedSchema = async (root: string, type: string): Promise<JsonObject | undefined> => {
  if (!isSafe(type)) return undefined;
  try {
    const schema = parseJson(await readFile(fileOf(root, type), 'utf8'));
    return isJsonObject(schema) ? schema : undefined;
  } catch {
    // Not pulled, or damaged: nothing is known.
    return undefined;
  }
};
