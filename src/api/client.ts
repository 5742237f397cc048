/**
 * The client. Reading and writing are two types, so that a plan is made by code that cannot write.
 * Transport rules: headers, envelope, errors and idempotency as the API's reference documents them.
 */
import ky, { HTTPError, type KyInstance } from 'ky';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import type { Secret } from '../core/secret.js';
import { boundedText, checkDepth, createMeter } from './bounds.js';
import { SYSTEMS, type Dialect } from './dialect.js';
import { ApiError, StrangeAnswerError, type Failure, type NoAnswer } from './failure.js';
import { createLimiter, type Limiter, type Verdict } from './limiter.js';
import { fetchThrough, type NetworkOptions } from './network.js';
import { shownHeaders, type Attempt } from './observe.js';
import { repeating, retriedStatuses, type Key, type RepeatOptions } from './repeat.js';

export interface ClientOptions extends NetworkOptions, RepeatOptions {
  readonly url: string;
  readonly apiKey: Secret;
  readonly dialect: Dialect;
  /** Id of the organization that is worked on, where it is known already. */
  readonly organization?: string;
  readonly userAgent: string;
  /** Calls under way at once, at the most. */
  readonly concurrency: number;
  /** Shared by all clients of a run. Default: one of its own. */
  readonly limiter?: Limiter;
  /** Milliseconds before the first retry; doubled for each further one. Default 500. */
  readonly retryDelay?: number;
  /** Removes secrets from texts that the API sends back. */
  readonly scrub?: (text: string) => string;
  /** Removes secrets from bodies that are traced. Default: as `scrub`. */
  readonly scrubBody?: (body: string) => string;
  /** Sees every parsed answer that may show a secret, of which no manifest may know. */
  readonly learn?: (body: Json | undefined) => void;
  /** Takes a text out of all that is told and traced from now on. */
  readonly hide?: (text: string) => void;
  /** What the addresses of these answers hold. Default: none is such. */
  readonly showsSecrets?: RegExp;
  /** Sees every attempt; secrets are removed from it. */
  readonly onAttempt?: (attempt: Attempt) => void;
}

/** A successful answer: `data`, and what stands beside it. */
export interface Answer {
  readonly data: Json | undefined;
  readonly job: JsonObject | undefined;
  readonly nextPage: string | undefined;
  /** The whole answer: that for the schema of a connection type has no envelope. */
  readonly body: JsonObject | undefined;
}

export type Query = Readonly<Record<string, string>>;

/** Reads, and nothing else: what a plan is made with. */
export interface Reader {
  readonly dialect: Dialect;
  /** Id of the organization that is read, where it is known already. */
  readonly organization?: string;
  /** Throws `ApiError`. */
  readonly get: (path: string, query?: Query) => Promise<Answer>;
  /**
   * Asks for the fields of a target object: the one question that the quickstart's version has a body for, which
   * names the object and nothing else. Throws `ApiError`.
   */
  readonly askTargetFields: (connectionId: string, target: string, refresh?: boolean) => Promise<Answer>;
  /**
   * Asks what the body of a create would make of a source, which is asked itself: nothing is made (api.md, 5).
   * Throws `ApiError`.
   */
  readonly askPreview: (body: Json) => Promise<Answer>;
}

const PREVIEW = '/api/model-preview';

export interface WriteOptions {
  readonly query?: Query;
  readonly body?: Json;
  /** For POST: makes a repeated call harmless (8 to 255 of `[A-Za-z0-9_-]`). */
  readonly idempotencyKey?: string;
  /** Called, and waited for, before another key takes the place of that one: nothing was done under it. */
  readonly onNewKey?: Key['onNewKey'];
  readonly finalConflict?: Key['finalConflict'];
  /** Id of the organization in which this is done, where a key of many acts in another one than that of the rest. */
  readonly within?: string;
}

export interface Writer extends Reader {
  /** Throws `ApiError`. */
  readonly send: (
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    options?: WriteOptions,
  ) => Promise<Answer>;
}

/** A client that only reads. */
export const createReader = (options: ClientOptions): Reader => {
  const { send: _, ...reader } = createWriter(options);
  return reader;
};

