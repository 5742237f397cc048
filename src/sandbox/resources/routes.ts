/** Every operation that the sandbox knows, by group. */
import { notificationRoutes, permissionRoutes } from './administration.js';
import { bulkRoutes } from './bulk.js';
import { connectingRoutes } from './connecting.js';
import { connectionTypeRoutes } from './connection-types.js';
import { connectionRoutes } from './connections.js';
import { enumerationRoutes } from './enumeration.js';
import { errorHandlingRoutes } from './error-handling.js';
import { eventRoutes } from './events.js';
import type { Route } from '../http.js';
import { identityRoutes } from './identity.js';
import { jobRoutes } from './jobs.js';
import { modelRoutes } from './models.js';
import { organizationRoutes, userRoutes } from './organizations.js';
import { proxyRoutes } from './proxy.js';
import { queryRoutes } from './queries.js';
import { recordLoggingRoutes } from './record-logging.js';
import { schemaFieldRoutes } from './schema-fields.js';
import { sourceRoutes } from './sources.js';
import { syncRoutes } from './syncs.js';
import { targetRoutes } from './targets.js';
import { unservedRoutes } from './unserved.js';
import { usageRoutes } from './usage.js';
import { webhookRoutes } from './webhooks.js';

export interface RouteGroup {
  readonly name: string;
  readonly routes: readonly Route[];
}

export const routeGroups: readonly RouteGroup[] = [
  { name: 'Identity and entities', routes: identityRoutes },
  { name: 'Organizations', routes: [...organizationRoutes, ...recordLoggingRoutes] },
  { name: 'Users', routes: userRoutes },
  { name: 'Roles and policies', routes: permissionRoutes },
  { name: 'Webhooks', routes: webhookRoutes },
  { name: 'Notifications', routes: notificationRoutes },
  { name: 'Events', routes: eventRoutes },
  { name: 'Connection types', routes: connectionTypeRoutes },
  { name: 'Connections', routes: [...connectionRoutes, ...usageRoutes] },
  { name: 'Connecting and sharing', routes: connectingRoutes },
  { name: 'Proxy and query runner', routes: [...proxyRoutes, ...queryRoutes] },
  { name: 'Schemas of a connection', routes: [...sourceRoutes, ...schemaFieldRoutes] },
  { name: 'Sources', routes: enumerationRoutes },
  { name: 'Models', routes: modelRoutes },
  { name: 'Jobs', routes: jobRoutes },
  { name: 'Targets', routes: targetRoutes },
  { name: 'Syncs', routes: syncRoutes },
  { name: 'Bulk syncs', routes: bulkRoutes },
  { name: 'Error handling', routes: errorHandlingRoutes },
  { name: 'Harbours and the like', routes: unservedRoutes },
];

export const allRoutes: readonly Route[] = routeGroups.flatMap(({ routes }) => routes);
