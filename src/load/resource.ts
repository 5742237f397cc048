/** One manifest: expressions, schema, short forms and the kind's own checks. Pure. */
import type { Address } from '../core/address.js';
import type { JsonObject } from '../core/json.js';
import {
  escapePointer,
  isValueArray,
  isValueObject,
  pointerSegments,
  redact,
  type Value,
} from '../core/secret.js';
import { asText } from '../core/text.js';
import type { Finding, Kind } from '../kinds/kind.js';
import { checkExtra } from '../kinds/extra-check.js';
import { checkIgnored, currentPointers } from '../kinds/ignored.js';
import { sealSensitive } from '../kinds/normalise.js';
import { valueAt, without } from '../kinds/paths.js';
import { acceptWireNames } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import { acceptAliases, aliasedPath } from '../kinds/short.js';
import type { Resource } from './desired.js';
import type { RuleException } from './exception.js';
import { interpolate } from './interpolate.js';
import type { Draft, LoadOptions } from './draft.js';
import { checkSchema } from './schema.js';
import { takeTypes } from './typed.js';

export interface Finished {
  /** Absent where there is an error. */
  readonly resource?: Resource;
  /** Pointers are into the manifest as it was written. */
  readonly findings: readonly (Finding & { readonly at: 'key' | 'value' })[];
  /** The pointer as written, for one into the document of the resource. */
  readonly written: (pointer: string) => string;
}

/** Checks one manifest and spells it out. */
export const finish = (
  address: Address,
  { document, value, made }: Draft,
  options: LoadOptions,
): Finished => {
  const kind = kindOf(value['kind'] as string);
  const {
    value: filled,
    expressions,
    findings,
  } = interpolate(value, {
    ...options,
    secretPaths: kind.secretPaths,
    withoutSecrets: options.withoutSecrets === true,
  });
  const named = acceptWireNames(kind, acceptAliases(kind, filled));
  const written = writtenPointer(kind, value);
  const problems: (Finding & { readonly at: 'key' | 'value' })[] = findings.map((finding) => ({
    ...finding,
    at: 'value',
  }));
  // A secret is text of some length to the schema.
  const schemaFindings = checkSchema(kind.name, redact(named));
  problems.push(
    ...schemaFindings
      .filter(({ pointer }) => !findings.some((finding) => finding.pointer === pointer))
      .map((finding) => ({ severity: 'error' as const, ...finding, pointer: written(finding.pointer) })),
  );
  if (problems.length > 0) return { findings: problems, written };
  const expanded = kind.expand(named);
  const { key, id, external, lifecycle, labels } = expanded;
  const rules = isValueObject(lifecycle) ? lifecycle : {};
  const ignored = isValueArray(rules['ignore_changes']) ? rules['ignore_changes'].map(asText) : [];
  problems.push(
    ...[
      ...(kind.olderForms?.check(named) ?? []),
      ...kind.check(expanded),
      ...checkIgnored(kind, ignored),
      ...checkExtra(kind, expanded),
    ].map((finding) => ({
      ...finding,
      at: 'value' as const,
      pointer: written(finding.pointer),
    })),
  );
  if (problems.some(({ severity }) => severity === 'error')) return { findings: problems, written };
  const own = ['kind', 'key', 'id', 'external', 'lifecycle'];
  const resource: Resource = {
    address,
    kind: kind.name,
    key: key as string,
    ...(typeof id === 'string' ? { id } : {}),
    external: external === true,
    preventDestroy: rules['prevent_destroy'] === true,
    ...exceptionsIn(rules['exceptions']),
    ignoreChanges: ignored.flatMap((pointer) => currentPointers(kind, named, pointer)),
    expressions,
    labels: labelsOf(labels),
    // Labels as a list are the API's own, where a kind has them.
    document: sealSensitive(kind, without(expanded, ...own, ...(isValueObject(labels) ? ['labels'] : []))),
    ...(made === undefined ? {} : { template: made.instance.template.key }),
    ...(kind.olderForms?.isOlder(named) === true ? { older: true as const } : {}),
    place: document.place,
  };
  const typesAt = kind.typed?.(redact(resource.document) as JsonObject)?.typesAt;
  const typed = takeTypes(resource, (path) => typesAt?.(path));
  if (typed.findings.length > 0)
    return {
      findings: [...problems, ...typed.findings.map((each) => ({ ...each, at: 'value' as const }))],
      written,
    };
  return { resource: typed.resource, findings: problems, written };
};

/** What the schema has let pass. */
const exceptionsIn = (value: Value | undefined): Pick<Resource, 'exceptions'> =>
  isValueArray(value) && value.length > 0
    ? { exceptions: redact(value) as unknown as readonly RuleException[] }
    : {};

const labelsOf = (labels: Value | undefined): Readonly<Record<string, string>> =>
  isValueObject(labels)
    ? Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, asText(value)]))
    : isValueArray(labels)
      ? Object.fromEntries(labels.map((name) => [asText(name), '']))
      : {};

/** Where another name was written in place of the manifest's own, that of the API for one, the pointer says so. */
const writtenPointer =
  (kind: Kind, value: JsonObject) =>
  (pointer: string): string => {
    const rule = kind.references.find(
      ({ path, name, wire }) =>
        path.length === 0 && pointer.startsWith(`/${name}`) && !(name in value) && wire in value,
    );
    if (rule !== undefined) return `/${rule.wire}`;
    const path = pointerSegments(pointer);
    const segments = kind.olderForms?.writtenPath(value, path) ?? path;
    const aliased = aliasedPath(kind, segments, (path) => valueAt(value, path) !== undefined);
    return aliased === path ? pointer : aliased.map((segment) => `/${escapePointer(segment)}`).join('');
  };