/** A client that reads and writes. */
export const createWriter = (options: ClientOptions): Writer => {
  const http = createHttp(options);
  const call = async (method: string, path: string, write: WriteOptions = {}): Promise<Answer> => {
    const isLost = (error: unknown): boolean =>
      error instanceof StrangeAnswerError || noAnswerOf(error, options).reason !== 'no-route';
    const repeat = repeating(options, keyOf(write), isLost);
    try {
      const response = await http(path.replace(/^\//, ''), {
        method,
        ...(write.query === undefined ? {} : { searchParams: write.query }),
        ...(write.body === undefined ? {} : { json: write.body }),
        ...repeat.options,
        headers: {
          ...repeat.headers,
          authorization: authorizationOf(options, path, write.within),
        },
      });
      return await readAnswer(response);
    } catch (error) {
      const failure = await failureOf(error, options);
      // The last attempt got nowhere; one before it may have.
      const lost = failure.reason === 'no-route' && repeat.wasUnanswered();
      throw new ApiError(lost ? { ...failure, reason: 'cut-short' } : failure, method, path);
    }
  };
  const { targetFields, targetFieldsBy, refreshesFields } = options.dialect.enumeration;
  return {
    dialect: options.dialect,
    ...(options.organization === undefined ? {} : { organization: options.organization }),
    get: async (path, query) => call('GET', path, query === undefined ? {} : { query }),
    askTargetFields: async (connectionId, target, refresh = false) => {
      const path = `${SYSTEMS}/${encodeURIComponent(connectionId)}/${targetFields}`;
      if (targetFieldsBy === 'body') return call('POST', path, { body: { target } });
      return call('GET', path, {
        query: { target, ...(refresh && refreshesFields ? { refresh: 'true' } : {}) },
      });
    },
    askPreview: async (body) =>
      call('POST', PREVIEW, { body, ...(options.dialect.modelJobs ? { query: { async: 'true' } } : {}) }),
    send: async (method, path, write) => call(method, path, write),
  };
};

/** What a partner asks of its account, and not within an organization: `/api/organizations`, and what is below. */
const ACCOUNT = /^\/api\/organizations(\/|$)/;

/**
 * The credential of a call: a key of many acts in an organization by `Basic` of its id and the key, and in the account by
 * `Bearer`, as a key of one does always (api.md, 1.2).
 */
const authorizationOf = (
  { apiKey, organization, dialect }: ClientOptions,
  path: string,
  within = organization,
): string =>
  dialect.administers !== true || within === undefined || ACCOUNT.test(path)
    ? `Bearer ${apiKey.reveal()}`
    : `Basic ${Buffer.from(`${within}:${apiKey.reveal()}`).toString('base64')}`;

const keyOf = ({ idempotencyKey: key, onNewKey, finalConflict }: WriteOptions): Key | undefined =>
  key === undefined
    ? undefined
    : {
        key,
        ...(onNewKey === undefined ? {} : { onNewKey }),
        ...(finalConflict === undefined ? {} : { finalConflict }),
      };

const createHttp = (options: ClientOptions): KyInstance => {
  const { retryDelay = 500, limiter = createLimiter({ most: options.concurrency }) } = options;
  const fetch = attemptOf(options);
  return ky.create({
    prefixUrl: baseUrl(options.url),
    fetch: async (input, init) => limiter.run(async () => fetch(new Request(input, init)), verdictOf),
    // Each attempt has its own time, which begins when there is room for it.
    timeout: false,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      'user-agent': options.userAgent,
      'x-polytomic-version': options.dialect.version,
    },
    retry: {
      methods: ['get', 'post', 'put', 'patch', 'delete'],
      statusCodes: retriedStatuses,
      afterStatusCodes: [429, 503],
      maxRetryAfter: 60_000,
      backoffLimit: 20_000,
      delay: (attempt) => retryDelay * 2 ** (attempt - 1),
      jitter: true,
      retryOnTimeout: true,
    },
  });
};

/** What an answer says of how much the API bears. */
const verdictOf = ({ status, headers }: Response): Verdict => {
  if (status !== 429 && status !== 503) return { load: status < 500 ? 'borne' : 'unknown' };
  const after = headers.get('retry-after');
  if (after === null) return { load: 'refused' };
  const seconds = Number(after);
  const pause = Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1000;
  return { load: 'refused', ...(Number.isNaN(pause) ? {} : { pause: Math.min(pause, 60_000) }) };
};

const isJson = (headers: Headers): boolean => (headers.get('content-type') ?? '').includes('json');

