/** What asking rules has in common, be it of manifests or of plans. Pure: the day is an input. */
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import type { Desired } from '../load/desired.js';
import type { RuleSet } from './read.js';
import type { Rule, Ruled } from './rule.js';
import { budgetFor, misfits, type Budget, type Misfit, type Schema } from '../load/json-schema/schema.js';

export interface RuleInput {
  readonly set: RuleSet;
  readonly desired: Desired;
  readonly environment: string | undefined;
  /** As `2027-01-31`, in UTC. */
  readonly today: string;
  /** Who owns a resource; absent: nobody owns any. */
  readonly ownersOf?: (address: Address) => readonly string[];
}

/** More of one resource help nobody. */
const MOST_MISFITS = 20;

const tooCostly = (rule: Rule): Diagnostic => ({
  severity: 'error',
  code: 'rules-too-costly',
  message: `the rules look at more values than a run may; the one that was asked last is ${rule.name}`,
  hint: 'look for references that lead round in a circle, and for choices within choices',
  ...(rule.base === true ? {} : { place: rule.place }),
});

/** What is told where rules would look at too much: nothing else can be believed. */
export const onlyCostly = (rule: Rule): Ruled => {
  const finding = tooCostly(rule);
  return { findings: [finding], stops: [finding], excepted: [] };
};

/** Whether a rule is asked of manifests, and not of a plan. */
export const isAboutManifests = ({ requires: { is } }: Rule): boolean =>
  is === 'resource' || is === 'obfuscated';

/** Findings of schemas; where they were too costly, that alone. */
export const asking = ({
  set,
  desired,
}: RuleInput): {
  readonly ask: (schema: Schema, value: JsonObject) => readonly Misfit[];
  readonly budget: Budget;
} => {
  const budget = budgetFor(desired.resources.length);
  return { ask: (schema, value) => misfits(schema, value, { patterns: set.patterns, budget }), budget };
};

/** Of the same place one finding, with all that is wrong there. */
export const byPlace = (found: readonly Misfit[]): readonly Misfit[] => {
  const places = new Map<string, string[]>();
  for (const { pointer, message } of found) places.set(pointer, [...(places.get(pointer) ?? []), message]);
  return [...places]
    .slice(0, MOST_MISFITS)
    .map(([pointer, messages]) => ({ pointer, message: messages.slice(0, 3).join('; ') }));
};
