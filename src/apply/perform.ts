/** One change, done: the calls it takes, and what becomes of them when an answer is lost. */
import { createHash, randomBytes } from 'node:crypto';
import { awaitJob, type JobOptions } from '../api/calls.js';
import { awaitSchemas } from '../api/bulk.js';
import type { Answer, Writer } from '../api/client.js';
import { ApiError, isKeyInFlight, isMissing, isRefused, isUnknownOutcome } from '../api/failure.js';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import { endpointsOf } from '../kinds/endpoints.js';
import { identityOf, madeId, placeOf } from '../kinds/identity.js';
import type { Kind } from '../kinds/kind.js';
import { addressIn, listObjects, objectIn, OWN_ID, readObject } from '../live/objects.js';
import type { Recovered } from './recover.js';
import { pathFor, requestOf, sentOf } from './request.js';
import type { Step } from './step.js';

export interface PerformContext {
  readonly writer: Writer;
  readonly keys: Keys;
  /** Ids of every live object that was there before, or belongs to another step of this run. */
  readonly known: Set<string>;
  /** Whether another step of this run is about to make an object of this name. */
  readonly hasRival?: () => boolean;
  /** Told of each key of a create before it is used, and that nothing came of the last one. */
  readonly step: Pick<Step, 'begin' | 'failed'>;
  readonly jobs?: JobOptions;
}

/** The idempotency keys of a create. */
export interface Keys {
  /** Of each attempt, counted from 1. */
  readonly of: (attempt: number) => string;
  /** The first is that of a run that was killed: what it made may be gone again. */
  readonly resumed: boolean;
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
): Keys => {
  const left = keys.get(step);
  const hash = hashOf(body);
  // A key gets its first answer again whatever the body: another body (a secret, say) is another request.
  const own = createHash('sha256').update(`${keyBase}\n${step}\n${hash}`).digest('hex').slice(0, 40);
  const resumed = left?.body === hash;
  const first = resumed ? left.key : `pg-${own}`;
  const run = randomBytes(6).toString('hex');
  return { of: (attempt) => (attempt === 1 ? first : `pg-${own}-${run}-${attempt}`), resumed };
};

/** Creates an object, once. Throws `ApiError`. */
export const create = async (
  kind: Kind,
  name: string,
  body: Json,
  context: PerformContext,
): Promise<Performed> => {
  await awaitSource(kind, body, context);
  for (let attempt = 1; ; attempt += 1) {
    const made = await tryToCreate(kind, name, body, attempt, context);
    if (made === undefined) continue;
    context.known.add(made.id);
    return made;
  }
};

/**
 * Waits for what has to be there before an object can be made. A refusal over it is remembered under the key of the
 * create, and does not say for certain what is the matter: so it is waited for first. When the time is up the create is
 * sent all the same, and its answer is what is told.
 */
const awaitSource = async (
  { needsSchemasOf: field }: Kind,
  body: Json,
  { writer, jobs }: PerformContext,
): Promise<void> => {
  const connection = field === undefined || !isJsonObject(body) ? '' : asText(body[field]);
  if (connection === '') return;
  try {
    await awaitSchemas(writer, connection, jobs);
  } catch (error) {
    // Nothing to be asked here: the create tells.
    if (!isRefused(error)) throw error;
  }
};

/** One attempt, under one key; undefined where nothing came of it, and another one may be made. */
const tryToCreate = async (
  kind: Kind,
  name: string,
  body: Json,
  attempt: number,
  context: PerformContext,
): Promise<Performed | undefined> => {
  const { writer, keys, step } = context;
  const { create: endpoint, query = {} } = endpointsOf(kind, writer.dialect);
  const { method, path } = requestOf(kind, endpoint, 'create', (way) => pathFor(writer, way, body));
  const sent = sentOf(kind, endpoint, body, writer);
  await step.begin(keys.of(attempt));
  try {
    const answer = await writer.send(method, path, {
      body: sent,
      query,
      // The API takes a key with a POST; whatever else makes an object does the same twice.
      ...(method === 'POST'
        ? {
            idempotencyKey: keys.of(attempt),
            onNewKey: async (key: string) => {
              await step.failed();
              await step.begin(key);
            },
          }
        : {}),
    });
    const made = await finish(kind, method, path, answer, context, body);
    if (attempt > 1 || !keys.resumed || (await lives(kind, made.id, context))) return made;
    await step.failed();
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const next = afterFailure(error, attempt);
    if (next.looks) {
      const found = await (
        endpointsOf(kind, writer.dialect).list === undefined
          ? findUnlisted(kind, body, context)
          : findNew(kind, name, context)
      ).catch(() => 'nothing' as const);
      if (typeof found === 'object') return found;
      if (found === 'several') throw error;
    }
    if (!next.again) throw error;
    if (next.settled) await step.failed();
    return undefined;
  }
};

interface Next {
  /** Whether it may have been made all the same. */
  readonly looks: boolean;
  /** Whether another key may be tried where nothing is found. */
  readonly again: boolean;
  /** Whether nothing can come of the old key any more. */
  readonly settled: boolean;
}

/** What to do after an attempt at a create. */
const afterFailure = (error: ApiError, attempt: number): Next => {
  const { failure, method } = error;
  const conflict = isKeyInFlight(error);
  // What is under way is never asked for under another key; what only may be, after it was waited for.
  if (conflict !== undefined)
    return { looks: true, again: conflict === 'unclear' && attempt === 1, settled: false };
  // A refusal may be the echo of an earlier run's, under the key that follows from the plan: ask once more.
  // What its job says is no answer to the create: that was taken.
  if (isRefusal(error) && method !== 'GET') return { looks: false, again: attempt === 1, settled: true };
  // A fault is recorded under its key, and says nothing about what was done.
  const looks = mayHaveWorked(error);
  return {
    looks,
    again: looks && method !== 'GET' && attempt < CREATE_ATTEMPTS && failure.reason === 'http',
    settled: failure.reason === 'http' && !isUnknownOutcome(failure.status),
  };
};

