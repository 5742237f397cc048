/** Where the schemas of connection types are, once they were pulled. Small: every `validate` looks here. */
import { access } from 'node:fs/promises';
import path from 'node:path';

const FOLDER = '.polytomic/schemas';

/** The schema to point an editor to, relative to the root. */
export const PULLED_SCHEMA = `${FOLDER}/manifest.schema.json`;

/** The folder of the schemas of connection types. */
export const pulledTypes = (root: string): string => path.join(root, FOLDER, 'connection-types');

/** Whether any were pulled. */
export const hasPulled = async (root: string): Promise<boolean> =>
  access(pulledTypes(root)).then(
    () => true,
    () => false,
  );
