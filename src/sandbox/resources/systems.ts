/** The system behind a connection. */
import type { JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import type { SystemType } from '../catalog/catalog.js';
import { found, type SandboxRequest } from '../http.js';
import type { Store, Stored } from '../store.js';

/** Where the pictures of a type are; nothing here fetches them. */
export const logosOf = ({ id }: SystemType): JsonObject => ({
  logo_url: `https://app.polytomic.com/icons/${id}.svg`,
  logo_dark_url: `https://app.polytomic.com/icons/${id}-dark.svg`,
});

/** The type of a connection. */
export const typeOfConnection = (store: Store, connection: Stored): SystemType =>
  store.catalog.typeOf(asText(connection['type']));

/** Whether somebody still has to authorise a connection in a browser. */
export const isWaiting = (connection: Stored): boolean => connection['authorized'] === false;

/** The connection that a path names, or a 404. */
export const connectionOf = ({ store, params }: SandboxRequest, name = 'id'): Stored =>
  found(store.get('connections', params[name] ?? ''), 'connection');
