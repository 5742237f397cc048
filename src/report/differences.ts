/** What a change changes, as lines that a report shows in its own way: a terminal, Markdown. Pure. */
import { diffLines } from 'diff';
import { stringify } from 'yaml';
import { addressOf, type Address } from '../core/address.js';
import { isJsonArray, isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { printable } from '../core/text.js';
import { kindOf } from '../kinds/registry.js';
import { pointerOf } from '../plan/history.js';
import type { Cause, Change, Plan } from '../plan/plan.js';

/** `+` comes, `-` goes, ` ` stays; every text is printable. */
export type Sign = '+' | '-' | ' ';

/** Which value differs, by JSON pointer, and who made the difference. */
export interface Origin {
  readonly pointer: string;
  readonly cause: Cause;
}

/** `origin` is absent where nothing was applied before. */
export type Difference =
  /** A line of what is new or gone as a whole. */
  | { readonly type: 'line'; readonly sign: Sign; readonly text: string; readonly origin?: Origin }
  /** A value in the place of another one. */
  | {
      readonly type: 'value';
      readonly label: string;
      readonly old: string;
      readonly now: string;
      readonly note: string;
      readonly origin?: Origin;
    }
  /** A value whose own lines differ: a query, a list. */
  | {
      readonly type: 'lines';
      readonly label: string;
      readonly lines: readonly { readonly sign: Sign | '~'; readonly text: string }[];
      readonly note: string;
      readonly origin?: Origin;
    };

const KNOWN_LATER = '(known after apply)';

const causeTexts: Readonly<Record<Cause, string>> = {
  manifest: '',
  outside: ' (changed outside)',
  both: ' (changed in the manifest and outside)',
};

/** What a line says of who made a difference: nothing of a change in the manifest, which is what people expect. */
export const because = ({ origin }: Difference): string =>
  origin === undefined ? '' : causeTexts[origin.cause];

/** Addresses that get an id only by this plan. */
export const createdBy = ({ changes }: Plan): ReadonlySet<Address> =>
  new Set(
    changes.filter(({ action }) => action === 'create' || action === 'replace').map(({ address }) => address),
  );

/** What a change changes: of a create all of it, of an update each value that differs. */
export const differencesOf = (change: Change, created: ReadonlySet<Address>): readonly Difference[] => {
  const { action, before, after, patch } = change;
  const later = knownLater(change, created);
  if (action === 'create') return whole(after ?? {}, later);
  return before === null || after === null || patch.length === 0
    ? []
    : compared(change, before, after, later);
};

/** What a delete takes away, as a whole; nothing for any other change. */
export const goneBy = ({ action, before }: Change): readonly Difference[] =>
  action === 'delete' && before !== null ? whole(before, () => '', '-') : [];

/** What to say behind the value of a property: an id that does not exist yet. */
type Later = (property: string, value: Json) => string;

const knownLater = ({ kind }: Change, created: ReadonlySet<Address>): Later => {
  const rules = kindOf(kind).references;
  return (property, value) =>
    typeof value === 'string' &&
    rules.some(({ name, kind: to }) => name === property && created.has(addressOf(to, value)))
      ? ` ${KNOWN_LATER}`
      : '';
};

const yamlText = (value: Json): readonly string[] =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd().split('\n').map(printable);

/** A map spelled out as YAML. */
const whole = (value: JsonObject, later: Later, sign: Sign = '+'): readonly Difference[] => {
  const noted = (item: Json, property: string): Json => {
    if (isJsonArray(item)) return item.map((inner) => noted(inner, property));
    if (isJsonObject(item))
      return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, noted(inner, key)]));
    return typeof item === 'string' ? `${item}${later(property, item)}` : item;
  };
  return yamlText(noted(value, '')).map((text) => ({ type: 'line', sign, text }));
};

/** A value on one line; text as it is where YAML would not quote it. */
export const inline = (value: Json): string =>
  printable(
    typeof value === 'string' && /^[\w(][\w .,:@/()*+-]*$/.test(value) ? value : JSON.stringify(value),
  );

/** Each value that differs, by its path. */
const compared = (
  { causes }: Change,
  before: JsonObject,
  after: JsonObject,
  later: Later,
): readonly Difference[] => {
  const found: Difference[] = [];
  const visit = (old: Json | undefined, now: Json | undefined, path: readonly string[]): void => {
    if (jsonEqual(old, now)) return;
    if (isJsonObject(old) && isJsonObject(now)) {
      for (const key of new Set([...Object.keys(old), ...Object.keys(now)]))
        visit(old[key], now[key], [...path, key]);
      return;
    }
    const label = path.map(printable).join('.');
    const pointer = pointerOf(path);
    const cause = causes[pointer];
    const origin = cause === undefined ? {} : { origin: { pointer, cause } };
    const note = now === undefined ? '' : later(path.at(-1) ?? '', now);
    if (typeof old === 'string' && typeof now === 'string' && (old.includes('\n') || now.includes('\n')))
      found.push({ type: 'lines', label, note, lines: textDifferences(old, now), ...origin });
    else if (isJsonArray(old) && isJsonArray(now))
      found.push({ type: 'lines', label, note, lines: listDifferences(old, now), ...origin });
    else if (old === undefined && now !== undefined) found.push(...entry('+', label, now, note, origin));
    else if (now === undefined && old !== undefined) found.push(...entry('-', label, old, note, origin));
    else if (old !== undefined && now !== undefined)
      found.push({ type: 'value', label, old: inline(old), now: inline(now), note, ...origin });
  };
  visit(before, after, []);
  return found;
};

const entry = (
  sign: Sign,
  label: string,
  value: Json,
  note: string,
  origin: { readonly origin?: Origin },
): readonly Difference[] => {
  const texts = isJsonObject(value)
    ? [`${label}:${note}`, ...yamlText(value).map((line) => `  ${line}`)]
    : [`${label}: ${inline(value)}${note}`];
  return texts.map((text, index) => ({ type: 'line', sign, text, ...(index === 0 ? origin : {}) }));
};

type Lines = Extract<Difference, { type: 'lines' }>['lines'];

const textDifferences = (old: string, now: string): Lines =>
  diffLines(old, now).flatMap(({ added, removed, value }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => ({ sign: added ? '+' : removed ? '-' : ' ', text: printable(line) }) as const),
  );

const listDifferences = (old: readonly Json[], now: readonly Json[]): Lines => {
  const has = (list: readonly Json[], item: Json): boolean => list.some((other) => jsonEqual(other, item));
  const gone = old.filter((item) => !has(now, item));
  const come = now.filter((item) => !has(old, item));
  return gone.length === 0 && come.length === 0
    ? [{ sign: '~', text: `in another order: ${now.map(inline).join(', ')}` }]
    : [
        ...gone.map((item) => ({ sign: '-', text: inline(item) }) as const),
        ...come.map((item) => ({ sign: '+', text: inline(item) }) as const),
      ];
};
