/** What has to change in a manifest for it to say what lives: the difference of a plan, as edits. Pure. */
import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  jsonEqual,
  type Json,
  type JsonObject,
} from '../core/json.js';
import {
  escapePointer,
  isValueArray,
  isValueObject,
  redact,
  type Value,
  type ValueObject,
} from '../core/secret.js';
import type { Kind, ReferenceRule, Writings } from '../kinds/kind.js';
import { comparable } from '../kinds/normalise.js';
import { valueAt, withValue, type Path } from '../kinds/paths.js';
import { escaped } from './document.js';
import type { Edit } from './splice.js';

/** A difference that stays: something else than a plain value of the manifest says it. */
export interface Unwritten {
  /** JSON pointer into the manifest. */
  readonly pointer: string;
  readonly why: 'overlay' | 'expression' | 'elsewhere' | 'template';
}

export interface Changes {
  readonly edits: readonly Edit[];
  readonly unwritten: readonly Unwritten[];
}

export interface ChangesInput {
  readonly kind: Kind;
  /** The manifest as it is written, aliases and merge keys spelled out. */
  readonly raw: JsonObject;
  /** The same, without its overlays, as a plan knows it. */
  readonly desired: ValueObject;
  /** The form of comparison: without overlays, with them, and what lives. */
  readonly base: JsonObject;
  readonly overlaid: JsonObject;
  readonly live: JsonObject;
  /** The manifest that the live object would get, in short forms, and before them. */
  readonly written: ValueObject;
  readonly whole: ValueObject;
}

/** What one level of a document is called in each of the forms. */
interface Level {
  /** As it is written; edits go by it. */
  readonly path: Path;
  /** In the tables of the kind: items of lists are `*`. */
  readonly at: Path;
  readonly raw: Value | undefined;
  readonly desired: Value | undefined;
  readonly base: Json | undefined;
  readonly overlaid: Json | undefined;
  readonly live: Json | undefined;
  /** In short forms, and spelled out. */
  readonly written: Value | undefined;
  readonly long: Value | undefined;
  /** What a manifest need not say, and this one does. */
  readonly whole: Value | undefined;
}

interface Run {
  readonly kind: Kind;
  readonly edits: Edit[];
  readonly unwritten: Unwritten[];
}

/** The edits that make a manifest say what lives, and what they cannot make it say. */
export const changesOf = (input: ChangesInput): Changes => {
  const { kind, raw, desired, base, overlaid, live, written, whole } = input;
  const run: Run = { kind, edits: [], unwritten: [] };
  const writings: Writings = { desired, base, overlaid, live, written, long: kind.expand(written) };
  inMap(run, { path: [], at: [], raw, whole, ...(kind.olderForms?.writtenLike(raw, writings) ?? writings) });
  return run;
};

/** An expression that is more than an escaped one. */
const hasExpression = (value: Value | undefined): boolean =>
  typeof value === 'string'
    ? value.replaceAll('$${', '').includes('${')
    : isValueArray(value)
      ? value.some(hasExpression)
      : isValueObject(value) && Object.values(value).some(hasExpression);

const same = (a: Path, b: Path): boolean =>
  a.length === b.length && a.every((part, index) => part === b[index]);

const ruleAt = ({ references }: Kind, at: Path, name: string): ReferenceRule | undefined =>
  references.find((rule) => same(rule.path, at) && rule.name === name);

const child = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

const stays = ({ unwritten }: Run, path: Path, why: Unwritten['why']): void => {
  unwritten.push({ pointer: path.map((segment) => `/${escapePointer(segment)}`).join(''), why });
};

const inMap = (run: Run, level: Level): void => {
  const { base, live, written } = level;
  const names = new Set([...keysOf(base), ...keysOf(live)]);
  // What was there first, in its order; then what is new, as a manifest would have it.
  const order = [...new Set([...keysOf(written), ...names])].filter((name) => names.has(name));
  for (const name of order) entry(run, level, name);
};

const keysOf = (value: unknown): readonly string[] => (isValueObject(value) ? Object.keys(value) : []);

