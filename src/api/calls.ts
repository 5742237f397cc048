/** The calls that every kind shares: lists page by page, one object, jobs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonArray, isJsonObject, type JsonObject } from '../core/json.js';
import { grouped } from '../core/text.js';
import { bounds } from './bounds.js';
import type { Answer, Query, Reader } from './client.js';
import { ApiError, isMissing } from './failure.js';

/** Who the key belongs to. */
export interface Identity {
  readonly organization: { readonly id: string; readonly name: string };
  readonly caller: 'user' | 'organization' | 'partner' | 'system';
  readonly email?: string;
  readonly role?: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Whether a key acts in more than one organization: it names none of its own, or is one of a partner or a deployment. */
export const actsInMany = ({ organization, caller }: Identity): boolean =>
  caller === 'partner' || caller === 'system' || organization.id === '';

/** The organizations of a partner, its own first (api.md, 13). Throws `ApiError`. */
export const listOrganizations = async (reader: Reader): Promise<readonly Identity['organization'][]> => {
  const found: Identity['organization'][] = [];
  await listPages(reader, '/api/organizations', ({ id, name }) =>
    found.push({ id: text(id), name: text(name) }),
  );
  return found;
};

/** `GET /api/me`, the quickstart's first call. Throws `ApiError`. */
export const readIdentity = async (reader: Reader): Promise<Identity> => {
  const { data } = await reader.get('/api/me');
  if (!isJsonObject(data))
    throw new ApiError(
      { reason: 'unexpected', status: 200, message: 'the answer names no caller' },
      'GET',
      '/api/me',
    );
  const caller =
    data['is_user'] === true
      ? 'user'
      : data['is_partner'] === true
        ? 'partner'
        : data['is_system'] === true
          ? 'system'
          : 'organization';
  return {
    organization: { id: text(data['organization_id']), name: text(data['organization_name']) },
    caller,
    ...(text(data['email']) === '' ? {} : { email: text(data['email']) }),
    ...(text(data['role']) === '' ? {} : { role: text(data['role']) }),
  };
};

/** Reads a list page by page; `visit` sees each object once, as its page arrives. Throws `ApiError`. */
export const listPages = async (
  reader: Reader,
  path: string,
  visit: (object: JsonObject) => void,
  asked?: Query,
): Promise<void> => {
  const seen = new Set<string>();
  const tokens = new Set<string>();
  const endless = (why: string): ApiError =>
    new ApiError(
      { reason: 'over-limit', status: 200, message: `the pages of the list never end: ${why}` },
      'GET',
      path,
    );
  let query = asked;
  let empty = 0;
  for (;;) {
    const known = seen.size;
    const { data, nextPage } = await reader.get(path, query);
    // An absent list and an empty one are answered one for the other.
    if (data != null && !isJsonArray(data))
      throw new ApiError(
        { reason: 'unexpected', status: 200, message: 'the answer is no list' },
        'GET',
        path,
      );
    for (const object of (data ?? []).filter(isJsonObject)) {
      const id = text(object['id']);
      // The order is by last change: a write meanwhile moves an object to another page.
      if (id === '' || seen.has(id)) continue;
      seen.add(id);
      visit(object);
    }
    if (nextPage === undefined) return;
    empty = seen.size === known ? empty + 1 : 0;
    if (tokens.has(nextPage)) throw endless('one of them leads back to one before it');
    if (empty === bounds.emptyPages) throw endless(`the last ${bounds.emptyPages} brought nothing new`);
    tokens.add(nextPage);
    if (tokens.size === bounds.pages)
      throw endless(`after ${grouped(bounds.pages)} there is another one, and no more are read`);
    query = { ...asked, page_token: nextPage };
  }
};

/** The object of an answer. Throws `ApiError` where there is none. */
export const objectOf = ({ data }: Answer, method: string, path: string): JsonObject => {
  if (isJsonObject(data) && text(data['id']) !== '') return data;
  throw new ApiError(
    { reason: 'unexpected', status: 200, message: 'the answer holds no object with an id' },
    method,
    path,
  );
};

export interface JobOptions {
  /** Milliseconds before the first question. Default 50; between two it grows to 100 times as much. */
  readonly interval?: number;
  /** Milliseconds until a job is given up. Default ten minutes. */
  readonly timeout?: number;
  /** Called before each pause: who waits needs none of what others could use meanwhile. */
  readonly onPause?: () => void;
}

/** How often a job may be missing that was just begun: not every server knows of it at once. */
const MISSES = 5;

const readJob = async (reader: Reader, path: string, pause: number): Promise<Answer['data']> => {
  for (let misses = 1; ; misses += 1)
    try {
      return (await reader.get(path)).data;
    } catch (error) {
      if (!isMissing(error) || misses === MISSES) throw error;
      await sleep(pause);
    }
};

/** Waits for a job (`{type, job_id, status}`) and gives its result. Throws `ApiError` where it fails. */
export const awaitJob = async (
  reader: Reader,
  job: JsonObject,
  options: JobOptions = {},
): Promise<JsonObject | undefined> => {
  const { interval = 50, timeout = 600_000 } = options;
  const path = `/api/jobs/${encodeURIComponent(text(job['type']))}/${encodeURIComponent(text(job['job_id'] ?? job['id']))}`;
  const end = performance.now() + timeout;
  let current = job;
  for (let pause = interval; ; pause = Math.min(pause * 1.5, interval * 100)) {
    const status = text(current['status']);
    if (status === 'done') return isJsonObject(current['result']) ? current['result'] : undefined;
    if (status === 'failed') {
      const message = text(current['error']);
      throw new ApiError(
        { reason: 'http', status: 422, message: message === '' ? 'the job failed' : message, metadata: {} },
        'GET',
        path,
      );
    }
    if (performance.now() > end)
      throw new ApiError(
        { reason: 'timeout', message: `the job is not done after ${timeout / 1000} s` },
        'GET',
        path,
      );
    options.onPause?.();
    await sleep(pause);
    const data = await readJob(reader, path, interval * 4);
    if (!isJsonObject(data))
      throw new ApiError(
        { reason: 'unexpected', status: 200, message: 'the answer holds no job' },
        'GET',
        path,
      );
    current = data;
  }
};
