/** Filters of a manifest, moved from the older form to the newer one in its syntax tree: every comment goes along. */
import { isMap, isPair, isScalar, isSeq, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { ValueObject } from '../core/secret.js';
import { groupOf, groups, fitsNewer, hasNewerFilters, logicOf, type Group } from './sync-filters.js';
import { upgrade } from './sync-forms.js';
import { checkForms } from './sync-forms-check.js';
import { spell } from './sync-short.js';

type Entry = Pair;

const nameOf = ({ key }: Entry): string => (isScalar(key) ? String(key.value) : '');

const entryOf = (map: YAMLMap, name: string): Entry | undefined =>
  map.items.find((item) => isPair(item) && nameOf(item) === name);

const drop = (map: YAMLMap, entry: Entry | undefined): void => {
  map.items = map.items.filter((item) => item !== entry);
};

const rename = (entry: Entry | undefined, name: string): void => {
  if (isScalar(entry?.key)) entry.key.value = name;
};

/** Names of a filter that a condition has no use for; whether it is one of the target shows in where it stands. */
const spent = (item: YAMLMap, group: Group): readonly string[] =>
  group === 'target_filters'
    ? ['field_type', 'label']
    : ['field_type', 'label', ...((entryOf(item, 'field') ?? entryOf(item, 'source')) ? ['field_id'] : [])];

const toCondition = (item: YAMLMap, group: Group): void => {
  for (const name of spent(item, group)) drop(item, entryOf(item, name));
  if (group === 'model_filters') rename(entryOf(item, 'field'), 'source');
  else rename(entryOf(item, 'field_id'), 'field');
};

/** Why a manifest cannot be moved by itself. */
const obstacle = (manifest: ValueObject): string | undefined => {
  if (hasNewerFilters(manifest)) return 'it has filters in both forms: remove the older one';
  if (checkForms(manifest).some(({ severity }) => severity === 'error'))
    return 'its filters have mistakes: see validate';
  if (!fitsNewer(upgrade(spell(manifest))))
    return 'a filter names its field by id, or the logic leaves a filter out: the newer form has no words for that';
  return undefined;
};

/**
 * Moves the filters of a manifest in place; `manifest` is what it says. Gives why it was left as it is, or undefined.
 */
export const rewriteFilters = (map: YAMLMap, manifest: ValueObject): string | undefined => {
  const reason = obstacle(manifest);
  if (reason !== undefined) return reason;
  const filters = entryOf(map, 'filters');
  const list = filters?.value;
  const target = entryOf(map, 'target')?.value;
  if (filters === undefined || !isSeq(list) || !list.items.every(isMap))
    return 'its filters stand somewhere else (an alias, a merge key)';
  const items = list.items as readonly YAMLMap[];
  const kinds = items.map((item) => groupOf(item.toJSON() as ValueObject));
  const said = upgrade(spell(manifest));
  const logics: Readonly<Record<Group, readonly [YAMLMap | undefined, Entry | undefined]>> = {
    model_filters: [map, entryOf(map, 'filter_logic')],
    target_filters: isMap(target) ? [target, entryOf(target, 'filter_logic')] : [undefined, undefined],
  };
  items.forEach((item, index) => {
    toCondition(item, kinds[index] as Group);
  });
  const present = groups.filter((group) => kinds.includes(group));
  const made = present.map((group, place): Entry => {
    const alone = present.length === 1;
    const conditions = alone ? list : new YAMLSeq();
    if (!alone) {
      conditions.items = items.filter((_, index) => kinds[index] === group);
      if (list.flow === true) conditions.flow = true;
      if (place === 0)
        Object.assign(conditions, { commentBefore: list.commentBefore, comment: list.comment });
    }
    const body = new YAMLMap();
    body.items.push(new Pair(new Scalar('conditions'), conditions));
    const [holder, logic] = logics[group];
    const text = logicOf(said, group);
    if (logic !== undefined && text !== '') {
      holder?.items.splice(holder.items.indexOf(logic), 1);
      rename(logic, 'logic');
      // With one kind of filters the letters are the same, and the text stays as somebody wrote it.
      if (!alone && isScalar(logic.value)) logic.value.value = text;
      body.items.push(logic);
    }
    const key = place === 0 && isScalar(filters.key) ? filters.key : new Scalar(group);
    key.value = group;
    return new Pair(key, body);
  });
  for (const [holder, logic] of Object.values(logics))
    if (holder !== undefined) drop(holder, keptIn(holder, logic));
  map.items.splice(map.items.indexOf(filters), 1, ...(made as never[]));
  return undefined;
};

/** The entry, where it still stands there: a logic that names nothing of its own side says nothing. */
const keptIn = ({ items }: YAMLMap, entry: Entry | undefined): Entry | undefined =>
  items.find((item) => item === entry);
