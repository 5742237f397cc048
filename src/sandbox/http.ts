/** What a resource of the sandbox sees of a request, and what it answers. */
import type { Json, JsonObject } from '../core/json.js';
import type { Store } from './store.js';
import type { Version } from './versions.js';

export interface SandboxRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  readonly version: Version;
  readonly store: Store;
}

export interface Reply {
  readonly status: number;
  readonly body?: JsonObject;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters as `:id`. */
  readonly path: string;
  /** Versions that have it; all where absent. */
  readonly in?: (version: Version) => boolean;
  /** Name of the body's schema. */
  readonly schema?: string;
  readonly handle: (request: SandboxRequest) => Reply;
}

/** `{"data": …}`, the envelope of nearly every success. */
export const ok = (data: Json, beside: JsonObject = {}, status = 200): Reply => ({
  status,
  body: { data, ...beside },
});

/** The API's error shape. */
export const refuse = (status: number, key: string, message: string, metadata: JsonObject = {}): Reply => ({
  status,
  body: { key, message, metadata, status },
});

export const notFound = (what: string): Reply => refuse(404, 'not_found', `${what} not found`);

/** A reply that ends a request from deep within its handling; caught by the application alone. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly reply: Reply;
  constructor(reply: Reply) {
    super('refused');
    this.reply = reply;
  }
}
