/** Which schemas of its source a bulk sync copies. */
import { asText } from '../../core/text.js';
import type { SystemType } from '../catalog/catalog.js';
import { schemaNames } from './sources.js';
import type { Store, Stored } from '../store.js';
import { typeOfConnection } from './systems.js';

/** The id under which a sync's settings of a schema are stored. */
export const selectionKey = (sync: Stored, schema: string): string => `${sync.id}/${schema}`;

/** Whether a destination can have a table of every version beside a table: those of tables can. */
export const keepsHistory = (type: SystemType): boolean =>
  type.capabilities.destination && type.shape === 'sql';

/** The names of all schemas that the source of a bulk sync has. */
export const availableSchemas = (store: Store, sync: Stored): readonly string[] => {
  const source = store.get('connections', asText(sync['source_connection_id']));
  return source === undefined ? [] : schemaNames(typeOfConnection(store, source));
};

/** The names of the schemas that a run copies. */
export const enabledSchemas = (store: Store, sync: Stored): readonly string[] =>
  availableSchemas(store, sync).filter(
    (name) => store.get('bulkSchemas', selectionKey(sync, name))?.['enabled'] === true,
  );