const entry = (run: Run, level: Level, name: string): void => {
  const base = child(level.base, name);
  const live = child(level.live, name);
  if (jsonEqual(base, live)) {
    if (!jsonEqual(child(level.overlaid, name), live)) stays(run, [...level.path, name], 'overlay');
    return;
  }
  const rule = ruleAt(run.kind, level.at, name);
  const raw = isValueObject(level.raw) ? level.raw : {};
  const own =
    rule !== undefined && raw[name] === undefined && raw[rule.wire] !== undefined ? rule.wire : name;
  const whole = valueAt(level.whole, [name]);
  const long = valueAt(level.long, [name]) ?? whole;
  difference(
    run,
    {
      path: [...level.path, own],
      at: [...level.at, name],
      raw: raw[own],
      desired: valueAt(level.desired, [name]),
      base,
      overlaid: child(level.overlaid, name),
      live,
      written: valueAt(level.written, [name]) ?? long,
      long,
      whole,
    },
    { rule, wire: own !== name, after: neighbour(level, name) },
  );
};

/** The field that stands before `name` in the manifest that the live object would get. */
const neighbour = ({ raw, written }: Level, name: string): string | undefined => {
  const order = keysOf(written);
  const own = new Set(keysOf(raw));
  return order.slice(0, order.indexOf(name)).findLast((each) => own.has(each));
};

interface Place {
  readonly rule: ReferenceRule | undefined;
  /** The manifest has the API's name for it. */
  readonly wire: boolean;
  readonly after: string | undefined;
}

const difference = (run: Run, level: Level, { rule, wire, after }: Place): void => {
  const { path, raw, base, overlaid, live, written } = level;
  const { edits } = run;
  const maps = isJsonObject(base) && isJsonObject(live) && isValueObject(raw) && rule === undefined;
  const spoken = !jsonEqual(base, overlaid);
  if (spoken && jsonEqual(overlaid, live)) return;
  if (spoken && !(maps && isJsonObject(overlaid))) {
    stays(run, path, 'overlay');
    return;
  }
  if (live === undefined) {
    if (raw === undefined) {
      stays(run, path, 'elsewhere');
      return;
    }
    if (hasExpression(raw)) {
      stays(run, path, 'expression');
      return;
    }
    edits.push({ type: 'remove', path });
    return;
  }
  if (written === undefined) {
    stays(run, path, 'elsewhere');
    return;
  }
  const value = escaped(written);
  if (raw === undefined) {
    edits.push({ type: 'add', path, value, ...(after === undefined ? {} : { after }) });
    return;
  }
  if (rule !== undefined && wire) {
    edits.push({ type: 'rename', path, name: rule.name, value });
    return;
  }
  const keyed = run.kind.shape.keyed.find((each) => same(each.path, level.at));
  if (keyed !== undefined && isValueArray(raw)) {
    inKeyed(run, level, keyed.key);
    return;
  }
  if (run.kind.shape.sets.some((each) => same(each, level.at)) && isValueArray(raw)) {
    inSet(run, level);
    return;
  }
  if (isValueArray(raw) && isJsonArray(base) && isJsonArray(live)) {
    inList(run, level);
    return;
  }
  if (maps) {
    inMap(run, level);
    return;
  }
  // Labels as a map are said of the resource, and no list can stand beside them.
  if (isValueObject(raw) && isJsonArray(live)) {
    stays(run, path, 'elsewhere');
    return;
  }
  if (hasExpression(raw)) {
    stays(run, path, 'expression');
    return;
  }
  edits.push({ type: 'set', path, value });
};

const listOf = (value: Value | undefined): readonly Value[] => (isValueArray(value) ? value : []);

/** The keys of a list's items, numbered where two share one, as in the form of comparison. */
const keysIn = (items: readonly Value[], key: string): readonly string[] => {
  const used = new Set<string>();
  return items.map((item) => {
    const name = isValueObject(item) && typeof item[key] === 'string' ? item[key] : '';
    let free = name;
    for (let number = 2; used.has(free); number += 1) free = `${name}#${number}`;
    used.add(free);
    return free;
  });
};

/** An item that says nothing but its key is `true`. */
const itemForm = (value: Json | undefined): Json | undefined => (value === true ? {} : value);

