/** The columns of models: as one lives, and as one would be (`POST /api/model-preview`; api.md, 5). */
import { sourceFieldsOf } from '../api/enumeration.js';
import { isJsonObject, objectsIn, type Json } from '../core/json.js';
import type { Column, Preview } from './preview.js';

const columnsAt = (list: Json | undefined, inEnricher: boolean): readonly Column[] =>
  objectsIn(list).flatMap((entry) =>
    sourceFieldsOf([entry]).map((field): Column => ({
      ...field,
      of: inEnricher ? 'enricher' : entry['user_added'] === true ? 'manifest' : 'source',
      ...(entry['example'] == null ? {} : { example: entry['example'] }),
    })),
  );

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
  columns: ({ fields, enricher }) => [
    ...columnsAt(fields, false),
    ...(isJsonObject(enricher) ? columnsAt(enricher['fields'], true) : []),
  ],
};
