/** The fields of a sync's target: what is written to them, and filtered by them. */
import type { Target, TargetField, TargetMode } from '../api/enumeration.js';
import type { ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { fits, misfit } from './field-types.js';
import type { Finding } from './kind.js';
import type { FieldOf } from './model-preflight.js';
import { items } from './paths.js';
import { finding, unknownName } from './preflight.js';
import { conditionsOf } from './sync-filters.js';
import { mappingsOf } from './sync-identities.js';

/** Whether a target may have the field: one that lists none may have any. */
export const has = (fields: readonly TargetField[], id: string): boolean =>
  fields.length === 0 || fields.some((field) => field.id === id);

interface Mapped {
  readonly pointer: string;
  readonly entry: ValueObject;
  readonly target: string;
  readonly isNew: boolean;
}

/** Everything that a sync writes. */
export const mappedFields = (document: ValueObject): readonly Mapped[] =>
  ['fields', 'override_fields'].flatMap((list) =>
    items(document[list]).map((entry, index) => ({
      pointer: `/${list}/${index}`,
      entry,
      target: asText(entry['target']),
      isNew: entry['new'] === true,
    })),
  );

/** What a mode does with a field; absent: nothing is known of the mode. */
const writes: Readonly<Record<string, readonly ('createable' | 'updateable')[]>> = {
  create: ['createable'],
  append: ['createable'],
  replace: ['createable'],
  snapshot: ['createable'],
  update: ['updateable'],
  updateOrCreate: ['createable', 'updateable'],
};

const creates = new Set(['create', 'append', 'replace', 'snapshot', 'updateOrCreate']);

/** Each field that is written: there, writable in the mode, allowed what is asked of it; none forgotten. */
export const checkFields = (
  document: ValueObject,
  target: Target,
  mode: TargetMode | undefined,
): readonly Finding[] => {
  const { fields, properties, name } = target;
  const mapped = mappedFields(document);
  const findings = mapped.flatMap(({ pointer, entry, target: id, isNew }): readonly Finding[] => {
    const field = fields.find((each) => each.id === id);
    const found: Finding[] = [];
    if (entry['sync_mode'] !== undefined && mode?.fieldModes === false)
      found.push(
        finding(
          'error',
          'no-field-mode',
          `${pointer}/sync_mode`,
          `${name} has no modes for single fields in mode ${mode.mode}`,
          'remove the line',
        ),
      );
    const encrypts = entry['encryption_enabled'] === true;
    if (encrypts && (properties['supports_field_encryption'] === false || field?.encryptable === false))
      found.push(
        finding(
          properties['supports_field_encryption'] === false ? 'error' : 'warning',
          'no-encryption',
          `${pointer}/encryption_enabled`,
          `${name} cannot take "${id}" encrypted`,
          'remove the line',
        ),
      );
    if (field === undefined) {
      if (isNew && properties['supports_field_creation'] === false)
        found.push(
          finding(
            'error',
            'no-field-creation',
            `${pointer}/new`,
            `${name} cannot make new fields`,
            'map to a field that exists',
          ),
        );
      if (!isNew && fields.length > 0)
        found.push(
          unknownName(
            'warning',
            'unknown-target-field',
            `${pointer}/target`,
            `${name} has no field "${id}"`,
            id,
            fields.map((each) => each.id),
          ),
        );
      return found;
    }
    const needs = writes[asText(entry['sync_mode'] ?? document['mode'])] ?? [];
    if (needs.length > 0 && needs.every((need) => field[need] === false))
      found.push(
        finding(
          'warning',
          'read-only-target',
          `${pointer}/target`,
          `"${id}" cannot be written in mode ${asText(document['mode'])}`,
          'remove the mapping, or choose another field',
        ),
      );
    return found;
  });
  if (!creates.has(asText(document['mode'])) || properties['optional_target_mappings'] === true)
    return findings;
  const given = new Set([
    ...mapped.map(({ target: id }) => id),
    ...mappingsOf(document).map((identity) => asText(identity['target'])),
  ]);
  return [
    ...findings,
    ...fields
      .filter(({ id, required, createable }) => required && createable !== false && !given.has(id))
      .map(({ id }) =>
        finding(
          'warning',
          'required-not-mapped',
          '/fields',
          `${name} wants a value for "${id}" in each new record, and no field writes to it`,
          `add { source: MODEL.FIELD, target: ${id} }`,
        ),
      ),
  ];
};

/** Filters on the target itself. */
export const checkTargetFilters = (
  document: ValueObject,
  { fields, properties, name }: Target,
  mode: TargetMode | undefined,
): readonly Finding[] =>
  conditionsOf(document, 'target_filters').flatMap((filter, index): readonly Finding[] => {
    const at = `/target_filters/conditions/${index}`;
    if (properties['supports_target_filters'] === false || mode?.targetFilters === false)
      return [
        finding(
          'error',
          'no-target-filters',
          at,
          `${name} cannot be filtered in mode ${asText(document['mode'])}`,
          'filter a field of a model',
        ),
      ];
    if (filter['value_source'] != null && properties['supports_filter_value_fields'] === false)
      return [
        finding(
          'error',
          'no-value-source',
          `${at}/value_source`,
          `filters of ${name} cannot be compared with a field`,
          'write value',
        ),
      ];
    const id = asText(filter['field']);
    const field = fields.find((each) => each.id === id);
    if (field === undefined)
      return has(fields, id)
        ? []
        : [
            unknownName(
              'warning',
              'unknown-target-field',
              `${at}/field`,
              `${name} has no field "${id}"`,
              id,
              fields.filter(({ filterable }) => filterable !== false).map((each) => each.id),
            ),
          ];
    if (field.filterable === false)
      return [
        finding('warning', 'not-filterable', `${at}/field`, `"${id}" of ${name} cannot be filtered by`),
      ];
    const wanted = asText(filter['function']);
    const types = misfit(wanted, field.type);
    return types === undefined
      ? []
      : [
          finding(
            'warning',
            'function-misfit',
            `${at}/function`,
            `${wanted} is for ${types.join(', ')}, and "${id}" is ${field.type}`,
          ),
        ];
  });

/** Values that may not turn into the type of the field that they go to. */
export const checkTypes = async (
  document: ValueObject,
  { fields }: Target,
  fieldOf: FieldOf,
): Promise<readonly Finding[]> => {
  const found = await Promise.all(
    items(document['fields']).map(async ({ source, target: id }, index): Promise<readonly Finding[]> => {
      const field = fields.find((each) => each.id === id);
      const from = await fieldOf(source);
      if (field === undefined || from === undefined || from === 'missing' || fits(from.type, field.type))
        return [];
      return [
        finding(
          'warning',
          'type-misfit',
          `/fields/${index}`,
          `"${from.name}" is ${from.type}, and "${field.id}" of the target is ${field.type}`,
          'values that cannot be turned into the other type are refused when the sync runs',
        ),
      ];
    }),
  );
  return found.flat();
};
