/** A sync against its models and its target. */
import { isJsonArray, isJsonObject, type JsonObject } from '../core/json.js';
import { isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { misfit } from './field-types.js';
import type { Finding } from './kind.js';
import { modelPreview } from './model-preview.js';
import { modelFields, type FieldOf, type ModelField } from './model-preflight.js';
import { finding, unknownName, type Outlook } from './preflight.js';
import { items } from './paths.js';
import { conditionsOf } from './sync-filters.js';
import { unsayable } from './parts.js';
import { onlyNewer } from './sync-forms.js';
import { mappingsOf } from './sync-identities.js';
import { problemFindings } from './sync-problems.js';
import { checkTarget } from './sync-target.js';

const fieldFinder =
  (outlook: Outlook): FieldOf =>
  async (source) => {
    const fields = await fieldsOf(source, outlook);
    return fields === undefined || !isValueObject(source)
      ? undefined
      : (fields.find(({ name }) => name === source['field']) ?? 'missing');
  };

const fieldsOf = async (
  source: Value | undefined,
  outlook: Outlook,
): Promise<readonly ModelField[] | undefined> => {
  if (!isValueObject(source)) return undefined;
  const neighbour = outlook.neighbour('Model', source['model']);
  return neighbour === undefined ? undefined : modelFields(neighbour, outlook);
};

interface Named {
  readonly pointer: string;
  readonly source: Value | undefined;
  /** The API turns names in filters and overrides into ids, and refuses those that it does not find. */
  readonly severity: Finding['severity'];
  readonly function?: string;
}

const namedFields = (document: ValueObject): readonly Named[] => {
  const conditions = (list: readonly ValueObject[], at: string, name: string): readonly Named[] =>
    list.map((entry, index) => ({
      pointer: `${at}/${index}/${name}`,
      source: entry[name],
      severity: 'error' as const,
      function: asText(entry['function']),
    }));
  const values = conditionsOf(document, 'target_filters');
  return [
    ...items(document['fields']).map(({ source }, index) => ({
      pointer: `/fields/${index}/source`,
      source,
      severity: 'warning' as const,
    })),
    ...mappingsOf(document).map(({ source }, index) => ({
      pointer: `/identities/mappings/${index}/source`,
      source,
      severity: 'warning' as const,
    })),
    ...conditions(conditionsOf(document, 'model_filters'), '/model_filters/conditions', 'source'),
    ...values.map(({ value_source: source }, index) => ({
      pointer: `/target_filters/conditions/${index}/value_source`,
      source,
      severity: 'error' as const,
    })),
    ...conditions(items(document['overrides']), '/overrides', 'field'),
  ];
};

const checkSources = async (
  document: ValueObject,
  outlook: Outlook,
  fieldOf: FieldOf,
): Promise<readonly Finding[]> => {
  const found = await Promise.all(
    namedFields(document).map(async (named): Promise<readonly Finding[]> => {
      const { pointer, source, severity } = named;
      const field = await fieldOf(source);
      if (field === undefined || !isValueObject(source)) return [];
      const name = asText(source['field']);
      const model = asText(source['model']);
      if (field === 'missing') {
        const names = (await fieldsOf(source, outlook))?.map((each) => each.name) ?? [];
        const { previewed, live } = outlook.neighbour('Model', source['model']) ?? {};
        const at = `${pointer}/field`;
        if (previewed === undefined)
          return [
            unknownName(severity, 'unknown-field', at, `model ${model} has no field "${name}"`, name, names),
          ];
        // What the source itself says of the change is certain.
        return live !== undefined && modelPreview.columns(live).some((column) => column.name === name)
          ? [
              unknownName(
                'error',
                'column-goes',
                at,
                `this plan takes the column "${name}" from model ${model}`,
                name,
                names,
              ),
            ]
          : [
              unknownName(
                'error',
                'unknown-field',
                at,
                `model ${model} will have no field "${name}"`,
                name,
                names,
              ),
            ];
      }
      if (field.gone)
        return [
          finding(
            'warning',
            'field-gone',
            `${pointer}/field`,
            `the source of model ${model} has no field "${name}" any more`,
            'it was renamed or dropped there; change the model and this field',
          ),
        ];
      const types = named.function === undefined ? undefined : misfit(named.function, field.type);
      return types === undefined
        ? []
        : [
            finding(
              'warning',
              'function-misfit',
              pointer.replace(/\/(field|source)$/, '/function'),
              `${asText(named.function)} is for ${types.join(', ')}, and "${name}" is ${field.type}`,
            ),
          ];
    }),
  );
  return found.flat();
};

const checkSchedule = async (
  { schedule }: ValueObject,
  outlook: Outlook,
  own: string | undefined,
): Promise<readonly Finding[]> => {
  if (!isValueObject(schedule)) return [];
  const findings: Finding[] = [];
  const { connection, run_after: after } = schedule;
  if (connection !== undefined && (await outlook.capabilities(connection))?.orchestration === false)
    findings.push(
      finding(
        'warning',
        'no-orchestration',
        '/schedule/connection',
        'the connection is of a type that cannot start syncs',
      ),
    );
  const first = isValueObject(after) && isValueArray(after['syncs']) ? after['syncs'] : [];
  first.forEach((reference, index) => {
    // Circles among manifests are found without network; here, those that lead through what only lives.
    const id = outlook.idOf('Sync', reference);
    if (own !== undefined && id !== undefined && leadsTo(own, id, outlook))
      findings.push(
        finding(
          'warning',
          'run-after-cycle',
          `/schedule/run_after/syncs/${index}`,
          'the two syncs wait for each other: that one runs after this one',
          'remove one of the two',
        ),
      );
  });
  return findings;
};

/** Ids of the syncs that a live sync runs after. */
const runsAfter = (id: string, outlook: Outlook): readonly string[] => {
  const schedule = outlook.neighbour('Sync', { id })?.live?.['schedule'];
  const after = isJsonObject(schedule) ? schedule['run_after'] : undefined;
  const ids = isJsonObject(after) ? after['sync_ids'] : undefined;
  return isJsonArray(ids) ? ids.map(asText) : [];
};

const leadsTo = (wanted: string, from: string, outlook: Outlook): boolean => {
  const seen = new Set<string>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === wanted) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...runsAfter(id, outlook));
  }
  return false;
};

export const preflightSync = async (
  document: ValueObject,
  outlook: Outlook,
  live: JsonObject | undefined,
): Promise<readonly Finding[]> => {
  const fieldOf = fieldFinder(outlook);
  const own = typeof live?.['id'] === 'string' ? live['id'] : undefined;
  const found = await Promise.all([
    checkSources(document, outlook, fieldOf),
    checkTarget(document, outlook, fieldOf),
    checkSchedule(document, outlook, own),
  ]);
  const needed = outlook.syncForms === 'older' ? onlyNewer(document) : undefined;
  return [
    ...found.flat(),
    ...problemFindings(document, live, outlook),
    ...(needed === undefined ? [] : [unsayable(needed)]),
  ];
};
