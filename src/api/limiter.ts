/**
 * How much the API is asked at once: slow start, half of it after a refusal, a pause where the API names one.
 * Retry-After is documented for 429; no rate is, so it is found out.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';

/** What an attempt came to, as far as the next ones are concerned. */
export interface Verdict {
  /** `refused`: asked too much, or not up to it (429, 503). */
  readonly load: 'borne' | 'refused' | 'unknown';
  /** Milliseconds until anything may be asked again, where the API says so. */
  readonly pause?: number;
}

export interface Limiter {
  /** Runs an attempt when there is room for it; `judge` says what its result means for the others. */
  readonly run: <T>(attempt: () => Promise<T>, judge: (result: T) => Verdict) => Promise<T>;
  /** How many attempts may be under way now. */
  readonly width: () => number;
}

export interface LimiterOptions {
  /** Attempts under way at once, at the most. */
  readonly most: number;
}

/** Milliseconds of a pause where the API refuses without naming one. */
const PAUSE = 500;

/** A limiter for all calls to one deployment. */
export const createLimiter = ({ most }: LimiterOptions): Limiter => {
  const limit = pLimit(Math.ceil(most / 2));
  /** Below it each success adds one attempt, above it a whole round does: as TCP finds its window. */
  let threshold = most;
  let width = limit.concurrency;
  let pausedUntil = 0;
  let lastRefusal = 0;
  const set = (next: number): void => {
    width = Math.min(most, Math.max(1, next));
    limit.concurrency = Math.floor(width);
  };
  const resume = async (): Promise<void> => {
    for (let left = pausedUntil - performance.now(); left > 0; left = pausedUntil - performance.now())
      await sleep(Math.ceil(left));
  };
  const learn = ({ load, pause = PAUSE }: Verdict, started: number): void => {
    if (load === 'borne') set(width < threshold ? width + 1 : width + 1 / width);
    if (load !== 'refused') return;
    pausedUntil = Math.max(pausedUntil, performance.now() + pause);
    // Of attempts that were under way together, one refusal counts.
    if (started < lastRefusal) return;
    lastRefusal = performance.now();
    threshold = Math.max(1, Math.floor(width / 2));
    set(threshold);
  };
  return {
    width: () => limit.concurrency,
    run: async (attempt, judge) =>
      limit(async () => {
        await resume();
        const started = performance.now();
        const result = await attempt();
        learn(judge(result), started);
        return result;
      }),
  };
};
