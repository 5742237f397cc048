/**
 * Taking secrets out of texts that somebody else wrote: answers, errors, traces. A text may hold a secret as it is, a
 * part of it, or either of them escaped for JSON, HTML, an address or a form, in any mixture. Pure.
 */
import { isJsonArray, isJsonObject, parseJson, type Json } from './json.js';
import { createNeedles } from './needles.js';
import { everySecret, SECRET_TEXT, type Secret } from './secret.js';

/** Shorter texts would blacken half of anything; they are taken out only where they are a whole value of JSON. */
export const SHORTEST_SCRUBBED = 4;

/** A number in a structured secret is a part of it from so many digits on; shorter ones are ports and sizes. */
const SHORTEST_NUMBER = 8;

/** Base64 of less than this, in bytes, stands in too many texts by chance. */
const SHORTEST_ALIGNED = 9;

const linesOf = (value: string): readonly string[] =>
  value.split(/[\r\n]+/).filter((line) => !/^-----(BEGIN|END) /.test(line));

const leavesOf = (value: Json): readonly string[] =>
  isJsonArray(value)
    ? value.flatMap(leavesOf)
    : isJsonObject(value)
      ? Object.values(value).flatMap(leavesOf)
      : typeof value === 'string'
        ? [value]
        : typeof value === 'number' && String(value).length >= SHORTEST_NUMBER
          ? [String(value)]
          : [];

const jsonParts = (value: string): readonly string[] => {
  if (!/^\s*[[{]/.test(value)) return [];
  try {
    return leavesOf(parseJson(value));
  } catch {
    return [];
  }
};

/** The password of an address, as it is written there and as it is meant. */
const addressParts = (value: string): readonly string[] =>
  [...value.matchAll(/[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:([^\s/@]+)@/gi)].flatMap(([, password = '']) => {
    try {
      return [password, decodeURIComponent(password)];
    } catch {
      return [password];
    }
  });

/** `Password=…;` and its like. */
const settingParts = (value: string): readonly string[] =>
  [...value.matchAll(/(?:password|pwd|secret|token|key)\s*=\s*([^;&\s]+)/gi)].map(([, part = '']) => part);

/** A value and what of it is a secret by itself. */
const piecesOf = (value: string): readonly string[] => {
  const structured = [...jsonParts(value), ...addressParts(value), ...settingParts(value)];
  return [value, ...structured, ...[value, ...structured].flatMap(linesOf)].flatMap((piece) => [
    piece,
    piece.trim(),
  ]);
};

/** What stays the same of a text's base64 wherever it stands in a longer one. */
const alignedBase64 = (piece: string): readonly string[] => {
  const bytes = Buffer.from(piece);
  if (bytes.length < SHORTEST_ALIGNED) return [];
  return [0, 1, 2].map((offset) => {
    const whole = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const complete = Math.floor(((offset + bytes.length) * 8) / 6);
    return whole.slice(Math.ceil((offset * 8) / 6), complete);
  });
};

/** Texts that hold the piece in another alphabet. */
const encodedForms = (piece: string): readonly string[] => {
  const bytes = Buffer.from(piece);
  const base64 = [bytes.toString('base64').replaceAll('=', ''), ...alignedBase64(piece)];
  const hex = bytes.toString('hex');
  return [
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    ...(bytes.length < SHORTEST_ALIGNED ? [] : [hex, hex.toUpperCase()]),
  ].filter((form) => form.length >= SHORTEST_SCRUBBED);
};

export interface Scrubber {
  /** Takes another value out of all texts from now on. */
  readonly add: (value: string) => void;
  /** Takes the secrets that a body shows out of all texts from now on: an older value, say, that still lives. */
  readonly learn: (body: Json | undefined) => void;
  /** The text without any of the values. */
  readonly text: (text: string) => string;
  /** A body the same way, in JSON also each whole value, however short, and whatever stands under a secret's name. */
  readonly body: (body: string) => string;
}

export interface ScrubbingOptions {
  /** Whether a property of a configuration holds a secret, by its name. Default: none does. */
  readonly isSecretName?: (name: string) => boolean;
  /** Names of fields that hold a secret wherever they stand. Default: none. */
  readonly secretFields?: ReadonlySet<string>;
  /** Whether a text stands for a secret and is none itself. */
  readonly isMask?: (text: string) => boolean;
}

type Scalar = string | number | boolean | null;

/** The value with each scalar replaced; `isSecret`: it stands under a secret's name. */
const mapScalars = (
  value: Json,
  { isSecretName = () => false, secretFields = new Set() }: ScrubbingOptions,
  replace: (scalar: Scalar, isSecret: boolean) => Json,
): Json => {
  const visit = (at: Json, inside: boolean, isSecret: boolean): Json => {
    if (isJsonArray(at)) return at.map((item) => visit(item, inside, isSecret));
    if (!isJsonObject(at)) return replace(at, isSecret);
    return Object.fromEntries(
      Object.entries(at).map(([name, item]) => [
        name,
        visit(
          item,
          inside || name === 'configuration',
          isSecret || secretFields.has(name) || (inside && isSecretName(name)),
        ),
      ]),
    );
  };
  return visit(value, false, false);
};

/** Every value that a secret is made of, whole and in parts. */
const valuesOf = (secret: Secret): readonly string[] =>
  secret.known ? [secret.reveal(), ...secret.parts] : [];

/** Removes secrets from texts, in every form in which somebody may echo them. */
export const createScrubbing = (secrets: readonly Secret[], options: ScrubbingOptions = {}): Scrubber => {
  const { isMask = () => false } = options;
  const whole = new Set<string>();
  const needles = createNeedles();
  const pieces = new Set<string>();
  const add = (value: string): void => {
    if (value === '' || whole.has(value)) return;
    whole.add(value);
    for (const piece of piecesOf(value)) {
      if (piece.length < SHORTEST_SCRUBBED || pieces.has(piece)) continue;
      pieces.add(piece);
      for (const form of [piece, ...encodedForms(piece)]) needles.add(form);
    }
  };
  for (const secret of secrets) for (const value of valuesOf(secret)) add(value);
  const text = (given: string): string => needles.replaceIn(given, SECRET_TEXT);
  const clean = (scalar: Scalar, isSecret: boolean): Json =>
    (typeof scalar === 'string' || typeof scalar === 'number') &&
    scalar !== '' &&
    (isSecret || whole.has(String(scalar)))
      ? SECRET_TEXT
      : scalar;
  return {
    add,
    learn: (body) => {
      mapScalars(body ?? null, options, (scalar, isSecret) => {
        if (isSecret && typeof scalar === 'string' && !isMask(scalar)) add(scalar);
        return null;
      });
    },
    text,
    body: (body) => {
      try {
        return text(JSON.stringify(mapScalars(parseJson(body), options, clean)));
      } catch {
        return text(body);
      }
    },
  };
};

/** As `createScrubbing`, for texts alone. */
export const createScrubber = (secrets: readonly Secret[]): ((text: string) => string) =>
  createScrubbing(secrets).text;

/** The text of a crash without any secret that this process ever held: it may stand anywhere in a stack. */
export const scrubCrash = (text: string): string => createScrubber(everySecret())(text);
