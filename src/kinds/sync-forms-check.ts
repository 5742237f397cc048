/** What can be said of identities and filters as they are written: labels, logic, and two forms at once. Pure. */
import { isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { hasNot, isLabel, labelAt, labelsOf, readLogic } from './filter-logic.js';
import type { Finding } from './kind.js';
import { items, valueAt } from './paths.js';
import {
  conditionsOf,
  groupOf,
  groups,
  hasNewerFilters,
  hasOlderFilters,
  sameFilters,
  upgradeFilters,
  type Group,
} from './sync-filters.js';
import { identitiesAgree, mappingsOf } from './sync-identities.js';
import { spell } from './sync-short.js';

const error = (code: string, pointer: string, message: string, hint: string): Finding => ({
  severity: 'error',
  code,
  pointer,
  message,
  hint,
});

const unreadable = (pointer: string, problem: string): Finding =>
  error(
    'bad-filter-logic',
    pointer,
    `the filter logic cannot be read: ${problem}`,
    'write the letters of the filters in their order: A AND (B OR C)',
  );

/** The letters count over all filters; each of the two expressions names those of its side. */
const olderLogic = (
  logic: Value | undefined,
  pointer: string,
  filters: readonly ValueObject[],
  side: Group,
): readonly Finding[] => {
  if (typeof logic !== 'string' || logic.trim() === '') return [];
  const read = readLogic(logic);
  if ('problem' in read) return [unreadable(pointer, read.problem)];
  const labels = labelsOf(read.logic);
  const all = filters.map((_, index) => labelAt(index));
  const own = all.filter((_, index) => groupOf(filters[index] ?? {}) === side);
  const whose = side === 'target_filters' ? 'the target' : 'a model';
  const unknown = labels
    .filter((label) => !own.includes(label))
    .map((label): Finding => ({
      severity: all.includes(label) ? 'warning' : 'error',
      code: 'unknown-filter-label',
      pointer,
      message: all.includes(label)
        ? `the filter logic names ${label}, which is no filter on ${whose}`
        : `the filter logic names ${label}, and there is no such filter`,
      hint:
        own.length === 0
          ? `there are no filters on ${whose}; remove it`
          : `filters have letters in their order: ${own.join(', ')}`,
    }));
  const left = own.filter((label) => !labels.includes(label));
  return left.length === 0 || unknown.length > 0
    ? unknown
    : [
        {
          severity: 'warning',
          code: 'unused-filter',
          pointer,
          message: `the filter logic does not name ${left.join(', ')}`,
          hint: 'a filter that it does not name may have no effect; name it, or remove the filter',
        },
      ];
};

/** Labels of one's own: all or none, each once. */
const labelFindings = (conditions: readonly ValueObject[], at: string): readonly Finding[] => {
  const labels = conditions.map(({ label }) => asText(label));
  const labelled = labels.filter((label) => label !== '').length;
  return labels.flatMap((label, index): readonly Finding[] => {
    const pointer = `${at}/conditions/${index}`;
    if (label === '')
      return labelled === 0
        ? []
        : [
            error(
              'mixed-labels',
              pointer,
              'the condition has no label, and another one has',
              'give each a label, or none: then they are A, B, C in their order',
            ),
          ];
    if (!isLabel(label))
      return [
        error(
          'bad-label',
          `${pointer}/label`,
          `"${label}" cannot be a label`,
          'a letter or _, then letters, digits and _; not and, or, not',
        ),
      ];
    const first = labels.indexOf(label);
    return first === index
      ? []
      : [
          error(
            'duplicate-label',
            `${pointer}/label`,
            `two conditions have the label ${label}`,
            `the first is at ${at}/conditions/${first}; give one of them another label`,
          ),
        ];
  });
};

const newerLogic = (group: ValueObject, at: string): readonly Finding[] => {
  const { logic } = group;
  const pointer = `${at}/logic`;
  if (typeof logic !== 'string' || logic.trim() === '') return [];
  const read = readLogic(logic);
  if ('problem' in read) return [unreadable(pointer, read.problem)];
  if (hasNot(read.logic)) return [unreadable(pointer, 'there is no NOT')];
  const conditions = items(group['conditions']);
  const own = conditions.map(({ label }, index) => (asText(label) === '' ? labelAt(index) : asText(label)));
  const labels = labelsOf(read.logic);
  const known = own.length === 0 ? 'there are no conditions; remove it' : `the labels are ${own.join(', ')}`;
  return [
    ...labels
      .filter((label) => !own.includes(label))
      .map((label) =>
        error(
          'unknown-filter-label',
          pointer,
          `the logic names ${label}, and no condition has this label`,
          known,
        ),
      ),
    ...own
      .filter((label) => !labels.includes(label))
      .map((label) =>
        error(
          'unused-filter',
          pointer,
          `the logic does not name ${label}: the API wants every condition in it`,
          `add it, as in ${logic.trim()} AND ${label}, or remove the condition`,
        ),
      ),
  ];
};

const groupFindings = (document: ValueObject, name: Group): readonly Finding[] => {
  const group = document[name];
  if (!isValueObject(group)) return [];
  const at = `/${name}`;
  const labels = labelFindings(items(group['conditions']), at);
  const values = conditionsOf(document, name).flatMap((condition, index) =>
    condition['value'] != null && condition['value_source'] != null
      ? [
          error(
            'two-values',
            `${at}/conditions/${index}/value_source`,
            'the condition is compared with a value and with a field',
            'keep value or value_source',
          ),
        ]
      : [],
  );
  return [...labels, ...values, ...(labels.length === 0 ? newerLogic(group, at) : [])];
};

const identityFindings = (document: ValueObject): readonly Finding[] => {
  const { identities, identity } = document;
  if (!isValueObject(identities)) return [];
  const findings: Finding[] = [];
  if (mappingsOf(document).length > 1 && identities['strategy'] == null)
    findings.push(
      error(
        'missing-strategy',
        '/identities',
        'several identities need a strategy',
        'add strategy: priority (the first that finds a record) or strategy: and (all of them)',
      ),
    );
  if (isValueObject(identity) && !identitiesAgree(document))
    findings.push(
      error(
        'forms-differ',
        '/identity',
        'identity is not the first of identities',
        'remove identity: identities says it all',
      ),
    );
  return findings;
};

/** Both forms at once are fine as long as they say the same. */
const bothForms = (document: ValueObject): readonly Finding[] => {
  if (!hasOlderFilters(document) || !hasNewerFilters(document)) return [];
  const { model_filters: _model, target_filters: _target, ...older } = document;
  const { filters: _filters, filter_logic: _logic, ...newer } = document;
  if (sameFilters(upgradeFilters(older), upgradeFilters(newer))) return [];
  const pointer = ['/filters', '/filter_logic'].find((each) => document[each.slice(1)] != null);
  return [
    error(
      'forms-differ',
      pointer ?? '/target/filter_logic',
      'filters and model_filters, target_filters say different things',
      'remove filters and filter_logic: model_filters and target_filters say it all',
    ),
  ];
};

/** A field of the older form by both of its names. */
export const namedTwice = (document: ValueObject, list: string): readonly Finding[] =>
  items(document[list]).flatMap((item, index): readonly Finding[] =>
    item['source'] === undefined
      ? []
      : [
          error(
            'named-twice',
            `/${list}/${index}/source`,
            'source and field are the same, and both are there',
            'keep one of them',
          ),
        ],
  );

/** All that is wrong with identities and filters as they are written. `written` may have short forms. Pure. */
export const checkForms = (written: ValueObject): readonly Finding[] => {
  const document = spell(written);
  const filters = items(document['filters']);
  return [
    ...identityFindings(document),
    ...namedTwice(document, 'filters'),
    ...groups.flatMap((name) => groupFindings(document, name)),
    ...olderLogic(document['filter_logic'], '/filter_logic', filters, 'model_filters'),
    ...olderLogic(
      valueAt(document, ['target', 'filter_logic']),
      '/target/filter_logic',
      filters,
      'target_filters',
    ),
    ...bothForms(document),
  ];
};
