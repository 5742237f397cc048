/** Every kind of resource. A new kind is one file, one schema, one example, and its line here. */
import { bulkSync } from './bulk-sync.js';
import { connection } from './connection.js';
import { errorSubscribers } from './error-subscribers.js';
import type { Kind } from './kind.js';
import { model } from './model.js';
import { primaryKeys } from './primary-keys.js';
import { schemaField } from './schema-field.js';
import { sync } from './sync.js';
import { webhook } from './webhook.js';

/** In the order in which reports list them. */
export const kinds: readonly Kind[] = [
  connection,
  schemaField,
  primaryKeys,
  model,
  sync,
  bulkSync,
  webhook,
  errorSubscribers,
];

const byName: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind.name, kind]));

/** The kind of this name. Throws where there is none: names are checked when manifests are loaded. */
export const kindOf = (name: string): Kind => {
  const kind = byName.get(name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
};
