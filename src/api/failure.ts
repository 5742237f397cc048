/** What can go wrong with a call, as values, and what to tell the person. */
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import { isJsonArray, isJsonObject, type JsonObject } from '../core/json.js';
import { asText, printable } from '../core/text.js';

export interface HttpFailure {
  readonly reason: 'http';
  readonly status: number;
  readonly message: string;
  readonly metadata: JsonObject;
  /** What the API calls this error; its words are not documented. */
  readonly key?: string;
}

/** Nothing is known of what the server did. */
export interface NoAnswer {
  readonly reason: 'no-route' | 'timeout' | 'cut-short';
  readonly message: string;
}

/** An answer that is none of this API. */
export interface StrangeAnswer {
  readonly reason: 'not-json' | 'unexpected' | 'over-limit';
  readonly status: number;
  readonly message: string;
}

export type Failure = HttpFailure | NoAnswer | StrangeAnswer;

/** A call that failed for good, after its retries. Caught where the resource it is about is known. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly failure: Failure;
  readonly method: string;
  readonly path: string;

  constructor(failure: Failure, method: string, path: string) {
    super(`${method} ${path}: ${failure.message}`);
    this.failure = failure;
    this.method = method;
    this.path = path;
  }
}

/** An answer of one attempt that cannot be used. Within the client; outside of it this is an `ApiError`. */
export class StrangeAnswerError extends Error {
  override readonly name = 'StrangeAnswerError';
  readonly failure: StrangeAnswer;
  constructor(failure: StrangeAnswer) {
    super(failure.message);
    this.failure = failure;
  }
}

/** Whether another attempt would bring the same: the answer is beyond all bounds. */
export const isOverLimit = (error: unknown): boolean =>
  error instanceof StrangeAnswerError && error.failure.reason === 'over-limit';

/** Whether an error is an answer of the API with one of these statuses. */
export const isAnswered = (error: unknown, ...statuses: readonly number[]): boolean =>
  error instanceof ApiError && error.failure.reason === 'http' && statuses.includes(error.failure.status);

/** Whether an error says that there is no such thing. */
export const isMissing = (error: unknown): boolean => isAnswered(error, 404);

/** Whether an error says that a connection has no such thing, or that this cannot be asked of it. */
export const isRefused = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.failure.reason === 'http' && [400, 404].includes(error.failure.status);

/** Whether a status says nothing of what was done: one of a gateway, behind which the work may go on. */
export const isUnknownOutcome = (status: number): boolean => status === 408 || status > 500;

/**
 * What a 409 for a request with an idempotency key means. Documented is that a key in flight gets one, and not what
 * it says; a name that is taken gets one, too.
 */
export const conflictOf = (text: string): 'in-flight' | 'other' | 'unclear' =>
  /idempot|in.?flight/i.test(text)
    ? 'in-flight'
    : /exist|taken|in.use|duplicate|unique/i.test(text)
      ? 'other'
      : 'unclear';

/** Whether an error is the 409 of an idempotency key whose first request is under way, or may be one. */
export const isKeyInFlight = ({ failure, method }: ApiError): 'in-flight' | 'unclear' | undefined => {
  if (failure.reason !== 'http' || failure.status !== 409 || method !== 'POST') return undefined;
  const conflict = conflictOf(`${failure.key ?? ''} ${failure.message}`);
  return conflict === 'other' ? undefined : conflict;
};

/** Why a call failed, in a word or two: its status, or what happened. */
export const whyNot = ({ failure }: ApiError): string =>
  failure.reason === 'http' ? String(failure.status) : failure.message;

const hints: Readonly<Record<number, string>> = {
  401: 'check POLYTOMIC_API_KEY: it is missing a part, was revoked, or belongs to another deployment',
  403: 'the key may not do this: give its user or policy the permission, or use another key',
  404: 'it may have been deleted meanwhile, or belong to another organization; plan again',
  408: 'try again; timeout in the configuration file gives a call more time',
  409: 'something else works on it at this moment; wait for that and apply again',
  413: 'the manifest is larger than the API takes; make it smaller',
  429: 'the API was asked too often; lower concurrency in the configuration file, or try again later',
};

const reasonHints: Readonly<Record<Exclude<Failure['reason'], 'http'>, string>> = {
  'no-route': 'check the network, the url and the proxy settings (HTTPS_PROXY, NO_PROXY)',
  timeout: 'try again; timeout in the configuration file gives a call more time',
  'cut-short': 'the connection broke in the middle of an answer; try again, and check proxies on the way',
  'not-json':
    'something else answers at this address: check the url, and proxies or sign-in pages on the way',
  'over-limit':
    'something else answers at this address, or the API is at fault: check the url, and tell Polytomic',
  unexpected: 'the answer is not what the API documents; check url and version in the configuration file',
};

const hintOf = (error: ApiError): string =>
  isKeyInFlight(error) === 'in-flight' ? inFlightHint : hintOfFailure(error.failure);

const inFlightHint =
  'an earlier request for the same thing is still under way, and was waited for; apply again in a few minutes: it is asked for with the same idempotency key, and made once';

const hintOfFailure = (failure: Failure): string =>
  failure.reason !== 'http'
    ? reasonHints[failure.reason]
    : failure.status >= 500
      ? 'the fault is on the other side; try again, and tell Polytomic if it stays'
      : failure.status === 422 || failure.status === 400
        ? (usedByHint(failure) ?? 'the API refuses the values; change the manifest as the message says')
        : (hints[failure.status] ?? 'see the message');

/** Who still uses a connection that cannot be deleted. */
const usedByHint = ({ metadata }: HttpFailure): string | undefined => {
  const users = metadata['used_by'];
  if (!isJsonArray(users) || users.length === 0) return undefined;
  const names = users
    .filter(isJsonObject)
    .map((user) => printable(`${asText(user['type'])} "${asText(user['name'])}" (${asText(user['id'])})`));
  return `used by ${names.join(', ')}; remove those first`;
};

/** What to tell the person. `doing` completes 'while', e.g. `creating connection.warehouse`. */
export const failureDiagnostic = (error: ApiError, doing: string, address?: string): Diagnostic => {
  const { failure } = error;
  const status = 'status' in failure ? ` (${failure.status})` : '';
  return {
    severity: 'error',
    code: failure.reason === 'http' ? `api-${failure.status}` : `api-${failure.reason}`,
    message: `${doing}: ${printable(failure.message)}${status} [${error.method} ${printable(error.path)}]`,
    hint: hintOf(error),
    ...(address === undefined ? {} : { address }),
  };
};

/** Runs `read`; what the API refuses becomes a finding about what was being done. Throws `DiagnosticError`. */
export const asking = async <T>(doing: string, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiError) throw new DiagnosticError([failureDiagnostic(error, doing)]);
    throw error;
  }
};