/** One attempt: the body is read too, so that one that is cut short counts as no answer. */
const attemptOf = (options: ClientOptions): ((request: Request) => Promise<Response>) => {
  const fetch = fetchThrough(options);
  const meter = createMeter();
  const { onAttempt, scrub = (text: string) => text, scrubBody = scrub, timeout } = options;
  return async (request) => {
    const startedAt = new Date();
    const start = performance.now();
    const sent = onAttempt === undefined || request.body === null ? '' : await request.clone().text();
    const observe = (
      responseBody: string,
      answer: Pick<Attempt, 'status' | 'responseHeaders' | 'error'>,
    ): void =>
      onAttempt?.({
        ...answer,
        startedAt,
        milliseconds: performance.now() - start,
        method: request.method,
        url: scrub(request.url),
        requestHeaders: shownHeaders(request.headers),
        requestBody: () => scrubBody(sent),
        responseBody: () => scrubBody(responseBody),
      });
    try {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeout)]);
      const response = await fetch(request, { signal });
      const text = await boundedText(response, meter);
      const { status, headers } = response;
      observe(text, { status, responseHeaders: shownHeaders(headers) });
      // Half of an answer, as if it were the whole: as good as none, and asked for again.
      const body = parseJson(text);
      if (response.ok && isJson(headers) && text.trim() !== '' && body === undefined)
        throw new StrangeAnswerError({ reason: 'not-json', status, message: strange(text) });
      checkDepth(status, body);
      if (options.showsSecrets?.test(request.url) === true) options.learn?.(body);
      const empty = status === 204 || status === 304;
      const answer = new Response(empty ? null : text, { status, headers });
      if (body !== undefined) bodies.set(answer, body);
      return answer;
    } catch (error) {
      if (error instanceof StrangeAnswerError) throw error;
      observe('', { status: 0, responseHeaders: [], error: scrub(String(error)) });
      throw error;
    }
  };
};

/** `polytomic.example.com/` becomes `https://polytomic.example.com`: a redirect would lose the body. */
export const baseUrl = (url: string): string =>
  (/^[a-z]+:\/\//i.test(url) ? url : `https://${url}`).replace(/\/+$/, '');

/** What the text of an answer was parsed to when it was looked through. */
const bodies = new WeakMap<Response, Json>();

const readAnswer = async (response: Response): Promise<Answer> => {
  const body = bodies.get(response);
  if (!isJsonObject(body)) {
    const text = await response.text();
    if (text.trim() === '') return { data: undefined, job: undefined, nextPage: undefined, body: undefined };
    throw new StrangeAnswerError({ reason: 'not-json', status: response.status, message: strange(text) });
  }
  const { data, job, pagination } = body;
  const next = isJsonObject(pagination) ? pagination['next_page_token'] : undefined;
  return {
    data,
    job: isJsonObject(job) ? job : undefined,
    nextPage: typeof next === 'string' && next !== '' ? next : undefined,
    body,
  };
};

const parseJson = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

const strange = (text: string): string =>
  /^\s*</.test(text) ? 'the answer is a web page, not JSON' : 'the answer is not JSON, or was cut short';

const failureOf = async (error: unknown, options: ClientOptions): Promise<Failure> => {
  const { scrub = (text) => text } = options;
  if (error instanceof StrangeAnswerError) return error.failure;
  if (error instanceof HTTPError)
    return httpFailure(error.response.status, await error.response.text(), error.response, scrub);
  return noAnswerOf(error, options);
};

/** Why there was no answer. */
const noAnswerOf = (error: unknown, { scrub = (text) => text, timeout }: ClientOptions): NoAnswer => {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return { reason: 'timeout', message: `no answer within ${timeout / 1000} s` };
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const text = cause instanceof Error ? cause.message : String(cause);
  return /terminated|aborted|other side closed|premature|UND_ERR_(SOCKET|RES)|ECONNRESET|EPIPE/i.test(
    `${code} ${text}`,
  )
    ? { reason: 'cut-short', message: 'the connection was closed before the answer was complete' }
    : { reason: 'no-route', message: scrub(`the API cannot be reached: ${text === '' ? code : text}`) };
};

const httpFailure = (
  status: number,
  text: string,
  response: Response,
  scrub: (text: string) => string,
): Failure => {
  if (status >= 300 && status < 400)
    return {
      reason: 'unexpected',
      status,
      message: `the address redirects to ${response.headers.get('location') ?? 'another one'}`,
    };
  const body = parseJson(text);
  if (!isJsonObject(body))
    return text.trim() === ''
      ? { reason: 'http', status, message: 'refused without a message', metadata: {} }
      : /^\s*</.test(text)
        ? { reason: 'not-json', status, message: strange(text) }
        : { reason: 'http', status, message: scrub(text.slice(0, 300)), metadata: {} };
  // Two shapes: {key, message, metadata, status}, and {code, context, error, status} for 401.
  const message = [body['message'], body['error']].find((part) => typeof part === 'string' && part !== '');
  const metadata = [body['metadata'], body['context']].find(isJsonObject) ?? {};
  return {
    reason: 'http',
    status,
    message: scrub(typeof message === 'string' ? message : 'refused without a message'),
    metadata,
    ...(typeof body['key'] === 'string' ? { key: body['key'] } : {}),
  };
};
