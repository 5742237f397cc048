/** One change, done: the calls it takes, and what becomes of them when an answer is lost. */
import { createHash, randomBytes } from 'node:crypto';
import { awaitJob, listPages, objectOf, type JobOptions } from '../api/calls.js';
import type { Answer, Writer } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import { canonicalJson, type Json, type JsonObject } from '../core/json.js';
import type { Kind } from '../kinds/kind.js';
import { asText } from '../core/text.js';
import type { Recovered } from './recover.js';

export interface PerformContext {
  readonly writer: Writer;
  /** The idempotency key of each attempt at a create, counted from 1. */
  readonly keys: (attempt: number) => string;
  /** Ids of every live object that was there before. */
  readonly known: ReadonlySet<string>;
  readonly jobs?: JobOptions;
}

/** What a create or an update left behind. */
export interface Performed {
  readonly id: string;
  /** As the API answered; absent where it did not. */
  readonly object?: JsonObject;
  /** What a person has to do to finish, e.g. authorise in a browser. */
  readonly note?: string;
}

/** New keys after a recorded fault; each is looked into before the next is tried. */
const CREATE_ATTEMPTS = 3;

/** A hash of a body: what a key goes with. */
export const hashOf = (body: Json): string => createHash('sha256').update(canonicalJson(body)).digest('hex');

/**
 * The idempotency keys of a create (8 to 255 of `[A-Za-z0-9_-]`). The first is that of the run that was killed
 * over the same body, else one that follows from the plan, so that a retry in another process is the same
 * request; those after it are this run's own.
 */
export const keysFor = (
  { keyBase, keys }: { readonly keyBase: string; readonly keys: Recovered['keys'] },
  step: string,
  body: Json,
): ((attempt: number) => string) => {
  const left = keys.get(step);
  const own = createHash('sha256').update(`${keyBase}\n${step}`).digest('hex').slice(0, 40);
  const first = left?.body === hashOf(body) ? left.key : `pg-${own}`;
  const run = randomBytes(6).toString('hex');
  return (attempt) => (attempt === 1 ? first : `pg-${own}-${run}-${attempt}`);
};

/** Creates an object, once. Throws `ApiError`. */
export const create = async (
  kind: Kind,
  name: string,
  body: Json,
  context: PerformContext,
): Promise<Performed> => {
  const { writer, keys, known } = context;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await writer.send('POST', kind.collection, {
        body,
        query: kind.writeQuery(writer.dialect),
        idempotencyKey: keys(attempt),
      });
      return await finish(kind, 'POST', kind.collection, answer, context);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // What its job says is no answer to the create: that was taken.
      const ofJob = error.method === 'GET';
      // A refusal may be the echo of an earlier run's, under the key that follows from the plan: ask once more.
      if (!ofJob && attempt === 1 && isRefusal(error)) continue;
      if (!mayHaveWorked(error)) throw error;
      // A fault is recorded under its key, and says nothing about what was done: look first.
      const made = await findNew(writer, kind, name, known).catch(() => undefined);
      if (made !== undefined) return { id: made };
      if (ofJob || attempt === CREATE_ATTEMPTS || error.failure.reason !== 'http') throw error;
    }
  }
};

/** Replaces an object as a whole. Throws `ApiError`. */
export const update = async (
  kind: Kind,
  id: string,
  body: Json,
  context: PerformContext,
): Promise<Performed> => {
  const path = `${kind.collection}/${encodeURIComponent(id)}`;
  const { dialect, send } = context.writer;
  const answer = await send(dialect.updateMethod, path, { body, query: kind.writeQuery(dialect) });
  return finish(kind, dialect.updateMethod, path, answer, context, id);
};

/** Deletes an object; one that is gone already is as good as deleted. Throws `ApiError`. */
export const remove = async (kind: Kind, id: string, { writer }: PerformContext): Promise<void> => {
  try {
    await writer.send('DELETE', `${kind.collection}/${encodeURIComponent(id)}`);
  } catch (error) {
    if (!(error instanceof ApiError) || error.failure.reason !== 'http' || error.failure.status !== 404)
      throw error;
  }
};

/** What the application itself refuses, and would repeat for a day under the same key. */
const isRefusal = ({ failure }: ApiError): boolean =>
  failure.reason === 'http' && [400, 403, 404, 409, 422].includes(failure.status);

/** Whether the API may have done what it gave no answer to; a job that cannot be found says nothing. */
export const mayHaveWorked = ({ failure, method }: ApiError): boolean =>
  failure.reason === 'http'
    ? failure.status >= 500 || (method === 'GET' && failure.status === 404)
    : failure.reason !== 'no-route';

const finish = async (
  kind: Kind,
  method: string,
  path: string,
  answer: Answer,
  { writer, jobs }: PerformContext,
  id?: string,
): Promise<Performed> => {
  if (answer.job !== undefined) {
    const result = await awaitJob(writer, answer.job, jobs);
    const made = result?.['id'];
    if (typeof made === 'string') return { id: made, ...(result === undefined ? {} : { object: result }) };
    if (id !== undefined) return { id };
    throw new ApiError(
      { reason: 'unexpected', status: 200, message: `the job made no ${kind.name.toLowerCase()}` },
      method,
      path,
    );
  }
  if (id !== undefined && answer.data == null) return { id };
  const object = objectOf(answer, method, path);
  return { id: asText(object['id']), object, ...noteOf(object) };
};

const noteOf = ({
  auth_url: url,
  auth_code: code,
}: JsonObject): { readonly note: string } | Record<string, never> =>
  typeof url === 'string' && url !== ''
    ? {
        note: `authorise it in a browser: ${url}${typeof code === 'string' && code !== '' ? ` (code ${code})` : ''}`,
      }
    : {};

/** The one object of this name that was not there before, or nothing. */
const findNew = async (
  writer: Writer,
  kind: Kind,
  name: string,
  known: ReadonlySet<string>,
): Promise<string | undefined> => {
  const found: string[] = [];
  await listPages(writer, kind.collection, (object) => {
    if (object['name'] === name && !known.has(asText(object['id']))) found.push(asText(object['id']));
  });
  return found.length === 1 ? found[0] : undefined;
};