const inKeyed = (run: Run, level: Level, key: string): void => {
  const raw = listOf(level.raw);
  const desired = listOf(level.desired);
  const names = keysIn(desired, key);
  const writtenKeys = keysIn(listOf(level.long), key);
  const wholes = listOf(level.whole);
  const wholeKeys = keysIn(wholes, key);
  const leaving: number[] = [];
  for (const [index, name] of names.entries()) {
    const path = [...level.path, String(index)];
    const base = itemForm(child(level.base, name));
    const live = itemForm(child(level.live, name));
    if (jsonEqual(base, live)) continue;
    if (live === undefined) {
      if (hasExpression(raw[index])) stays(run, path, 'expression');
      else leaving.push(index);
      continue;
    }
    const position = writtenKeys.indexOf(name);
    // An item in short form has no place for what differs; one that need not be there is left out.
    if (position < 0 || !isValueObject(raw[index])) {
      if (hasExpression(raw[index])) stays(run, path, 'expression');
      else if (position < 0) leaving.push(index);
      else run.edits.push({ type: 'set', path, value: escaped(listOf(level.written)[position] ?? null) });
      continue;
    }
    inMap(run, {
      path,
      at: [...level.at, '*'],
      raw: raw[index],
      desired: desired[index],
      base,
      overlaid: base,
      live,
      written: listOf(level.written)[position],
      long: listOf(level.long)[position],
      whole: wholes[wholeKeys.indexOf(name)],
    });
  }
  // What both sides have and the manifest does not name is not its own.
  const fresh = writtenKeys.flatMap((name, index) =>
    names.includes(name) || jsonEqual(child(level.base, name), child(level.live, name))
      ? []
      : [listOf(level.written)[index] as Value],
  );
  replaceItems(run, level, leaving, fresh);
};

const inSet = (run: Run, level: Level): void => {
  const formOf = (item: Value): string => {
    const whole = comparable(run.kind, redact(withValue({}, level.at, [item])) as JsonObject);
    return canonicalJson((valueAt(whole, level.at) ?? null) as Json);
  };
  const before = listOf(level.desired).map(formOf);
  const after = listOf(level.long).map(formOf);
  const leaving = before.flatMap((form, index) => (after.includes(form) ? [] : [index]));
  const fresh = after.flatMap((form, index) =>
    before.includes(form) ? [] : [listOf(level.written)[index] as Value],
  );
  const fixed = leaving.filter((index) => hasExpression(listOf(level.raw)[index]));
  for (const index of fixed) stays(run, [...level.path, String(index)], 'expression');
  replaceItems(
    run,
    level,
    leaving.filter((index) => !fixed.includes(index)),
    fresh,
  );
};

/** New items behind the old ones first: a list that is empty for a moment would lose its style. */
const replaceItems = (
  run: Run,
  { path, raw }: Level,
  leaving: readonly number[],
  fresh: readonly Value[],
): void => {
  const { length } = listOf(raw);
  for (const [index, item] of fresh.entries())
    run.edits.push({ type: 'insert', path: [...path, String(length + index)], value: escaped(item) });
  for (const index of [...leaving].reverse())
    run.edits.push({ type: 'remove', path: [...path, String(index)] });
};

/** Lists whose order counts: what is the same at both ends stays, what is between is gone through in order. */
const inList = (run: Run, level: Level): void => {
  const base = level.base as readonly Json[];
  const live = level.live as readonly Json[];
  const shorter = Math.min(base.length, live.length);
  let first = 0;
  while (first < shorter && jsonEqual(base[first], live[first])) first += 1;
  let last = 0;
  while (last < shorter - first && jsonEqual(base.at(-1 - last), live.at(-1 - last))) last += 1;
  const [oldEnd, newEnd] = [base.length - last, live.length - last];
  const both = Math.min(oldEnd, newEnd);
  const behind: Edit[] = [];
  for (let index = oldEnd - 1; index >= both; index -= 1) {
    const path = [...level.path, String(index)];
    if (hasExpression(listOf(level.raw)[index])) stays(run, path, 'expression');
    else behind.push({ type: 'remove', path });
  }
  for (let index = both; index < newEnd; index += 1)
    behind.push({
      type: 'insert',
      path: [...level.path, String(index)],
      value: escaped(listOf(level.written)[index] ?? null),
    });
  for (let index = first; index < both; index += 1)
    difference(
      run,
      {
        path: [...level.path, String(index)],
        at: [...level.at, '*'],
        raw: listOf(level.raw)[index],
        desired: listOf(level.desired)[index],
        base: base[index],
        overlaid: base[index],
        live: live[index],
        written: listOf(level.written)[index],
        long: listOf(level.long)[index],
        whole: undefined,
      },
      { rule: undefined, wire: false, after: undefined },
    );
  run.edits.push(...behind);
};
