/** Every type of the API, as JSON Schemas: for bodies, for answers and for the description of the API. */
import type { JsonObject } from '../../core/json.js';
import { administrationTypes } from './administration.js';
import { bulkTypes } from './bulk.js';
import { connectingTypes } from './connecting.js';
import { connectionsTypes } from './connections.js';
import { controlsTypes } from './controls.js';
import { errorHandlingTypes } from './error-handling.js';
import { eventsTypes } from './events.js';
import { modelsTypes } from './models.js';
import { schemasOf, type SchemaStyle } from './notation.js';
import { olderTypes } from './older.js';
import { schemasTypes } from './schemas.js';
import { syncsTypes } from './syncs.js';
import { webhookTypes } from './webhooks.js';

const sources = [
  administrationTypes,
  bulkTypes,
  connectingTypes,
  connectionsTypes,
  controlsTypes,
  errorHandlingTypes,
  eventsTypes,
  modelsTypes,
  olderTypes,
  schemasTypes,
  syncsTypes,
  webhookTypes,
];

/** The schemas by the name of their type. */
export const typeSchemas = (style: SchemaStyle): Readonly<Record<string, JsonObject>> =>
  Object.assign({}, ...sources.map((source) => schemasOf(source, style))) as Record<string, JsonObject>;
