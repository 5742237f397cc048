/** The columns of models: as one lives, and as one would be (`POST /api/model-preview`; api.md, 5). */
import { sourceFieldsOf } from '../api/enumeration.js';
import { isJsonObject, objectsIn, type Json, type JsonObject } from '../core/json.js';
import { isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { items } from './paths.js';
import type { Column, Foreseen, Preview } from './preview.js';

const columnsAt = (list: Json | undefined, inEnricher: boolean): readonly Column[] =>
  objectsIn(list).flatMap((entry) =>
    sourceFieldsOf([entry]).map((field): Column => ({
      ...field,
      of: inEnricher ? 'enricher' : entry['user_added'] === true ? 'manifest' : 'source',
      ...(entry['example'] == null ? {} : { example: entry['example'] }),
    })),
  );

const columns = ({ fields, enricher }: JsonObject): readonly Column[] => [
  ...columnsAt(fields, false),
  ...(isJsonObject(enricher) ? columnsAt(enricher['fields'], true) : []),
];

/** What the manifest chooses and adds, whether or not a preview heeds it; an enricher is not run by every one. */
const foreseen = (answer: JsonObject, document: ValueObject): Foreseen => {
  const told = columns(answer);
  const { fields, enricher } = document;
  const wanted = isValueArray(fields) && fields.length > 0 ? new Set<Value>(fields) : undefined;
  const names = new Set(told.map(({ name }) => name));
  return {
    columns: [
      ...told.filter(({ of, name }) => of !== 'source' || wanted?.has(name) !== false),
      ...items(document['additional_fields'])
        .map(({ name, label, type }) => ({
          name: asText(name),
          label: asText(label),
          type: asText(type),
          unique: false,
          of: 'manifest' as const,
        }))
        .filter(({ name }) => !names.has(name)),
    ],
    isWhole:
      told.some(({ of }) => of === 'source') &&
      (!isValueObject(enricher) || told.some(({ of }) => of === 'enricher')),
  };
};

export const modelPreview: Preview = {
  // Relations, labels and policies say nothing of columns, and may lead to what does not live yet.
  takes: [
    'name',
    'connection',
    'configuration',
    'identifier',
    'fields',
    'additional_fields',
    'tracking_columns',
    'enricher',
    'extra',
  ],
  shaping: ['connection', 'configuration', 'fields', 'additional_fields', 'enricher'],
  columns,
  foreseen,
};
