/** Every kind of resource; how one is added stands in docs/architecture.md. */
import { bulkSync } from './bulk-sync.js';
import { connection } from './connection.js';
import { errorSubscribers } from './error-subscribers.js';
import type { Kind } from './kind.js';
import { model } from './model.js';
import { organization } from './organization.js';
import { policy } from './policy.js';
import { primaryKeys } from './primary-keys.js';
import { recordLogging } from './record-logging.js';
import { role } from './role.js';
import { schemaField } from './schema-field.js';
import { sharedConnection } from './shared-connection.js';
import { sync } from './sync.js';
import { user } from './user.js';
import { webhook } from './webhook.js';

/** In the order in which reports list them, and pictures give out their shapes: a new one comes last. */
export const kinds: readonly Kind[] = [
  connection,
  model,
  sync,
  bulkSync,
  role,
  policy,
  webhook,
  errorSubscribers,
  user,
  schemaField,
  primaryKeys,
  organization,
  sharedConnection,
  recordLogging,
];

const byName: ReadonlyMap<string, Kind> = new Map(kinds.map((kind) => [kind.name, kind]));

/** The kind of this name. Throws where there is none: names are checked when manifests are loaded. */
export const kindOf = (name: string): Kind => {
  const kind = byName.get(name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  return kind;
};
