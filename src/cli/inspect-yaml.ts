/** Manifests to paste, from what an inspection found. */
import { Document, isMap, isSeq, visit } from 'yaml';
import type { SourceField, Target } from '../api/enumeration.js';
import { slugOf } from '../export/keys.js';
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
      if (isSeq(list)) for (const item of list.items) if (isMap(item)) item.flow = true;
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
