/** A Polytomic in memory, for tests of applying: a collection is a list, and what it is told to fail fails. */
import type { Answer, Writer, WriteOptions } from '../../src/api/client.js';
import { ApiError, type Failure } from '../../src/api/failure.js';
import { dialectOf } from '../../src/api/versions.js';
import type { JsonObject } from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';

export interface Sent extends WriteOptions {
  readonly method: string;
  readonly path: string;
}

export interface MemoryWriter extends Writer {
  readonly sent: readonly Sent[];
  /** Ids that were asked for. */
  readonly read: readonly string[];
  /** Objects by id. */
  readonly objects: Map<string, JsonObject>;
  /** What the next calls of these methods answer, in order. */
  readonly next: (method: string, ...answers: readonly (Failure | Partial<Answer> | 'lost')[]) => void;
}

export const http = (status: number, message = 'no'): Failure => ({
  reason: 'http',
  status,
  message,
  metadata: {},
});

const nothing: Answer = { data: undefined, job: undefined, nextPage: undefined, body: undefined };

/** Creates get the ids `new-1`, `new-2` …; `lost` does the work, and answers with a fault. */
export const memoryWriter = (objects: readonly JsonObject[] = [], version = '2025-09-18'): MemoryWriter => {
  const stored = new Map(objects.map((object) => [asText(object['id']), object]));
  const sent: Sent[] = [];
  const read: string[] = [];
  const planned = new Map<string, (Failure | Partial<Answer> | 'lost')[]>();
  let made = 0;
  const work = (method: string, path: string, { body }: WriteOptions): Answer => {
    const id = path.split('/')[3];
    if (method === 'POST') {
      made += 1;
      const object = { ...(body as JsonObject), id: `new-${made}` };
      stored.set(object.id, object);
      return { ...nothing, data: object };
    }
    if (id === undefined) return { ...nothing, data: [...stored.values()] };
    const object = stored.get(id);
    if (object === undefined) throw new ApiError(http(404), method, path);
    if (method === 'GET') return { ...nothing, data: object };
    if (method === 'DELETE') {
      stored.delete(id);
      return nothing;
    }
    stored.set(id, { ...(body as JsonObject), id });
    return { ...nothing, data: stored.get(id) };
  };
  const call = async (method: string, path: string, options: WriteOptions = {}): Promise<Answer> => {
    await Promise.resolve();
    const answer = planned.get(method)?.shift();
    if (answer === undefined) return work(method, path, options);
    if (answer === 'lost') {
      work(method, path, options);
      throw new ApiError(http(500), method, path);
    }
    if ('reason' in answer) throw new ApiError(answer, method, path);
    return { ...nothing, ...answer };
  };
  return {
    dialect: dialectOf(version),
    // An apply asks for no target's fields.
    askTargetFields: async () => Promise.reject(new Error('not asked for by an apply')),
    askPreview: async () => Promise.reject(new Error('not asked for by an apply')),
    sent,
    read,
    objects: stored,
    next: (method, ...answers) => planned.set(method, [...answers]),
    get: async (path, query) => {
      read.push(path);
      return call('GET', path, query === undefined ? {} : { query });
    },
    send: async (method, path, options) => {
      sent.push({ method, path, ...options });
      return call(method, path, options);
    },
  };
};
