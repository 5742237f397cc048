/** Secrets: values that cannot print themselves, and documents that hold them. */
import { inspect } from 'node:util';
import type { Json, JsonPrimitive } from './json.js';

/** What stands in the place of a secret wherever something is shown, planned or stored. */
export const SECRET_TEXT = '(secret)';

/** Every secret of this process: for what is told when it crashes, and for nothing else. */
const everKnown = new Set<Secret>();

/**
 * A secret value. Text, JSON and inspection show `(secret)`; only `reveal` gives the value, and only the
 * API client, the fingerprints and the scrubber call it.
 */
export class Secret {
  readonly #value: string | undefined;
  readonly #meaning: Json | undefined;
  /** The manifest's own text, e.g. `${secret:PASSWORD}`; safe to show. */
  readonly label: string;

  /** Secrets that the value was put together from: each of them is one by itself. */
  readonly #parts: readonly string[];

  constructor(label: string, value: string | undefined, meaning?: Json, parts: readonly string[] = []) {
    this.label = label;
    this.#parts = parts;
    this.#value = value;
    this.#meaning = meaning;
    if (value !== undefined) everKnown.add(this);
  }

  /** False where a run goes without secrets, as for a pull request from a fork. */
  get known(): boolean {
    return this.#value !== undefined;
  }

  /** The value in clear. Throws where it is not known: nothing may be sent then. */
  reveal(): string {
    if (this.#value === undefined) throw new Error(`the value of ${this.label} is not known in this run`);
    return this.#value;
  }

  /** In clear, as `reveal`: the secrets that a composed value holds. For the scrubber alone. */
  get parts(): readonly string[] {
    return this.#parts;
  }

  /** The same secret for a field that is no text: `value` is what a body holds, the text what is remembered of it. */
  meaning(value: Json): Secret {
    return new Secret(this.label, this.#value, value, this.#parts);
  }

  /** Whether a body holds the text itself. */
  get isText(): boolean {
    return this.#meaning === undefined;
  }

  /** What a body holds, in clear. Throws as `reveal` does. */
  revealed(): Json {
    return this.#meaning ?? this.reveal();
  }

  toString(): string {
    return SECRET_TEXT;
  }

  toJSON(): string {
    return SECRET_TEXT;
  }

  [inspect.custom](): string {
    return SECRET_TEXT;
  }
}

/** Every secret that this process ever held: to take them out of the text of a crash, and for nothing else. */
export const everySecret = (): readonly Secret[] => [...everKnown];

/** A JSON value in which secrets may stand. */
export type Value = JsonPrimitive | Secret | readonly Value[] | ValueObject;
export interface ValueObject {
  readonly [key: string]: Value;
}

export const isValueArray = (value: unknown): value is readonly Value[] => Array.isArray(value);

export const isValueObject = (value: unknown): value is ValueObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret);

/** The value with `replace(secret)` in the place of each secret; the same value where it holds none. */
const replaceSecrets = (value: Value, replace: (secret: Secret) => Json): Json => {
  if (value instanceof Secret) return replace(value);
  if (isValueArray(value)) {
    const items = value.map((item) => replaceSecrets(item, replace));
    return items.every((item, index) => item === value[index]) ? (value as Json) : items;
  }
  if (!isValueObject(value)) return value;
  const entries = Object.entries(value).map(
    ([key, item]) => [key, item, replaceSecrets(item, replace)] as const,
  );
  return entries.every(([, before, after]) => before === after)
    ? (value as Json)
    : Object.fromEntries(entries.map(([key, , after]) => [key, after]));
};

/** The value with `(secret)` in the place of each secret: fit to be shown and stored. */
export const redact = (value: Value): Json => replaceSecrets(value, () => SECRET_TEXT);

/** The value with its secrets in clear: for a request body, and for nothing else. */
export const reveal = (value: Value): Json => replaceSecrets(value, (secret) => secret.revealed());

type PlacedSecret = readonly [pointer: string, secret: Secret];

/** Every secret of the value with its JSON pointer, in document order. */
export const secretsOf = (value: Value): readonly PlacedSecret[] => {
  const found: PlacedSecret[] = [];
  const path: (string | number)[] = [];
  const visit = (at: Value): void => {
    if (typeof at !== 'object' || at === null) return;
    if (at instanceof Secret)
      found.push([path.map((segment) => `/${escapePointer(String(segment))}`).join(''), at]);
    else if (isValueArray(at))
      at.forEach((item, index) => {
        path.push(index);
        visit(item);
        path.pop();
      });
    else
      for (const key of Object.keys(at)) {
        path.push(key);
        visit(at[key] as Value);
        path.pop();
      }
  };
  visit(value);
  return found;
};

/** One segment of a JSON pointer, escaped as RFC 6901 says. */
export const escapePointer = (segment: string): string =>
  segment.includes('/') || segment.includes('~')
    ? segment.replaceAll('~', '~0').replaceAll('/', '~1')
    : segment;

/** The segments of a JSON pointer, unescaped. */
export const pointerSegments = (pointer: string): readonly string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
