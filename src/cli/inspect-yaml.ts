/** Manifests to paste, from what an inspection found. */
import { Document, isMap, isSeq, visit } from 'yaml';
import type { BulkDestination, BulkSchema } from '../api/bulk.js';
import type { SourceField, Target } from '../api/enumeration.js';
import { slugOf } from '../core/slug.js';
import { bulkSync } from '../kinds/bulk-sync.js';
import { model as modelKind } from '../kinds/model.js';
import { proposeFields } from '../kinds/propose.js';
import { sync } from '../kinds/sync.js';
import type { Found } from '../workspace/inspect.js';

const text = (manifest: object, comment?: string): string => {
  const document = new Document(manifest);
  if (comment !== undefined) document.commentBefore = ` ${comment}`;
  // Small maps in lists read better on one line.
  visit(document, {
    Seq: (_key, list) => {
      for (const item of list.items)
        if (isMap(item) && !item.items.some(({ value }) => isSeq(value))) item.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
};

/** A model of what was chosen in a source. */
export const modelYaml = (
  { reference }: Found,
  chosen: Readonly<Record<string, string>>,
  fields: readonly SourceField[] | undefined,
): string => {
  const name = Object.values(chosen).at(-1) ?? 'model';
  const unique = fields?.find((field) => field.unique);
  return text({
    kind: modelKind.name,
    key: slugOf(name.split('.').at(-1) ?? name, modelKind.name),
    name,
    connection: reference,
    configuration: chosen,
    ...(unique === undefined ? {} : { identifier: unique.name }),
    ...(fields === undefined || fields.length === 0 ? {} : { fields: fields.map((field) => field.name) }),
  });
};

/** A sync to a target: in a mode that it offers, with the fields of a model whose names are the same. */
export const syncYaml = (
  connection: Found,
  target: Target,
  model: { readonly reference: Found['reference']; readonly fields: readonly SourceField[] } | undefined,
): string => {
  const source = (field: string): unknown =>
    typeof model?.reference === 'string'
      ? `${model.reference}.${field}`
      : { model: model?.reference ?? 'MODEL', field };
  const pairs = proposeFields(model?.fields ?? [], target.fields);
  const mode = target.modes.find((each) => each.mode === 'updateOrCreate') ?? target.modes[0];
  const match = pairs.find(({ target: id }) =>
    target.fields.some((field) => field.id === id && field.supportsIdentity === true),
  );
  const functions = target.fields.find(({ id }) => id === match?.target)?.identityFunctions ?? [];
  return text(
    {
      kind: sync.name,
      key: slugOf(target.name, sync.name),
      name: `To ${target.name}`,
      mode: mode?.mode ?? 'updateOrCreate',
      ...(mode?.requiresIdentity === true && match !== undefined
        ? {
            identity: {
              source: source(match.source),
              target: match.target,
              function: functions[0] ?? 'Equality',
            },
          }
        : {}),
      fields: pairs.map((pair) => ({ source: source(pair.source), target: pair.target })),
      schedule: { frequency: 'manual' },
      target: { connection: connection.reference, object: target.id },
    },
    model === undefined ? 'Say --model KEY to have fields proposed.' : undefined,
  );
};

/** A bulk sync of these schemas: in a mode that the destination offers, with what its configuration requires. */
export const bulkSyncYaml = (
  source: Found,
  schemas: readonly BulkSchema[],
  target: (Found & { readonly destination: BulkDestination }) | undefined,
): string => {
  const { modes = [], options = [] } = target?.destination ?? {};
  const mode = modes.find((each) => each.mode === 'replicate') ?? modes[0];
  const required = options.filter(({ required: isNeeded }) => isNeeded);
  const comments = [
    ...(target === undefined ? ['Say --to KEY to have the destination filled in.'] : []),
    ...(required.some(({ preset }) => (preset ?? '') === '') ? ['Fill in destination_configuration.'] : []),
  ];
  return text(
    {
      kind: bulkSync.name,
      key: slugOf(source.name, bulkSync.name),
      name: `${source.name} to ${target?.name ?? 'DESTINATION'}`,
      mode: mode?.mode ?? 'replicate',
      source_connection: source.reference,
      destination_connection: target?.reference ?? 'DESTINATION',
      destination_configuration: Object.fromEntries(required.map(({ name, preset = '' }) => [name, preset])),
      default_schedule: { frequency: 'manual' },
      schemas: schemas.map(({ id, fields }) =>
        fields === undefined ? id : { id, fields: fields.map((field) => field.id) },
      ),
    },
    comments.length === 0 ? undefined : comments.join(' '),
  );
};
