/** Fields of models that a sync names: found when it is written, and looked for again when it is read. */
import { objectsIn, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { refuse, Refusal } from '../http.js';
import type { Store, Stored } from '../store.js';
import { modelFieldId, modelFieldName } from './model-fields.js';
import { within } from './references.js';

/** What stands in the place of a model where a constant has none. */
export const NO_MODEL = '00000000-0000-0000-0000-000000000000';

/** Ends the request: the body is well formed and makes no sense. */
export const fail = (key: string, message: string): never => {
  throw new Refusal(refuse(choices.invalidStatus, key, message));
};

/** The model of that id. Throws `Refusal` where there is none. */
export const modelOf = (store: Store, id: Json | undefined): Stored =>
  store.get('models', asText(id)) ?? fail('unknown_model', `model ${asText(id)} does not exist`);

/** The id of a model's field. Throws `Refusal` where there is none. */
export const fieldIdOf = (store: Store, source: JsonObject): string => {
  const model = modelOf(store, source['model_id']);
  const name = asText(source['field']);
  return (
    modelFieldId(store, model, name) ??
    fail('unknown_field', `model "${asText(model['name'])}" has no field "${name}"`)
  );
};

/** The field of a model by its id. Throws `Refusal` where there is none. */
export const sourceOf = (store: Store, id: string): JsonObject => {
  for (const model of store.list('models')) {
    const name = modelFieldName(store, model, id);
    if (name !== undefined) return { model_id: model.id, field: name };
  }
  return fail('unknown_field', `no field has the id ${id}`);
};

/** A reference to a model's field, both ways at once: by name and by id. Throws `Refusal` where there is none. */
export const resolved = (store: Store, entry: JsonObject): JsonObject => {
  const { field, field_id: id } = entry;
  if (isJsonObject(field)) return { ...entry, field_id: fieldIdOf(store, field) };
  if (typeof id !== 'string') return fail('missing_field', 'a filter needs field or field_id');
  return { ...entry, field: sourceOf(store, id) };
};

/** Every field of a model that a sync names, with its path. */
const named = (sync: JsonObject): readonly (readonly [path: string, source: Json | undefined])[] => {
  const each = (list: Json | undefined, path: string, name: string) =>
    objectsIn(list).map((item, index) => [`${path}[${index}].${name}`, item[name]] as const);
  return [
    ...each(sync['fields'], 'fields', 'source'),
    ...each(within(sync['identities'], 'mappings'), 'identities.mappings', 'source'),
    ...each(within(sync['model_filters'], 'conditions'), 'model_filters.conditions', 'source'),
    ...each(within(sync['target_filters'], 'conditions'), 'target_filters.conditions', 'value_source'),
    ...each(sync['overrides'], 'overrides', 'field'),
  ];
};

/** What of a sync cannot be found any more; the sync itself stays as it was written. */
export const problemsOf = (store: Store, sync: JsonObject): readonly JsonObject[] =>
  named(sync).flatMap(([path, source]): readonly JsonObject[] => {
    if (!isJsonObject(source) || source['model_id'] === NO_MODEL) return [];
    const model = store.get('models', asText(source['model_id']));
    const problem = (code: string, message: string): readonly JsonObject[] => [
      { code, message, path, severity: 'error' },
    ];
    if (model === undefined)
      return problem('model_not_found', `model ${asText(source['model_id'])} does not exist`);
    const field = asText(source['field']);
    return modelFieldId(store, model, field) === undefined
      ? problem('field_not_found', `model "${asText(model['name'])}" has no field "${field}"`)
      : [];
  });
