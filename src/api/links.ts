/**
 * Files behind signed links: those of a run's log (ExecutionLogResponse, BulkSyncExecutionLogs). They lie in a storage
 * that is somebody else's, and whoever has the link may read them: no key is sent there, and no link is told to anybody.
 */
import ky, { HTTPError } from 'ky';
import { bounds } from './bounds.js';
import { baseUrl, type ClientOptions } from './client.js';
import { ApiError, type Failure } from './failure.js';
import { fetchThrough } from './network.js';

export interface Lines {
  readonly lines: readonly string[];
  /** There is more in the file than was read. */
  readonly isCut: boolean;
}

export interface LinkReader {
  /** Keeps links out of all that is told and traced: to be called for all of an answer, read or not. */
  readonly hide: (links: readonly string[]) => void;
  /** Reads the first lines of the file behind a link. Throws `ApiError`, in which the link is not. */
  readonly read: (link: string, most: number, signal?: AbortSignal) => Promise<Lines>;
}

/** What a link is called where it is told of. */
const nameOf = (origin: string): string => `the file of a log at ${origin}`;

const refuse = (origin: string, failure: Failure): ApiError => new ApiError(failure, 'GET', nameOf(origin));

/** The address of a link. Throws `ApiError` for one that leads to no storage: without TLS anybody reads along. */
const addressOf = (link: string, api: string): URL => {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url !== undefined && (url.protocol === 'https:' || url.origin === new URL(baseUrl(api)).origin))
    return url;
  throw refuse(url?.host ?? 'no address', {
    reason: 'unexpected',
    status: 200,
    message: 'the link to it is none of https',
  });
};

/** The lines of a body as far as the bounds go; what is left of it is not waited for. */
const linesIn = async (response: Response, most: number): Promise<Lines> => {
  if (response.body === null) return { lines: [], isCut: false };
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let begun = '';
  let bytes = 0;
  const add = (texts: readonly string[]): void => {
    lines.push(...texts.filter((line) => line.trim() !== ''));
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      bytes += value?.byteLength ?? 0;
      const pieces = (begun + (done ? decoder.decode() : decoder.decode(value, { stream: true }))).split(
        /\r?\n/,
      );
      begun = done ? '' : (pieces.pop() ?? '');
      add(pieces);
      if (lines.length > most) return { lines: lines.slice(0, most), isCut: true };
      if (done) return { lines, isCut: false };
      if (bytes > bounds.fileBytes || begun.length > bounds.lineLength) return { lines, isCut: true };
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
};

const failureOf = (error: unknown, scrub: (text: string) => string): Failure => {
  if (error instanceof HTTPError) {
    const { status } = error.response;
    return status >= 300 && status < 400
      ? { reason: 'unexpected', status, message: 'the link leads on to another one, which is not followed' }
      : { reason: 'http', status, message: 'the link is refused', metadata: {} };
  }
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return { reason: 'timeout', message: 'it was not read in time' };
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return {
    reason: 'no-route',
    message: scrub(`it cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`),
  };
};

/** A reader of links, on the same way out as the client, and without its key. */
export const createLinkReader = (options: ClientOptions): LinkReader => {
  const fetch = fetchThrough(options);
  const { url: api, timeout, retryDelay = 500, hide, onAttempt, scrub = (text: string) => text } = options;
  const read: LinkReader['read'] = async (link, most, signal) => {
    const url = addressOf(link, api);
    const startedAt = new Date();
    const start = performance.now();
    // Neither the link nor a row is in a trace.
    const observe = (status: number, error?: string): void =>
      onAttempt?.({
        startedAt,
        milliseconds: performance.now() - start,
        method: 'GET',
        url: `${url.origin}/(signed)`,
        requestHeaders: [],
        requestBody: () => '',
        status,
        responseHeaders: [],
        responseBody: () => '',
        ...(error === undefined ? {} : { error }),
      });
    try {
      const response = await ky.get(url, {
        fetch,
        redirect: 'manual',
        headers: { 'user-agent': options.userAgent },
        timeout: false,
        signal: AbortSignal.any([AbortSignal.timeout(timeout), ...(signal === undefined ? [] : [signal])]),
        retry: { limit: 2, delay: (attempt) => retryDelay * 2 ** (attempt - 1) },
      });
      const lines = await linesIn(response, most);
      observe(response.status);
      return lines;
    } catch (error) {
      const failure = failureOf(error, scrub);
      observe('status' in failure ? failure.status : 0, failure.message);
      throw refuse(url.host, failure);
    }
  };
  return {
    hide: (links) => {
      for (const link of links) hide?.(link);
    },
    read,
  };
};
