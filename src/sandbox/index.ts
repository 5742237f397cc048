/** A Polytomic API that runs here: for trying out, for rehearsals and for tests. */
import { serve, type HttpBindings } from '@hono/node-server';
import type { Server } from 'node:http';
import type { Hono } from 'hono';
import type { JsonObject } from '../core/json.js';
import { mergePatch } from '../core/merge.js';
import { addSystemObjects } from './administration.js';
import { createApp, type RecordedRequest } from './app.js';
import { createFaults, type Fault } from './faults.js';
import { organization } from './fixtures.js';
import { seedStore, type SeedCounts } from './seed.js';
import { createStore, type Collection, type Stored } from './store.js';

export type { Collection, Fault, RecordedRequest, SeedCounts, Stored };

export interface SandboxOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default 127.0.0.1: nobody else can reach it. */
  readonly host?: string;
  /** Default `sandbox-key`. */
  readonly apiKey?: string;
  /** Milliseconds that each answer takes. Default 0. */
  readonly latencyMs?: number;
  /** How often a job is asked for until it is done. Default 2. */
  readonly jobPolls?: number;
  /** Default 5 MiB. */
  readonly maxBodyBytes?: number;
}

export interface Sandbox {
  readonly url: string;
  readonly port: number;
  readonly apiKey: string;
  readonly organization: { readonly id: string; readonly name: string };
  /** Every request so far, in the order of their answers. */
  readonly requests: readonly RecordedRequest[];
  readonly clearRequests: () => void;
  /** What is stored, secrets in clear: for tests. */
  readonly list: (collection: Collection) => readonly Stored[];
  /** Somebody edits an object in the web page: a merge patch (RFC 7396). Throws for an unknown id. */
  readonly edit: (collection: Collection, id: string, change: JsonObject) => void;
  /** Somebody deletes an object in the web page. */
  readonly remove: (collection: Collection, id: string) => void;
  /** Adds objects that nobody asked for. */
  readonly seed: (counts: SeedCounts) => void;
  /** The next requests that match fail. */
  readonly failNext: (fault: Fault) => void;
  /** Each answer takes so many milliseconds from now on. */
  readonly slowDown: (milliseconds: number) => void;
  readonly close: () => Promise<void>;
}

/** Starts a sandbox; it listens when the promise resolves. Rejects where the port is taken. */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const {
    port = 0,
    host = '127.0.0.1',
    apiKey = 'sandbox-key',
    latencyMs = 0,
    jobPolls = 2,
    maxBodyBytes = 5 * 1024 * 1024,
  } = options;
  let latency = latencyMs;
  const store = createStore(jobPolls);
  addSystemObjects(store);
  const faults = createFaults();
  const requests: RecordedRequest[] = [];
  const app = createApp({
    store,
    faults,
    apiKey,
    latency: () => latency,
    maxBodyBytes,
    record: (request) => requests.push(request),
  });
  const { server, bound } = await listen(app, host, port);
  return {
    url: `http://${host}:${bound}`,
    port: bound,
    apiKey,
    organization,
    requests,
    clearRequests: () => {
      requests.length = 0;
    },
    list: (collection) => store.list(collection),
    edit: (collection, id, change) => {
      const before = store.get(collection, id);
      if (before === undefined) throw new Error(`no ${collection} ${id}`);
      store.replace(collection, id, mergePatch(before, change));
    },
    remove: (collection, id) => {
      store.remove(collection, id);
    },
    seed: (counts) => {
      seedStore(store, counts);
    },
    failNext: faults.add,
    slowDown: (milliseconds) => {
      latency = milliseconds;
    },
    close: async () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};

const listen = async (
  app: Hono<{ Bindings: HttpBindings }>,
  host: string,
  port: number,
): Promise<{ readonly server: Server; readonly bound: number }> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, ({ port: bound }) => {
      resolve({ server, bound });
    }) as Server;
    server.once('error', reject);
  });
