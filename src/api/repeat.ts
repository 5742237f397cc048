/**
 * Which calls are tried again, and under which idempotency key. By the API's reference a key is answered with what
 * its first request came to, faults included, for a day; and with 409 while that request is under way.
 */
import { HTTPError, type Options } from 'ky';
import { conflictOf, isOverLimit, isUnknownOutcome } from './failure.js';

export interface RepeatOptions {
  /** Milliseconds for one attempt. */
  readonly timeout: number;
  /** Attempts after the first. Default 4. */
  readonly retries?: number;
  /** Milliseconds to wait for an earlier request with the same key. Default five minutes. */
  readonly inFlightTimeout?: number;
}

export interface Key {
  readonly key: string;
  /** Called, and waited for, before another key takes its place: nothing was done under the old one. */
  readonly onNewKey?: (key: string) => Promise<void>;
  /** A conflict is an answer of the application, of whatever it says, and no key in flight. */
  readonly finalConflict?: true;
}

/** Whole replacements and reads may be repeated after any fault; a creation only where nothing is done twice. */
export const retriedStatuses = [408, 429, 500, 502, 503, 504];

/** How often a call may be refused for load before it is given up; these are no faults of the call. */
const MOST_REFUSALS = 100;

const IN_FLIGHT = 5 * 60_000;

/** The same where an earlier attempt had no answer: its key must stay, and may have 429 on record. */
const MOST_REFUSALS_OF_A_KEY = 10;

/** How often ky may try again at all: `shouldRetry` has tighter bounds. */
const MOST_RETRIES = 1000;

export interface Repeating {
  readonly options: Options;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether an attempt before the last one may have been done without an answer. */
  readonly wasUnanswered: () => boolean;
}

/** Which failures of one call are tried again, and under which key; `isLost`: it may have been done all the same. */
export const repeating = (
  options: RepeatOptions,
  keyed: Key | undefined,
  isLost: (error: unknown) => boolean,
): Repeating => {
  const { retries = 4, timeout, inFlightTimeout = IN_FLIGHT } = options;
  let refusals = 0;
  let waits = 0;
  let unanswered = false;
  let conflictSince: number | undefined;
  /** A key in flight is waited for; what may be one, as long as a request usually takes. */
  const mayBeInFlight = async (response: Response): Promise<boolean> => {
    const conflict = conflictOf(await response.clone().text());
    if (conflict === 'other') return false;
    conflictSince ??= performance.now();
    if (performance.now() - conflictSince > (conflict === 'in-flight' ? inFlightTimeout : timeout))
      return false;
    waits += 1;
    return true;
  };
  const shouldRetry = async (error: Error, retryCount: number): Promise<boolean | undefined> => {
    if (isOverLimit(error)) return false;
    const status = error instanceof HTTPError ? error.response.status : undefined;
    if (status === 429) {
      refusals += 1;
      return refusals > (unanswered && keyed !== undefined ? MOST_REFUSALS_OF_A_KEY : MOST_REFUSALS)
        ? false
        : undefined;
    }
    if (keyed !== undefined && keyed.finalConflict !== true && error instanceof HTTPError && status === 409)
      return mayBeInFlight(error.response);
    if (retryCount - refusals - waits > retries) return false;
    if (!(error instanceof HTTPError) || error.request.method !== 'POST') return undefined;
    // The application's own fault is recorded under its key: another attempt would only get it again. One of
    // a gateway is not, and says nothing of what goes on behind it: the same key finds out.
    return keyed !== undefined && status !== undefined && isUnknownOutcome(status) ? undefined : false;
  };
  return {
    wasUnanswered: () => unanswered,
    headers: keyed === undefined ? {} : { 'idempotency-key': keyed.key },
    options: {
      retry: {
        limit: MOST_RETRIES,
        shouldRetry: async ({ error, retryCount }) => shouldRetry(error, retryCount),
      },
      hooks: {
        beforeRetry: [
          async ({ request, error }) => {
            const status = error instanceof HTTPError ? error.response.status : undefined;
            if (status === undefined ? isLost(error) : isUnknownOutcome(status)) unanswered = true;
            // Nothing was done: a new attempt under a new key. Without an answer: the same key, so that
            // nothing is made twice.
            if (keyed === undefined || status !== 429 || unanswered) return;
            const next = `${keyed.key}_r${refusals + 1}`;
            await keyed.onNewKey?.(next);
            request.headers.set('idempotency-key', next);
          },
        ],
      },
    },
  };
};
