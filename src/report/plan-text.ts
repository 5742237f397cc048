/** A plan as text for a terminal: what a reviewer reads. */
import { diffLines } from 'diff';
import { stringify } from 'yaml';
import { addressOf, type Address } from '../core/address.js';
import { isJsonArray, isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { count, printable } from '../core/text.js';
import { kindOf } from '../kinds/registry.js';
import { pointerOf } from '../plan/history.js';
import type { Action, Cause, Change, Plan } from '../plan/plan.js';
import type { Style } from './style.js';

export const symbols: Readonly<Record<Action, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
  adopt: '=',
  move: '>',
  forget: '?',
};

export const colours: Readonly<Record<Action, 'green' | 'yellow' | 'red' | 'cyan'>> = {
  create: 'green',
  update: 'yellow',
  replace: 'red',
  delete: 'red',
  adopt: 'cyan',
  move: 'cyan',
  forget: 'yellow',
};

/** What each action will do, in words. */
const sentences: Readonly<Record<Action, string>> = {
  create: 'will be created',
  update: 'will be updated',
  replace: 'must be REPLACED',
  delete: 'will be deleted',
  adopt: 'will be adopted',
  move: 'will be moved',
  forget: 'will be forgotten',
};

const KNOWN_LATER = '(known after apply)';

/** The whole plan: each change, then the counts. Ends with a newline. */
export const planText = (plan: Plan, style: Style): string => {
  const created = new Set(
    plan.changes
      .filter(({ action }) => action === 'create' || action === 'replace')
      .map(({ address }) => address),
  );
  const where = [
    `organization ${style.bold(printable(plan.organization.name === '' ? plan.organization.id : plan.organization.name))}`,
    ...(plan.environment === null ? [] : [`environment ${style.bold(plan.environment)}`]),
  ].join(', ');
  const blocks = plan.changes.map((change) => changeText(change, created, style));
  return `${[`Plan for ${where}`, ...blocks, summary(plan, style)].join('\n\n')}\n`;
};

const changeText = (change: Change, created: ReadonlySet<Address>, style: Style): string => {
  const { action, step, name, reasons, place, unknownSecrets } = change;
  const paint = style[colours[action]];
  const head = `${paint(symbols[action])} ${style.bold(step)} ${printable(JSON.stringify(name))} ${sentences[action]}`;
  const origin = place === undefined ? [] : [`${printable(place.file)}:${place.line}`];
  const notes = [...origin, ...reasons.map(printable)].map((note) => style.dim(`    # ${note}`));
  const later = knownLater(change, created);
  const lines =
    action === 'create'
      ? whole(change.after ?? {}, '+', later).map((line) => style.green(line))
      : change.before === null || change.after === null || change.patch.length === 0
        ? []
        : differences(change.before, change.after, later, style, causeNote(change, style));
  const secrets = unknownSecrets.map((pointer) =>
    style.dim(
      `    # ${pointer.slice(1).replaceAll('/', '.')}: cannot be compared with the live secret; ${change.patch.length === 0 ? 'sent only with another change' : 'sent along'}`,
    ),
  );
  return [head, ...notes, ...lines, ...secrets].join('\n');
};

const causeTexts: Readonly<Record<Cause, string>> = {
  manifest: '',
  outside: ' (changed outside)',
  both: ' (changed in the manifest and outside)',
};

/** What to say behind a value that somebody else changed. */
const causeNote =
  ({ causes }: Change, style: Style) =>
  (path: readonly string[]): string => {
    const cause = causes[pointerOf(path)];
    return cause === undefined || cause === 'manifest' ? '' : style.dim(causeTexts[cause]);
  };

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

/** A map spelled out as YAML, each line with its sign. */
const whole = (value: JsonObject, sign: string, later: Later): readonly string[] => {
  const noted = (item: Json, property: string): Json => {
    if (isJsonArray(item)) return item.map((inner) => noted(inner, property));
    if (isJsonObject(item))
      return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, noted(inner, key)]));
    return typeof item === 'string' ? `${item}${later(property, item)}` : item;
  };
  return yamlText(noted(value, '')).map((line) => `    ${sign} ${line}`);
};

