/** What can be said of a sync without network, beyond its schema. */
import { isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import type { Finding } from './kind.js';
import { items } from './paths.js';
import { scheduleFindings } from './schedule.js';
import { conditionsOf, groups } from './sync-filters.js';
import { namedTwice } from './sync-forms-check.js';
import { unary } from './sync-short.js';

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

const conditionFindings = (document: ValueObject): readonly Finding[] =>
  groups.flatMap((group) =>
    conditionsOf(document, group).flatMap((condition, index) => {
      const findings: Finding[] = [];
      const at = `/${group}/conditions/${index}`;
      const name = asText(condition['function']);
      if (['source', 'field', 'field_id'].every((each) => condition[each] === undefined))
        findings.push({
          severity: 'error',
          code: 'filter-without-field',
          pointer: at,
          message: 'the filter names no field',
          hint: group === 'model_filters' ? 'add source: MODEL.FIELD' : 'add field: FIELD of the target',
        });
      if (!unary.has(name) && condition['value'] === undefined && condition['value_source'] === undefined)
        findings.push({
          severity: 'warning',
          code: 'filter-without-value',
          pointer: `${at}/function`,
          message: `the filter compares by ${name}, and says with what nowhere`,
          hint: 'add value',
        });
      return findings;
    }),
  );

/** All that is wrong with a sync whatever lives. Pure. */
export const checkSync = (document: ValueObject): readonly Finding[] => {
  const { schedule } = document;
  return [
    ...duplicateTargets(document),
    ...namedTwice(document, 'overrides'),
    ...conditionFindings(document),
    ...scheduleFindings(isValueObject(schedule) ? schedule : {}, '/schedule'),
  ];
};
