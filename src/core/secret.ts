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

  constructor(label: string, value: string | undefined, meaning?: Json) {
    this.label = label;
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

  /** The same secret for a field that is no text: `value` is what a body holds, the text what is remembered of it. */
  meaning(value: Json): Secret {
    return new Secret(this.label, this.#value, value);
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

/** The text of a crash without any secret that this process ever held: it may stand anywhere in a stack. */
export const scrubCrash = (text: string): string => createScrubber([...everKnown])(text);

/** A JSON value in which secrets may stand. */
export type Value = JsonPrimitive | Secret | readonly Value[] | ValueObject;
export interface ValueObject {
  readonly [key: string]: Value;
}

export const isValueArray = (value: unknown): value is readonly Value[] => Array.isArray(value);

export const isValueObject = (value: unknown): value is ValueObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret);

/** The value with `replace(secret)` in the place of each secret. */
const replaceSecrets = (value: Value, replace: (secret: Secret) => Json): Json => {
  if (value instanceof Secret) return replace(value);
  if (isValueArray(value)) return value.map((item) => replaceSecrets(item, replace));
  if (!isValueObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceSecrets(item, replace)]));
};

/** The value with `(secret)` in the place of each secret: fit to be shown and stored. */
export const redact = (value: Value): Json => replaceSecrets(value, () => SECRET_TEXT);

/** The value with its secrets in clear: for a request body, and for nothing else. */
export const reveal = (value: Value): Json => replaceSecrets(value, (secret) => secret.revealed());

/** Every secret of the value with its JSON pointer, in document order. */
export const secretsOf = (value: Value, at = ''): readonly (readonly [pointer: string, secret: Secret])[] => {
  if (value instanceof Secret) return [[at, value]];
  if (isValueArray(value)) return value.flatMap((item, index) => secretsOf(item, `${at}/${index}`));
  if (!isValueObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => secretsOf(item, `${at}/${escapePointer(key)}`));
};

/** One segment of a JSON pointer, escaped as RFC 6901 says. */
export const escapePointer = (segment: string): string => segment.replaceAll('~', '~0').replaceAll('/', '~1');

/** The segments of a JSON pointer, unescaped. */
export const pointerSegments = (pointer: string): readonly string[] =>
  pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));

/**
 * A function that removes the given secrets from a body: as `scrub` (theirs) does, and in JSON each value that
 * is a secret, however short.
 */
export const createBodyScrubber = (
  secrets: readonly Secret[],
  scrub: (text: string) => string,
): ((body: string) => string) => {
  const values = new Set(secrets.flatMap((secret) => (secret.known ? [secret.reveal()] : [])));
  return (body) => {
    try {
      const clean = JSON.stringify(
        JSON.parse(body, (_key, value: unknown) =>
          typeof value === 'string' && values.has(value) ? SECRET_TEXT : value,
        ),
      );
      return scrub(clean);
    } catch {
      return scrub(body);
    }
  };
};

/** Shorter values would blacken half of any text; they are no secrets worth the name. */
const SHORTEST_SCRUBBED = 4;

/**
 * A function that removes the given secrets from a text, in the forms in which an error or a log may echo
 * them: plain, JSON-escaped, URL-encoded, base64.
 */
export const createScrubber = (secrets: readonly Secret[]): ((text: string) => string) => {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (!secret.known) continue;
    const value = secret.reveal();
    if (value.length < SHORTEST_SCRUBBED) continue;
    forms.add(value);
    forms.add(JSON.stringify(value).slice(1, -1));
    forms.add(encodeURIComponent(value));
    forms.add(Buffer.from(value).toString('base64'));
  }
  // The longest first: a secret may be part of another one.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((rest, form) => rest.replaceAll(form, SECRET_TEXT), text);
};
