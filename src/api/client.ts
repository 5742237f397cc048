/**
 * The client. Reading and writing are two types, so that a plan is made by code that cannot write.
 * Transport rules: headers, envelope, errors and idempotency as the API's reference documents them.
 */
import ky, { HTTPError, TimeoutError, type KyInstance } from 'ky';
import pLimit from 'p-limit';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import type { Secret } from '../core/secret.js';
import type { Dialect } from './dialect.js';
import { ApiError, type Failure } from './failure.js';
import { fetchThrough, type NetworkOptions } from './network.js';

export interface ClientOptions extends NetworkOptions {
  readonly url: string;
  readonly apiKey: Secret;
  readonly dialect: Dialect;
  readonly userAgent: string;
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Calls under way at once. */
  readonly concurrency: number;
  /** Attempts after the first. Default 4. */
  readonly retries?: number;
  /** Milliseconds before the first retry; doubled for each further one. Default 500. */
  readonly retryDelay?: number;
  /** Removes secrets from texts that the API sends back. */
  readonly scrub?: (text: string) => string;
}

/** A successful answer: `data`, and what stands beside it. */
export interface Answer {
  readonly data: Json | undefined;
  readonly job: JsonObject | undefined;
  readonly nextPage: string | undefined;
}

export type Query = Readonly<Record<string, string>>;

/** Reads, and nothing else: what a plan is made with. */
export interface Reader {
  readonly dialect: Dialect;
  /** Throws `ApiError`. */
  readonly get: (path: string, query?: Query) => Promise<Answer>;
}

export interface WriteOptions {
  readonly query?: Query;
  readonly body?: Json;
  /** For POST: makes a repeated call harmless (8 to 255 of `[A-Za-z0-9_-]`). */
  readonly idempotencyKey?: string;
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
  const { dialect, get } = createWriter(options);
  return { dialect, get };
};

/** A client that reads and writes. */
export const createWriter = (options: ClientOptions): Writer => {
  const limit = pLimit(options.concurrency);
  const http = createHttp(options);
  const call = async (method: string, path: string, write: WriteOptions = {}): Promise<Answer> =>
    limit(async () => {
      try {
        const response = await http(path.replace(/^\//, ''), {
          method,
          ...(write.query === undefined ? {} : { searchParams: write.query }),
          ...(write.body === undefined ? {} : { json: write.body }),
          ...(write.idempotencyKey === undefined
            ? {}
            : { headers: { 'idempotency-key': write.idempotencyKey } }),
        });
        return readAnswer(response.status, await response.text());
      } catch (error) {
        throw new ApiError(await failureOf(error, options), method, path);
      }
    });
  return {
    dialect: options.dialect,
    get: async (path, query) => call('GET', path, query === undefined ? {} : { query }),
    send: async (method, path, write) => call(method, path, write),
  };
};

/** Whole replacements and reads may be repeated after any fault; a creation only where nothing was done. */
const retriedStatuses = [408, 429, 500, 502, 503, 504];

const createHttp = (options: ClientOptions): KyInstance => {
  const { retries = 4, retryDelay = 500 } = options;
  return ky.create({
    prefixUrl: baseUrl(options.url),
    fetch: fetchThrough(options),
    timeout: options.timeout,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${options.apiKey.reveal()}`,
      'user-agent': options.userAgent,
      'x-polytomic-version': options.dialect.version,
    },
    retry: {
      limit: retries,
      methods: ['get', 'post', 'put', 'patch', 'delete'],
      statusCodes: retriedStatuses,
      afterStatusCodes: [429, 503],
      maxRetryAfter: 60_000,
      backoffLimit: 20_000,
      delay: (attempt) => retryDelay * 2 ** (attempt - 1),
      jitter: true,
      retryOnTimeout: true,
      shouldRetry: ({ error }) => {
        if (!(error instanceof HTTPError)) return undefined;
        const { request, response } = error;
        if (request.method !== 'POST') return undefined;
        // A key repeats the first answer, a fault included: another attempt would only get it again.
        return response.status === 429 || (response.status === 409 && request.headers.has('x-attempt'));
      },
    },
    hooks: {
      beforeRetry: [
        ({ request, error }) => {
          // Nothing was done: a new attempt under a new key. Without an answer: the same key, so that
          // nothing is made twice.
          const key = request.headers.get('idempotency-key');
          if (key !== null && error instanceof HTTPError && error.response.status === 429)
            request.headers.set('idempotency-key', nextKey(key));
          request.headers.set('x-attempt', 'retry');
        },
      ],
      afterResponse: [
        async (_request, _options, response) => {
          // Read here, so that a body that is cut short counts as no answer and is asked for again.
          const text = await response.text();
          const empty = response.status === 204 || response.status === 304;
          return new Response(empty ? null : text, { status: response.status, headers: response.headers });
        },
      ],
    },
  });
};

/** The key of the attempt after `key`. */
const nextKey = (key: string): string => {
  const match = /^(.*)_r(\d+)$/.exec(key);
  return match === null ? `${key}_r2` : `${match[1] ?? ''}_r${Number(match[2]) + 1}`;
};

/** `polytomic.example.com/` becomes `https://polytomic.example.com`: a redirect would lose the body. */
export const baseUrl = (url: string): string =>
  (/^[a-z]+:\/\//i.test(url) ? url : `https://${url}`).replace(/\/+$/, '');

class StrangeAnswerError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

const readAnswer = (status: number, text: string): Answer => {
  if (text.trim() === '') return { data: undefined, job: undefined, nextPage: undefined };
  const body = parseJson(text);
  if (!isJsonObject(body))
    throw new StrangeAnswerError({ reason: 'not-json', status, message: strange(text) });
  const { data, job, pagination } = body;
  const next = isJsonObject(pagination) ? pagination['next_page_token'] : undefined;
  return {
    data,
    job: isJsonObject(job) ? job : undefined,
    nextPage: typeof next === 'string' && next !== '' ? next : undefined,
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

const failureOf = async (
  error: unknown,
  { scrub = (text) => text, timeout }: ClientOptions,
): Promise<Failure> => {
  if (error instanceof StrangeAnswerError) return error.failure;
  if (error instanceof TimeoutError)
    return { reason: 'timeout', message: `no answer within ${timeout / 1000} s` };
  if (error instanceof HTTPError)
    return httpFailure(error.response.status, await error.response.text(), error.response, scrub);
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
  };
};
