/** Faults on request: what a client has to live with. Those at a rate follow from a seed. */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../core/json.js';
import type { Collection } from './database.js';

/** What happens to a request. Where it says nothing of the answer, that is as usual. */
export interface Fault {
  /** One, or several with | between them. */
  readonly method?: string;
  /** Tested against the path. */
  readonly path?: RegExp;
  /** How many requests that match pass before it begins. Default 0. */
  readonly skip?: number;
  /** How many requests it hits. Default 1. */
  readonly times?: number;
  /** Of the answer; the default is 500 where a text or headers are given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text of the answer. Default: an error in the API's shape. */
  readonly body?: string;
  /** Does the work first: the answer is lost, the effect is not. */
  readonly afterEffect?: boolean;
  /** Closes the connection: with no answer, in the middle of one, after a whole one. */
  readonly drop?: 'before' | 'within' | 'after';
  /** Half of the body, as if it were the whole. */
  readonly truncate?: true;
  /** The body in pieces, over so many milliseconds. */
  readonly slowMs?: number;
  /** Reads what was before the last change. */
  readonly stale?: true;
  /** Called when it hits a request: before the work, or after it where `afterEffect`. For tests. */
  readonly onHit?: () => void;
  /** Called when the request comes; the work waits for what it gives. For tests. */
  readonly until?: () => Promise<unknown>;
  /** Somebody else changes something first: what the path names, or what is said here. */
  readonly edit?:
    true | { readonly collection: Collection; readonly id: string; readonly change: JsonObject };
}

/** The kinds of faults that can come at a rate. */
export const faultKinds = {
  'too-many': { status: 429, headers: { 'retry-after': '1' } },
  error: { status: 503 },
  'error-after': { status: 500, afterEffect: true },
  'cut-before': { drop: 'before' },
  'cut-after-effect': { drop: 'before', afterEffect: true },
  'cut-within': { drop: 'within' },
  'cut-after': { drop: 'after' },
  truncated: { truncate: true },
  slow: { slowMs: 200 },
  stale: { stale: true },
  edited: { edit: true },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultKind = keyof typeof faultKinds;

export const isFaultKind = (name: string): name is FaultKind => Object.hasOwn(faultKinds, name);

export interface FaultSettings {
  /** Milliseconds that each answer takes. Default 0. */
  readonly latencyMs?: number;
  /** Up to so many milliseconds more. Default 0. */
  readonly jitterMs?: number;
  /** More than so many in a second are answered with 429. Default: no limit. */
  readonly requestsPerSecond?: number;
  /** How often each kind comes: 0 to 1, all together 1 at the most. */
  readonly rates?: Readonly<Partial<Record<FaultKind, number>>>;
  /** The same seed and the same requests: the same faults. Default 1. */
  readonly seed?: number;
}

export interface Decision {
  readonly delayMs: number;
  readonly fault: Fault | undefined;
  /** Between 0 and 1: for what else is left to chance. */
  readonly draw: number;
}

export interface Faults {
  readonly settings: () => FaultSettings;
  /** Sets all settings anew. Throws a RangeError for what makes no sense. */
  readonly set: (settings: FaultSettings) => void;
  /** The next requests that match fail. */
  readonly add: (fault: Fault) => void;
  readonly waiting: () => readonly Fault[];
  /** Takes back what `add` announced. */
  readonly clear: () => void;
  /** What happens to a request; an announced fault is used up by it. */
  readonly take: (method: string, path: string) => Decision;
}

/** Between 0 and 1; the same for the same texts. */
const chance = (...parts: readonly (string | number)[]): number =>
  createHash('sha256').update(parts.join('\n')).digest().readUInt32BE(0) / 2 ** 32;

const check = ({ rates = {}, latencyMs = 0, jitterMs = 0, requestsPerSecond = 1 }: FaultSettings): void => {
  const all = Object.entries(rates);
  const unknown = all.find(([name]) => !isFaultKind(name))?.[0];
  if (unknown !== undefined)
    throw new RangeError(`there is no fault "${unknown}"; there are ${Object.keys(faultKinds).join(', ')}`);
  const sum = all.reduce((total, [, rate]) => total + rate, 0);
  if (!all.every(([, rate]) => rate >= 0 && rate <= 1) || sum > 1)
    throw new RangeError('rates are from 0 to 1, and 1 at the most all together');
  if (!(latencyMs >= 0 && jitterMs >= 0 && requestsPerSecond > 0))
    throw new RangeError('latency and jitter are 0 or more, requests a second more than 0');
};

const limited: Fault = faultKinds['too-many'];

/** No faults but those of `settings`. */
export const createFaults = (first: FaultSettings = {}): Faults => {
  check(first);
  let settings = first;
  const waiting: { readonly fault: Fault; left: number; skip: number }[] = [];
  /** How often each method and path was asked for: chance follows these, not the order of a run. */
  const seen = new Map<string, number>();
  const bucket = { tokens: settings.requestsPerSecond ?? 0, at: Date.now() };
  const isOverLimit = (): boolean => {
    const { requestsPerSecond: limit } = settings;
    if (limit === undefined) return false;
    const now = Date.now();
    bucket.tokens = Math.min(limit, bucket.tokens + ((now - bucket.at) / 1000) * limit);
    bucket.at = now;
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  };
  const announced = (method: string, path: string): Fault | undefined => {
    const index = waiting.findIndex(
      ({ fault }) => (fault.method ?? method).split('|').includes(method) && (fault.path ?? /./).test(path),
    );
    const entry = waiting[index];
    if (entry === undefined) return undefined;
    if (entry.skip > 0) {
      entry.skip -= 1;
      return undefined;
    }
    entry.left -= 1;
    if (entry.left === 0) waiting.splice(index, 1);
    return entry.fault;
  };
  const byRate = (draw: number): Fault | undefined => {
    let bound = 0;
    for (const [kind, rate] of Object.entries(settings.rates ?? {})) {
      bound += rate;
      if (draw < bound) return faultKinds[kind as FaultKind];
    }
    return undefined;
  };
  return {
    settings: () => settings,
    set: (next) => {
      check(next);
      settings = next;
      bucket.tokens = next.requestsPerSecond ?? 0;
      seen.clear();
    },
    add: (fault) => {
      waiting.push({ fault, left: fault.times ?? 1, skip: fault.skip ?? 0 });
    },
    waiting: () =>
      waiting.map(({ fault: { onHit: _hit, until: _until, ...fault }, left, skip }) => ({
        ...fault,
        times: left,
        ...(skip === 0 ? {} : { skip }),
      })),
    clear: () => {
      waiting.length = 0;
    },
    take: (method, path) => {
      const key = `${method} ${path}`;
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      const { seed = 1, latencyMs = 0, jitterMs = 0 } = settings;
      const draw = chance(seed, key, count);
      return {
        delayMs: latencyMs + Math.round(jitterMs * chance('jitter', seed, key, count)),
        fault: announced(method, path) ?? (isOverLimit() ? limited : byRate(draw)),
        draw,
      };
    },
  };
};
