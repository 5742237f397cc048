/** A Polytomic API that runs here: for trying out, for rehearsals and for tests. */
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import type { JsonObject } from '../core/json.js';
import { addSystemObjects } from './resources/administration.js';
import { createApp, storeFor, type App, type AppOptions, type RecordedRequest } from './app.js';
import { addPages } from './browser.js';
import { addOrganization } from './callers.js';
import { CatalogError, loadCatalog } from './catalog/load.js';
import { addControls } from './controls.js';
import { DataFileError, openDatabase } from './database.js';
import { createFaults, type Fault, type FaultKind, type FaultSettings } from './faults.js';
import { owner, stranger } from './fixtures.js';
import { setRows, tableRows } from './moving/rows.js';
import { addRunFault, type RunFault } from './moving/run-faults.js';
import { seedCounts, seedStore, type SeedCounts } from './seed.js';
import { ROOT, type Collection, type Store, type Stored } from './store.js';
import { editObject } from './stranger.js';

export { CatalogError, DataFileError };
export type { RunFault };
export type { Collection, Fault, FaultKind, FaultSettings, RecordedRequest, SeedCounts, Stored };

export interface SandboxOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default 127.0.0.1: nobody else can reach it. */
  readonly host?: string;
  /** Key of a user of the first organization. Default `sandbox-key`. */
  readonly apiKey?: string;
  /** Key of the partner that all organizations belong to. Default `sandbox-partner-key`. */
  readonly partnerKey?: string;
  /** More organizations, each with a key of its own. */
  readonly organizations?: readonly { readonly name: string; readonly apiKey: string }[];
  /** A file that keeps everything, secrets in clear. Default: memory alone. */
  readonly data?: string;
  /** A directory with more connection types and tables. */
  readonly catalog?: string;
  readonly faults?: FaultSettings;
  /** Milliseconds that each answer takes. Default 0; the same as in `faults`. */
  readonly latencyMs?: number;
  /** How often what takes time (jobs, schema caches) is asked for until it is done. Default 2. */
  readonly jobPolls?: number;
  /** Fields that connections, models, syncs and their targets have besides: an API newer than its clients. */
  readonly newer?: readonly string[];
  /** Default 10 MiB. */
  readonly maxBodyBytes?: number;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  readonly partnerKey: string;
  readonly organization: { readonly id: string; readonly name: string };
  /** The last 100,000 requests, in the order of their answers. */
  readonly requests: readonly RecordedRequest[];
  readonly clearRequests: () => void;
  /** What is stored, secrets in clear: for tests. */
  readonly list: (collection: Collection) => readonly Stored[];
  /** Somebody edits an object in the web page: a merge patch (RFC 7396). Throws for an unknown id. */
  readonly edit: (collection: Collection, id: string, change: JsonObject) => void;
  /** Somebody deletes an object in the web page. */
  readonly remove: (collection: Collection, id: string) => void;
  /** The records of a table of a connection's system. Throws for an unknown connection. */
  readonly rows: (connection: string, table: string) => readonly JsonObject[];
  /** Puts records in the place of all that a table had. */
  readonly setRows: (connection: string, table: string, rows: readonly JsonObject[]) => void;
  /** The next run of a sync goes wrong: records are refused, or it ends half-way. */
  readonly failRun: (fault: RunFault) => void;
  /** Adds objects that nobody asked for; a number: so many in all. */
  readonly seed: (counts: SeedCounts | number) => void;
  /** The next requests that match fail. */
  readonly failNext: (fault: Fault) => void;
  /** Takes back what `failNext` announced. */
  readonly clearFaults: () => void;
  /** Faults at a rate, latency, a limit: in place of the settings before. */
  readonly setFaults: (settings: FaultSettings) => void;
  /** Each answer takes so many milliseconds from now on. */
  readonly slowDown: (milliseconds: number) => void;
  readonly close: () => Promise<void>;
}

const MOST_REQUESTS = 100_000;

/**
 * Starts a sandbox; it listens when the promise resolves. Rejects where the port is taken, with `DataFileError`
 * and `CatalogError` for files that cannot be used, with `RangeError` for faults that make no sense.
 */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const {
    port = 0,
    host = '127.0.0.1',
    apiKey = 'sandbox-key',
    partnerKey = 'sandbox-partner-key',
    latencyMs,
    jobPolls = 2,
    maxBodyBytes = 10 * 1024 * 1024,
  } = options;
  const faults = createFaults({
    ...options.faults,
    ...(latencyMs === undefined ? {} : { latencyMs }),
  });
  const catalog = loadCatalog(options.catalog);
  const database = openDatabase(options.data);
  const requests: RecordedRequest[] = [];
  const appOptions: AppOptions = {
    database,
    catalog,
    faults,
    keys: { user: apiKey, partner: partnerKey },
    looks: jobPolls,
    newer: options.newer ?? [],
    maxBodyBytes,
    host,
    record: (request) => {
      requests.push(request);
      if (requests.length > MOST_REQUESTS) requests.shift();
    },
  };
  furnish(appOptions, options.organizations ?? []);
  const app = createApp(appOptions);
  const controls = { ...appOptions, requests };
  addPages(app, controls);
  addControls(app, controls);
  const { server, bound } = await listen(app, host, port).catch((error: unknown) => {
    database.close();
    throw error;
  });
  /** Somebody's hand in the first organization. */
  const store = storeFor(appOptions, owner.id, { ...stranger });
  const change = (work: () => void): void => {
    work();
    database.commit();
  };
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    apiKey,
    partnerKey,
    organization: owner,
    requests,
    clearRequests: () => {
      requests.length = 0;
    },
    list: (collection) => store.list(collection),
    edit: (collection, id, patch) => {
      change(() => {
        editObject(store, collection, id, patch);
      });
    },
    remove: (collection, id) => {
      change(() => store.remove(collection, id));
    },
    rows: (connection, table) => {
      const found = store.get('connections', connection);
      if (found === undefined) throw new Error(`there is no connection ${connection}`);
      return tableRows(store, found, table);
    },
    setRows: (connection, table, rows) => {
      change(() => {
        setRows(store, connection, table, rows);
      });
    },
    failRun: (fault) => {
      change(() => {
        addRunFault(store, fault);
      });
    },
    seed: (counts) => {
      change(() => {
        seedStore(store, typeof counts === 'number' ? seedCounts(counts) : counts);
      });
    },
    failNext: faults.add,
    clearFaults: faults.clear,
    setFaults: faults.set,
    slowDown: (milliseconds) => {
      faults.set({ ...faults.settings(), latencyMs: milliseconds });
    },
    close: async () =>
      new Promise((resolve) => {
        server.close(() => {
          database.close();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};

/** What is there from the beginning; a data file that has it already is left as it is. */
const furnish = (options: AppOptions, organizations: SandboxOptions['organizations'] & object): void => {
  const root: Store = storeFor(options, ROOT);
  if (root.get('organizations', owner.id) === undefined) root.insert('organizations', { ...owner });
  for (const { name, apiKey } of organizations) addOrganization(root, name, apiKey);
  for (const { id } of root.list('organizations'))
    if (root.elsewhere(id).list('roles').length === 0) addSystemObjects(root.elsewhere(id));
  options.database.commit();
};

const listen = async (
  app: App,
  host: string,
  port: number,
): Promise<{ readonly server: Server; readonly bound: number }> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, ({ port: bound }) => {
      resolve({ server, bound });
    }) as Server;
    server.once('error', reject);
  });