/** Replaces an object as a whole. Throws `ApiError`. */
export const update = async (
  kind: Kind,
  id: string,
  body: Json,
  context: PerformContext,
): Promise<Performed> => {
  const { writer } = context;
  const { update: endpoint, query = {} } = endpointsOf(kind, writer.dialect);
  const { method, path } = requestOf(kind, endpoint, 'update', (way) => addressIn(writer, kind, id, way));
  const answer = await writer.send(method, path, { body: sentOf(kind, endpoint, body, writer), query });
  return finish(kind, method, path, answer, context, body, id);
};

/**
 * Deletes an object, or takes away what it holds where it cannot be deleted; one that is gone already is as good as
 * deleted. Throws `ApiError`.
 */
export const remove = async (kind: Kind, id: string, { writer }: PerformContext): Promise<void> => {
  const { remove: endpoint } = endpointsOf(kind, writer.dialect);
  try {
    const object = (endpoint?.path ?? '').includes(`{${OWN_ID}}`) ? await readObject(writer, kind, id) : {};
    const { method, path, body } = requestOf(kind, endpoint, 'delete', (way) =>
      addressIn(writer, kind, id, way, { [OWN_ID]: asText(object[OWN_ID]) }),
    );
    const within = endpoint?.inside === undefined ? undefined : placeOf(kind, id)[endpoint.inside];
    await writer.send(method, path, {
      ...(body === undefined ? {} : { body }),
      ...(within === undefined ? {} : { within }),
    });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
};

/** What the application itself refuses, and would repeat for a day under the same key. */
const isRefusal = ({ failure }: ApiError): boolean =>
  failure.reason === 'http' && [400, 403, 404, 409, 422].includes(failure.status);

/** Whether the API may have done what it gave no answer to; a job that cannot be found says nothing. */
export const mayHaveWorked = (error: ApiError): boolean => {
  const { failure, method } = error;
  if (failure.reason !== 'http') return failure.reason !== 'no-route';
  const { status } = failure;
  return (
    status === 500 ||
    isUnknownOutcome(status) ||
    isKeyInFlight(error) !== undefined ||
    (method === 'GET' && status === 404)
  );
};

const finish = async (
  kind: Kind,
  method: string,
  path: string,
  answer: Answer,
  { writer, jobs }: PerformContext,
  body: Json,
  id?: string,
): Promise<Performed> => {
  if (answer.job !== undefined) {
    const result = await awaitJob(writer, answer.job, jobs);
    const made = result?.['id'];
    if (typeof made === 'string') return { id: made, ...(result === undefined ? {} : { object: result }) };
    if (id !== undefined) return { id };
    throw new ApiError(
      { reason: 'unexpected', status: 200, message: `the job made no ${kind.noun.one}` },
      method,
      path,
    );
  }
  const endpoints = endpointsOf(kind, writer.dialect);
  const isNothing =
    endpoints.create?.answers === 'id' ||
    (endpoints.bare === true ? answer.body === undefined : answer.data == null);
  if (id !== undefined && isNothing) return { id };
  const told = id === undefined ? toldBy(kind, body) : kind.identity.idless === true ? placeOf(kind, id) : {};
  if (kind.identity.idless === true && isNothing) return { id: madeId(kind, told) };
  const object = objectIn(kind, endpoints, answer, method, path, told);
  return { id: asText(object['id']), object, ...noteOf(object) };
};

/** The fields of a body that tell an object which the API gives no id. */
const toldBy = ({ identity }: Kind, body: Json): Readonly<Record<string, string>> =>
  identity.idless === true && isJsonObject(body)
    ? Object.fromEntries(identity.fields.map((field) => [field, asText(body[field])]))
    : {};

const noteOf = ({
  auth_url: url,
  auth_code: code,
}: JsonObject): { readonly note: string } | Record<string, never> =>
  typeof url === 'string' && url !== ''
    ? {
        note: `authorise it in a browser: ${url}${typeof code === 'string' && code !== '' ? ` (code ${code})` : ''}`,
      }
    : {};

/** Whether an object is there: the answer to a repeated key may tell of one that was deleted since. */
const lives = async (kind: Kind, id: string, { writer }: PerformContext): Promise<boolean> => {
  try {
    await readObject(writer, kind, id);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

/** An object that no list holds, where it can be told that it is there. */
const findUnlisted = async (
  kind: Kind,
  body: Json,
  context: PerformContext,
): Promise<{ readonly id: string } | 'nothing'> => {
  const id = madeId(kind, toldBy(kind, body));
  const isItem = endpointsOf(kind, context.writer.dialect).within !== undefined;
  return isItem && (await lives(kind, id, context)) ? { id } : 'nothing';
};

/** The one object of this name that was not there before and is no other step's; `several` where nobody can tell. */
const findNew = async (
  kind: Kind,
  name: string,
  { writer, known, hasRival = () => false }: PerformContext,
): Promise<{ readonly id: string } | 'nothing' | 'several'> => {
  const listed: string[] = [];
  await listObjects(writer, kind, (object) => {
    if (identityOf(kind, object) === name) listed.push(asText(object['id']));
  });
  const found = listed.filter((id) => !known.has(id));
  const [id] = found;
  if (id === undefined) return 'nothing';
  if (found.length > 1 || hasRival()) return 'several';
  known.add(id);
  return { id };
};
