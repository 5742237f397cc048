/** References between manifests: each leads somewhere, to the right kind, and none in a circle. */
import { addressOf, type Address } from '../core/address.js';
import { byCodeUnit } from '../core/json.js';
import { nearest } from '../core/suggest.js';
import { kindOf, kinds } from '../kinds/registry.js';
import { referencesOf, type FoundReference } from '../kinds/references.js';
import type { Finding } from '../kinds/kind.js';
import type { Resource } from './desired.js';

/** A finding about a reference of one resource. */
export interface ReferenceFinding extends Finding {
  readonly address: Address;
}

/** The addresses that a document of this kind refers to, each once, in code unit order. */
export const dependenciesOf = ({
  kind,
  document,
}: Pick<Resource, 'kind' | 'document'>): readonly Address[] => [
  ...new Set(
    referencesOf(kindOf(kind), document)
      .flatMap(({ rule, reference }) => (reference.to === 'key' ? [addressOf(rule.kind, reference.key)] : []))
      .sort(byCodeUnit),
  ),
];

/**
 * Every reference that leads nowhere, to another kind, or back to where it came from. `addresses` are all that
 * there are: a manifest with a mistake of its own can still be referred to.
 */
export const checkReferences = (
  resources: readonly Resource[],
  addresses: ReadonlySet<Address>,
): readonly ReferenceFinding[] => {
  const keysOf = (kind: string): readonly string[] =>
    resources.filter((resource) => resource.kind === kind).map(({ key }) => key);
  const findings = resources.flatMap((resource) =>
    referencesOf(kindOf(resource.kind), resource.document).flatMap((found) => {
      const { reference, rule } = found;
      if (reference.to !== 'key' || addresses.has(addressOf(rule.kind, reference.key))) return [];
      return [
        {
          address: resource.address,
          pointer: found.pointer,
          severity: 'error' as const,
          ...broken(found, addresses, keysOf),
        },
      ];
    }),
  );
  return findings.length > 0 ? findings : cycles(resources);
};

const broken = (
  { reference, rule }: FoundReference,
  addresses: ReadonlySet<Address>,
  keysOf: (kind: string) => readonly string[],
): Pick<Finding, 'code' | 'message' | 'hint'> => {
  const key = reference.to === 'key' ? reference.key : '';
  const other = kinds.find(({ name }) => name !== rule.kind && addresses.has(addressOf(name, key)));
  const wanted = kindOf(rule.kind).noun.one;
  const near = nearest(key, keysOf(rule.kind));
  if (other !== undefined)
    return {
      code: 'wrong-reference-kind',
      message: `${rule.name} must name a ${wanted}, and ${addressOf(other.name, key)} is a ${other.noun.one}`,
      ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }),
    };
  return {
    code: 'unknown-reference',
    message: `there is no ${addressOf(rule.kind, key)}`,
    hint:
      near === undefined
        ? `add a manifest with kind: ${rule.kind} and key: ${key}, or refer to a live one by {name: …}`
        : `did you mean "${near}"?`,
  };
};

/** One finding for each circle, at the reference that closes it. */
const cycles = (resources: readonly Resource[]): readonly ReferenceFinding[] => {
  const byAddress = new Map(resources.map((resource) => [resource.address, resource]));
  const done = new Set<Address>();
  const findings: ReferenceFinding[] = [];
  for (const { address: start } of resources) {
    // A walk with its own stack: a long chain of references must not end the run.
    const stack: { readonly address: Address; readonly next: Iterator<Address, undefined> }[] = [];
    const path = new Set<Address>();
    const enter = (address: Address): void => {
      const resource = byAddress.get(address);
      path.add(address);
      stack.push({ address, next: (resource === undefined ? [] : dependenciesOf(resource)).values() });
    };
    if (!done.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const { value, done: finished } = top.next.next();
      if (finished === true) {
        done.add(top.address);
        path.delete(top.address);
        stack.pop();
      } else if (path.has(value)) {
        const order = [...path];
        const circle = [...order.slice(order.indexOf(value)), value];
        findings.push(closing(byAddress.get(top.address) as Resource, value, circle));
      } else if (!done.has(value)) enter(value);
    }
  }
  return findings;
};

const closing = (resource: Resource, to: Address, circle: readonly Address[]): ReferenceFinding => ({
  severity: 'error',
  code: 'reference-cycle',
  address: resource.address,
  pointer:
    referencesOf(kindOf(resource.kind), resource.document).find(
      ({ rule, reference }) => reference.to === 'key' && addressOf(rule.kind, reference.key) === to,
    )?.pointer ?? '',
  message: `references go in a circle: ${circle.join(' → ')}`,
  hint: 'none of them can be created first; remove one of the references',
});
