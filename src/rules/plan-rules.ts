/** Rules, asked of a plan. Pure. */
import type { Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { didYouMean } from '../core/suggest.js';
import { count } from '../core/text.js';
import { mainSteps, type Change, type Plan } from '../plan/plan.js';
import type { State } from '../state/state.js';
import { missingApprovals } from './approval.js';
import { asking, byPlace, isAboutManifests, onlyCostly, type RuleInput } from './asking.js';
import { exceptedBy, exceptionOf, exceptionsIn, messageOf, settle, type Raised } from './exceptions.js';
import { counts, isAbout, type Subject } from './match.js';
import type { Review } from './review.js';
import { counted, type Counted, type Excepted, type Rule, type Ruled } from './rule.js';
import type { Misfit } from '../load/json-schema/schema.js';

export interface PlanRuleInput extends RuleInput {
  readonly plan: Plan;
  /** What is bound: of what has no manifest any more its labels are known from here. */
  readonly state: State;
  /** Absent where nobody can review, as on a command line. */
  readonly review?: Review;
  /** Rules whose approval a person takes on themselves, by name. */
  readonly approved?: readonly string[];
}

/**
 * What is known of a change to choose it by: as its manifest is now, and as it was last applied. Nobody takes something out
 * of a rule by the change that the rule is about.
 */
const subjectsOf = ({ desired, state }: PlanRuleInput): ((change: Change) => readonly Subject[]) => {
  const byAddress = new Map(desired.resources.map((resource) => [resource.address, resource]));
  return ({ address, kind }) => {
    const resource = byAddress.get(address);
    const { labels = {}, file } = state.resources[address] ?? {};
    return [
      ...(resource === undefined ? [] : [{ kind, labels: resource.labels, file: resource.place.file }]),
      { kind, labels, ...(file === undefined ? {} : { file }) },
    ];
  };
};

const NAMED = 5;

const named = (changes: readonly Change[]): string =>
  `${changes
    .slice(0, NAMED)
    .map(({ address }) => address)
    .join(', ')}${changes.length > NAMED ? ` and ${changes.length - NAMED} more` : ''}`;

const hintOf = (rule: Rule, review: Review | undefined, needs: string): string =>
  review === undefined
    ? `it is approved on a pull request; on the command line apply --approve ${rule.name} takes it on yourself`
    : needs;

/** Approvals that are missing. Where nobody can review, a plan only tells them. */
const missing = (
  rule: Rule,
  { label, owners }: Extract<Rule['requires'], { readonly is: 'approval' }>,
  changes: readonly Change[],
  { review, approved = [], ownersOf = () => [] }: PlanRuleInput,
): readonly Raised[] => {
  if (approved.includes(rule.name)) return [];
  const severity = review === undefined ? 'warning' : rule.severity;
  const of = ({ address, place }: Change): Pick<Raised, 'rule' | 'severity' | 'address' | 'place'> => ({
    rule,
    severity,
    address,
    ...(place === undefined ? {} : { place }),
  });
  const isLabelled = label === undefined || review?.labels.includes(label) === true;
  const unapproved = owners ? missingApprovals(changes, ownersOf, review) : [];
  return [
    ...(isLabelled
      ? []
      : changes.map((change) => ({
          ...of(change),
          says: `${change.action} of ${change.address} needs the label ${JSON.stringify(label)} on the pull request`,
          hint: hintOf(rule, review, 'add the label to the pull request'),
        }))),
    ...unapproved.flatMap(({ owners: names, addresses }) =>
      changes
        .filter(({ address }) => addresses.includes(address))
        .map((change) => ({
          ...of(change),
          says: `${change.action} of ${change.address} needs the approval of ${names.join(' or ')}`,
          hint: hintOf(rule, review, `have it approved by ${names.join(' or ')}`),
        })),
    ),
  ];
};

/** Changes that do not fit. */
const unfit = (
  rule: Rule,
  changes: readonly Change[],
  ask: (change: Change) => readonly Misfit[],
): readonly Raised[] =>
  changes.flatMap((change): readonly Raised[] => {
    const found = byPlace(ask(change));
    const { action, address, place } = change;
    return found.length === 0
      ? []
      : [
          {
            rule,
            severity: rule.severity,
            says: `${action} of ${address}: ${found.map(({ message }) => message).join('; ')}`,
            address,
            ...(place === undefined ? {} : { place }),
          },
        ];
  });

/** More changes than there may be, but for those that are excepted. */
const tooMany = (
  rule: Rule,
  most: Readonly<Partial<Record<Counted, number>>>,
  changes: readonly Change[],
  exceptionFrom: (change: Change) => ReturnType<typeof exceptionOf>,
): { readonly raised: readonly Raised[]; readonly excepted: readonly Excepted[] } => {
  const raised: Raised[] = [];
  const excepted: Excepted[] = [];
  for (const [name, limit] of Object.entries(most) as [Counted, number][]) {
    const all = changes.filter(({ action }) => (counted[name] ?? action) === action);
    if (all.length <= limit) continue;
    const left = all.filter((change) => exceptionFrom(change) === undefined);
    for (const change of all) {
      const exception = exceptionFrom(change);
      const says = `${change.action} of ${change.address} is not counted`;
      if (exception !== undefined) excepted.push(exceptedBy(exception, messageOf({ rule, says })));
    }
    if (left.length > limit)
      raised.push({
        rule,
        severity: rule.severity,
        says: `${count(left.length, counted[name] ?? 'change')}, and at most ${limit} ${limit === 1 ? 'is' : 'are'} allowed: ${named(left)}`,
        ...(rule.base === true ? {} : { place: rule.place }),
      });
  }
  return { raised, excepted };
};

const unknownApprovals = ({ set, approved = [] }: PlanRuleInput): readonly Diagnostic[] => {
  const names = set.rules.flatMap(({ name, requires }) => (requires.is === 'approval' ? [name] : []));
  return approved
    .filter((name) => !names.includes(name))
    .map((name) => ({
      severity: 'error',
      code: 'unknown-rule',
      message: `no rule ${JSON.stringify(name)} asks for an approval`,
      hint: didYouMean(name, names) ?? 'see: polytomic-gitops rules',
    }));
};

/** What a plan does not fit: its changes, how many they are, and who approved them. */
export const checkPlan = (input: PlanRuleInput): Ruled => {
  const { set, desired, plan, today } = input;
  const held = exceptionsIn(desired);
  const { ask, budget } = asking(input);
  const about = subjectsOf(input);
  const changes = mainSteps(plan.changes);
  const raised: Raised[] = [];
  const uncounted: Excepted[] = [];
  for (const rule of set.rules) {
    if (isAboutManifests(rule) || !counts(rule, input)) continue;
    const { requires, match } = rule;
    const those = changes.filter(
      (change) =>
        about(change).some((subject) => isAbout(match, subject)) &&
        (match.actions.length === 0 || match.actions.includes(change.action)),
    );
    if (requires.is === 'approval') raised.push(...missing(rule, requires, those, input));
    if (requires.is === 'change')
      raised.push(...unfit(rule, those, (change) => ask(requires.schema, change as unknown as JsonObject)));
    if (budget.left < 0) return onlyCostly(rule);
    if (requires.is === 'plan') {
      const found = tooMany(rule, requires.most, those, ({ address }) =>
        exceptionOf(held, rule, address, today),
      );
      raised.push(...found.raised);
      uncounted.push(...found.excepted);
    }
  }
  const settled = settle(raised, held, today);
  const unknown = unknownApprovals(input);
  return {
    findings: [...settled.findings, ...unknown],
    stops: [...settled.stops, ...unknown],
    excepted: [...settled.excepted, ...uncounted],
  };
};
