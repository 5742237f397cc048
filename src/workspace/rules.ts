/** The rules of a workspace: read, and asked of manifests and of a plan. */
import type { Settings } from '../load/config.js';
import { parseRules, readRules } from '../load/rules.js';
import { checkManifests } from '../rules/manifest-rules.js';
import { ownersIn } from '../rules/owners.js';
import { checkPlan } from '../rules/plan-rules.js';
import { readRuleSet, type RuleSet } from '../rules/read.js';
import type { Review } from '../rules/review.js';
import { stopping } from '../rules/rule.js';
import { emptyState } from '../state/state.js';
import type { Asked, RuledRun } from './rules-asked.js';

/** The day, where nobody says another one. */
export const dayOf = ({ today = new Date().toISOString().slice(0, 10) }: Settings): string => today;

/** The rules of a repository, with those of the base branch. Never throws for what the files hold. */
export const openRules = async ({ root, rules, baseRules, environments }: Settings): Promise<RuleSet> =>
  readRuleSet(await readRules(root, rules), {
    environments,
    ...(baseRules === undefined ? {} : { base: parseRules(baseRules) }),
  });

/** What people said, read where a rule asks for it: each look at a pull request is a request or more. */
const reviewFor = async ({ rules }: RuleSet, { planned, review }: Asked): Promise<Review | undefined> => {
  if (typeof review !== 'function') return review;
  return planned !== undefined && rules.some(({ requires }) => requires.is === 'approval')
    ? review(planned.plan.changes)
    : undefined;
};

/** What `askRules` does where there are rules, or exceptions from some. */
export const askAll = async (settings: Settings, asked: Asked): Promise<RuledRun> => {
  const { desired, planned, approved } = asked;
  const set = await openRules(settings);
  const { resources } = desired;
  const { ownersOf = ownersIn(settings.owners, { resources, state: emptyState, movedFrom: new Map() }) } =
    asked;
  const input = { set, desired, environment: settings.environmentName, today: dayOf(settings), ownersOf };
  const manifests = checkManifests(input);
  const review = await reviewFor(set, asked);
  const plan =
    planned === undefined
      ? { findings: [], stops: [], excepted: [] }
      : checkPlan({
          ...input,
          ...planned,
          ...(review === undefined ? {} : { review }),
          ...(approved === undefined ? {} : { approved }),
        });
  const excepted = [...manifests.excepted, ...plan.excepted];
  return {
    findings: [...set.diagnostics, ...manifests.findings, ...plan.findings],
    stops: [...stopping(set.diagnostics), ...manifests.stops, ...plan.stops],
    excepted,
    report: { excepted, changes: set.changes },
  };
};
