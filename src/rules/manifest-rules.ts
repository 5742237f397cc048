/** Rules, asked of manifests. Pure. */
import type { Address } from '../core/address.js';
import { isJsonObject, type JsonObject } from '../core/json.js';
import { redact } from '../core/secret.js';
import type { Resource } from '../load/desired.js';
import { asking, byPlace, isAboutManifests, onlyCostly, type RuleInput } from './asking.js';
import { openColumns } from './columns.js';
import { exceptionsIn, idleExceptions, settle, type Raised } from './exceptions.js';
import { counts, isAbout } from './match.js';
import type { Requirement, Ruled } from './rule.js';
import type { Misfit } from '../load/json-schema/schema.js';

/** A resource as its manifest says it, after defaults, overlays and short forms. */
export const subjectOf = (
  resource: Resource,
  { environment, ownersOf }: Pick<RuleInput, 'environment' | 'ownersOf'>,
): JsonObject => {
  const { address, kind, key, document, labels, preventDestroy, ignoreChanges, exceptions, place } = resource;
  const plain = redact(document);
  return {
    ...(isJsonObject(plain) ? plain : {}),
    kind,
    key,
    address,
    file: place.file,
    environment: environment ?? null,
    labels,
    lifecycle: {
      ...(preventDestroy ? { prevent_destroy: true } : {}),
      ...(ignoreChanges.length === 0 ? {} : { ignore_changes: ignoreChanges }),
      ...(exceptions === undefined ? {} : { exceptions: exceptions.map((each) => ({ ...each })) }),
    },
    owners: ownersOf?.(address) ?? [],
  };
};

/** What manifests do not fit, and exceptions that say nothing. What is only looked up has to fit no rule. */
export const checkManifests = (input: RuleInput): Ruled => {
  const { set, desired, today } = input;
  const held = exceptionsIn(desired);
  const { ask, budget } = asking(input);
  const byAddress = new Map(desired.resources.map((resource) => [resource.address, resource]));
  const own = desired.resources.filter(({ external }) => !external);
  const subjects = new Map<Address, JsonObject>();
  const subject = (resource: Resource): JsonObject => {
    const known = subjects.get(resource.address) ?? subjectOf(resource, input);
    subjects.set(resource.address, known);
    return known;
  };
  const misfitsOf = (requires: Requirement, resource: Resource): readonly Misfit[] => {
    if (requires.is === 'resource') return ask(requires.schema, subject(resource));
    return requires.is === 'obfuscated'
      ? openColumns(resource, { ...requires, resourceOf: (address) => byAddress.get(address) })
      : [];
  };
  const raised: Raised[] = [];
  for (const rule of set.rules) {
    if (!isAboutManifests(rule) || !counts(rule, input)) continue;
    for (const resource of own) {
      const { address, kind, labels, place } = resource;
      if (!isAbout(rule.match, { kind, labels, file: place.file })) continue;
      for (const { pointer, message } of byPlace(misfitsOf(rule.requires, resource)))
        raised.push({
          rule,
          severity: rule.severity,
          says: message,
          address,
          ...desired.cite(address, pointer, 'value'),
        });
      if (budget.left < 0) return onlyCostly(rule);
    }
  }
  const settled = settle(raised, held, today);
  const idle = idleExceptions(held, set.rules, {
    isTold: (rule) => isAboutManifests(rule) && counts(rule, input),
    hits: new Set(raised.map(({ rule, address }) => `${address ?? ''} ${rule.name}`)),
  });
  return { ...settled, findings: [...settled.findings, ...idle] };
};
