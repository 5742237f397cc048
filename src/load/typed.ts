/** Values that came out of an expression are text; a field that is none gets what the text means. Pure. */
import type { JsonType } from '../api/type-schema.js';
import { isJsonArray, isJsonObject, type Json, parseJson } from '../core/json.js';
import { pointerSegments, Secret, type Value, type ValueObject } from '../core/secret.js';
import type { Finding } from '../kinds/finding.js';
import { valueAt, withValue, type Path } from '../kinds/paths.js';
import type { Resource } from './desired.js';

const asJson = (text: string): Json | undefined => {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
};

const integer = (text: string): Json | undefined => {
  const number = /^-?(0|[1-9]\d*)$/.test(text) ? Number(text) : undefined;
  // A longer one would be sent as another number.
  return Number.isSafeInteger(number) ? number : undefined;
};

const number = (text: string): Json | undefined => {
  const found = asJson(text);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
};

const readers: Readonly<
  Record<Exclude<JsonType, 'string' | 'null'>, readonly [name: string, (text: string) => Json | undefined]>
> = {
  integer: ['a whole number', integer],
  number: ['a number', number],
  boolean: ['true or false', (text) => (text === 'true' ? true : text === 'false' ? false : undefined)],
  object: ['a map, as JSON', (text) => [asJson(text)].find(isJsonObject)],
  array: ['a list, as JSON', (text) => [asJson(text)].find(isJsonArray)],
};

/** What a text means in one of these types, or what is wanted; undefined where it is text. */
export const meaning = (
  text: string,
  types: readonly JsonType[],
): { readonly value: Json } | { readonly wanted: string } | undefined => {
  // Nothing at all is for the schema to judge; text stays text where it may.
  if (text.trim() === '' || types.length === 0 || types.includes('string')) return undefined;
  const able = types.flatMap((type) => (type === 'null' || type === 'string' ? [] : [readers[type]]));
  for (const [, read] of able) {
    const value = read(text.trim());
    if (value !== undefined) return { value };
  }
  return able.length === 0 ? undefined : { wanted: able.map(([name]) => name).join(' or ') };
};

/**
 * The resource with its expressions in the types of their fields: a secret port is sent as a number. `typesAt` gives
 * the types of a field, or undefined where they are not known: the text is kept then. Findings point into the
 * document, and hold no value.
 */
export const takeTypes = (
  resource: Resource,
  typesAt: (path: Path) => readonly JsonType[] | undefined,
): { readonly resource: Resource; readonly findings: readonly Finding[] } => {
  const findings: Finding[] = [];
  let document: ValueObject = resource.document;
  for (const [pointer, expression] of Object.entries(resource.expressions)) {
    const path = pointerSegments(pointer);
    const held: Value | undefined = valueAt(document, path);
    const text = held instanceof Secret ? (held.known ? held.reveal() : undefined) : held;
    if (typeof text !== 'string') continue;
    const meant = meaning(text, typesAt(path) ?? []);
    if (meant === undefined) continue;
    if ('value' in meant)
      document = withValue(document, path, held instanceof Secret ? held.meaning(meant.value) : meant.value);
    else
      findings.push({
        severity: 'error',
        code: 'wrong-type',
        pointer,
        message: `${path.at(-1) ?? ''} must be ${meant.wanted}, and the value of ${expression} is not`,
        hint: 'give another value, or write the value itself',
      });
  }
  return { resource: document === resource.document ? resource : { ...resource, document }, findings };
};
