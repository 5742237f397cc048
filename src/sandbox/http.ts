/** What a resource of the sandbox sees of a request, and what it answers. */
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import type { Actor, Store, Stored } from './store.js';
import type { Version, Within } from './versions.js';

/** Who calls. */
export interface Caller {
  readonly actor: Actor;
  /** Absent for a partner's key that names no organization. */
  readonly organization: string | undefined;
  /** Of a user's key alone. */
  readonly email?: string;
  readonly role?: string;
}

export interface SandboxRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Values of a parameter that may be repeated. */
  readonly queries: (name: string) => readonly string[];
  readonly body: JsonObject;
  readonly version: Version;
  readonly caller: Caller;
  /** The caller's organization. */
  readonly store: Store;
  /** Where the sandbox is reached, without a slash at the end. */
  readonly baseUrl: string;
}

export interface Reply {
  readonly status: number;
  readonly body?: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters as `:id`. */
  readonly path: string;
  /** Versions that have it; all where absent. */
  readonly in?: Within;
  /** Names of the parameters of its query. */
  readonly query?: readonly string[];
  /** Type of the body; absent where nothing of it is read. */
  readonly body?: string;
  /** Type of what a success answers; absent where that has no body. */
  readonly answer?: string;
  /** Known, and answered with 501. */
  readonly unserved?: true;
  /** For the token of a Connect session in the query, instead of a key. */
  readonly session?: true;
  /** Open to a partner's key that names no organization. */
  readonly partner?: true;
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

/** A parameter that is JSON, or a 400 that names it; an empty object where it is absent. */
export const jsonParameter = (query: Readonly<Record<string, string>>, name: string): JsonObject => {
  const text = query[name];
  try {
    const value = text === undefined ? {} : (JSON.parse(text) as Json);
    if (isJsonObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new Refusal(refuse(400, `bad_${name}`, `${name} is no object in JSON`));
};

/** The object, or a 404. */
export const found = (object: Stored | undefined, what: string): Stored => {
  if (object === undefined) throw new Refusal(notFound(what));
  return object;
};

/** The routes of an update: PATCH or PUT, as the version has it. */
export const updates = (route: Omit<Route, 'method' | 'in'>): readonly Route[] =>
  (['PATCH', 'PUT'] as const).map((method) => ({
    ...route,
    method,
    in: ({ updateMethod }) => updateMethod === method,
  }));