/** A value on one line; text as it is where YAML would not quote it. */
export const inline = (value: Json): string =>
  printable(
    typeof value === 'string' && /^[\w(][\w .,:@/()*+-]*$/.test(value) ? value : JSON.stringify(value),
  );

/** Each value that differs, by its path. */
const differences = (
  before: JsonObject,
  after: JsonObject,
  later: Later,
  style: Style,
  cause: (path: readonly string[]) => string,
): readonly string[] => {
  const lines: string[] = [];
  const visit = (old: Json | undefined, now: Json | undefined, path: readonly string[]): void => {
    if (jsonEqual(old, now)) return;
    if (isJsonObject(old) && isJsonObject(now)) {
      for (const key of [...new Set([...Object.keys(old), ...Object.keys(now)])])
        visit(old[key], now[key], [...path, key]);
      return;
    }
    const label = path.map(printable).join('.');
    const note = `${now === undefined ? '' : later(path.at(-1) ?? '', now)}${cause(path)}`;
    if (typeof old === 'string' && typeof now === 'string' && (old.includes('\n') || now.includes('\n'))) {
      lines.push(style.yellow(`    ~ ${label}:${note}`), ...textDifferences(old, now, style));
    } else if (isJsonArray(old) && isJsonArray(now)) {
      lines.push(style.yellow(`    ~ ${label}:${note}`), ...listDifferences(old, now, style));
    } else if (old === undefined && now !== undefined) {
      lines.push(...entry('+', label, now, note).map((line) => style.green(line)));
    } else if (now === undefined && old !== undefined) {
      lines.push(...entry('-', label, old, note).map((line) => style.red(line)));
    } else if (old !== undefined && now !== undefined) {
      lines.push(
        `    ${style.yellow('~')} ${label}: ${style.red(inline(old))} → ${style.green(inline(now))}${note}`,
      );
    }
  };
  visit(before, after, []);
  return lines;
};

const entry = (sign: string, label: string, value: Json, note: string): readonly string[] =>
  isJsonObject(value)
    ? [`    ${sign} ${label}:${note}`, ...yamlText(value).map((line) => `    ${sign}   ${line}`)]
    : [`    ${sign} ${label}: ${inline(value)}${note}`];

const textDifferences = (old: string, now: string, style: Style): readonly string[] =>
  diffLines(old, now).flatMap(({ added, removed, value }) => {
    const [sign, paint] = added ? ['+', style.green] : removed ? ['-', style.red] : [' ', style.dim];
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => paint(`      ${sign} ${printable(line)}`));
  });

const listDifferences = (old: readonly Json[], now: readonly Json[], style: Style): readonly string[] => {
  const has = (list: readonly Json[], item: Json): boolean => list.some((other) => jsonEqual(other, item));
  const gone = old.filter((item) => !has(now, item));
  const come = now.filter((item) => !has(old, item));
  if (gone.length === 0 && come.length === 0)
    return [style.yellow(`      ~ in another order: ${now.map(inline).join(', ')}`)];
  return [
    ...gone.map((item) => style.red(`      - ${inline(item)}`)),
    ...come.map((item) => style.green(`      + ${inline(item)}`)),
  ];
};

const verbs: readonly (readonly [Action, string])[] = [
  ['create', 'to create'],
  ['update', 'to update'],
  ['replace', 'to replace'],
  ['delete', 'to delete'],
  ['adopt', 'to adopt'],
  ['move', 'to move'],
  ['forget', 'to forget'],
];

/** `Plan: 4 to create, 1 to update. 12 unchanged.` */
export const planCounts = ({ changes, unchanged }: Plan): string => {
  if (changes.length === 0)
    return `No changes. ${count(unchanged, 'resource')} ${unchanged === 1 ? 'is' : 'are'} as the manifests say.`;
  const parts = verbs.flatMap(([action, words]) => {
    const number = changes.filter(
      ({ action: own, step, address }) => own === action && step === address,
    ).length;
    return number === 0 ? [] : [`${number} ${words}`];
  });
  return `Plan: ${parts.join(', ')}. ${unchanged} unchanged.`;
};

const summary = (plan: Plan, style: Style): string => {
  const { retained, excluded } = plan;
  const unmanaged = Object.entries(plan.unmanaged).filter(([, number]) => number > 0);
  return [
    style.bold(planCounts(plan)),
    ...(excluded === 0 ? [] : [style.yellow(`Not selected, and left out: ${count(excluded, 'change')}.`)]),
    ...(retained.length === 0
      ? []
      : [style.yellow(`Without a manifest, and not deleted: ${retained.map(printable).join(', ')}.`)]),
    ...(unmanaged.length === 0
      ? []
      : [
          style.dim(
            `Not managed here and left alone: ${unmanaged.map(([kind, number]) => count(number, kind.toLowerCase())).join(', ')}.`,
          ),
        ]),
  ].join('\n');
};
