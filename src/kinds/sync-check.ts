/** What can be said of a sync without network, beyond its schema. */
import { isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { labelAt, readLogic } from './filter-logic.js';
import type { Finding } from './kind.js';
import { missingParts, scheduleProblems } from './schedule.js';

const items = (value: Value | undefined): readonly ValueObject[] =>
  isValueArray(value) ? value.filter(isValueObject) : [];

const isTarget = ({ field_type: type }: ValueObject): boolean => type === 'Target';

/** Functions that compare with nothing. */
const unary = new Set(['IsNull', 'IsNotNull', 'True', 'False']);

const duplicateTargets = (document: ValueObject): readonly Finding[] => {
  const findings: Finding[] = [];
  const seen = new Map<Value, string>();
  for (const list of ['fields', 'override_fields'])
    items(document[list]).forEach(({ target }, index) => {
      if (typeof target !== 'string') return;
      const pointer = `/${list}/${index}/target`;
      const first = seen.get(target);
      if (first === undefined) seen.set(target, pointer);
      else
        findings.push({
          severity: 'error',
          code: 'duplicate-target',
          pointer,
          message: `two fields write to "${target}"`,
          hint: `the first is at ${first}; keep one of them`,
        });
    });
  return findings;
};

const filterFindings = (document: ValueObject): readonly Finding[] =>
  items(document['filters']).flatMap((filter, index) => {
    const findings: Finding[] = [];
    const name = asText(filter['function']);
    if (filter['field'] === undefined && filter['field_id'] === undefined)
      findings.push({
        severity: 'error',
        code: 'filter-without-field',
        pointer: `/filters/${index}`,
        message: 'the filter names no field',
        hint: 'add field: MODEL.FIELD, or field_id',
      });
    if (isTarget(filter) && document['mode'] !== 'update')
      findings.push({
        severity: 'error',
        code: 'target-filter-mode',
        pointer: `/filters/${index}/field_type`,
        message: 'filters on fields of the target work in mode update only',
        hint: 'filter a field of a model, or use mode: update',
      });
    if (!unary.has(name) && filter['value'] === undefined)
      findings.push({
        severity: 'warning',
        code: 'filter-without-value',
        pointer: `/filters/${index}/function`,
        message: `the filter compares by ${name}, and says with what nowhere`,
        hint: 'add value',
      });
    return findings;
  });

const namedTwice = (document: ValueObject): readonly Finding[] =>
  ['filters', 'overrides'].flatMap((list) =>
    items(document[list]).flatMap((item, index): readonly Finding[] =>
      item['source'] === undefined
        ? []
        : [
            {
              severity: 'error',
              code: 'named-twice',
              pointer: `/${list}/${index}/source`,
              message: 'source and field are the same, and both are there',
              hint: 'keep one of them',
            },
          ],
    ),
  );

/** The letters count over all filters; each of the two expressions names those of its side. */
const logicFindings = (
  logic: Value | undefined,
  pointer: string,
  filters: readonly ValueObject[],
  side: boolean,
): readonly Finding[] => {
  if (typeof logic !== 'string' || logic.trim() === '') return [];
  const { labels, problem } = readLogic(logic);
  if (problem !== undefined)
    return [
      {
        severity: 'error',
        code: 'bad-filter-logic',
        pointer,
        message: `the filter logic cannot be read: ${problem}`,
        hint: 'write the letters of the filters in their order: A AND (B OR C)',
      },
    ];
  const all = filters.map((_, index) => labelAt(index));
  const own = all.filter((_, index) => isTarget(filters[index] ?? {}) === side);
  const whose = side ? 'the target' : 'a model';
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

/** All that is wrong with a sync whatever lives. Pure. */
export const checkSync = (document: ValueObject): readonly Finding[] => {
  const filters = items(document['filters']);
  const { schedule, target } = document;
  const scheduled = isValueObject(schedule) ? schedule : {};
  return [
    ...duplicateTargets(document),
    ...namedTwice(document),
    ...filterFindings(document),
    ...logicFindings(document['filter_logic'], '/filter_logic', filters, false),
    ...logicFindings(
      isValueObject(target) ? target['filter_logic'] : undefined,
      '/target/filter_logic',
      filters,
      true,
    ),
    ...missingParts(scheduled).map((part): Finding => ({
      severity: 'warning',
      code: 'incomplete-schedule',
      pointer: '/schedule',
      message: `a schedule with frequency ${asText(scheduled['frequency'])} has no ${part}`,
      hint: `add ${part}`,
    })),
    ...scheduleProblems(scheduled),
  ];
};
