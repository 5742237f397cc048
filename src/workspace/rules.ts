/** The rules of a workspace: read, and asked of manifests and of a plan. */
import type { Settings } from '../load/config.js';
import { parseRules, readRules } from '../load/rules.js';
import { checkManifests } from '../rules/manifest-rules.js';
import { checkPlan } from '../rules/plan-rules.js';
import { readRuleSet, type RuleSet } from '../rules/read.js';
import { stopping } from '../rules/rule.js';
import type { Asked, RuledRun } from './rules-asked.js';

/** The day, where nobody says another one. */
export const dayOf = ({ today = new Date().toISOString().slice(0, 10) }: Settings): string => today;

/** The rules of a repository, with those of the base branch. Never throws for what the files hold. */
export const openRules = async ({ root, rules, baseRules, environments }: Settings): Promise<RuleSet> =>
  readRuleSet(await readRules(root, rules), {
    environments,
    ...(baseRules === undefined ? {} : { base: parseRules(baseRules) }),
  });

/** What `askRules` does where there are rules, or exceptions from some. */
export const askAll = async (
  settings: Settings,
  { desired, planned, ...reviewed }: Asked,
): Promise<RuledRun> => {
  const set = await openRules(settings);
  const input = { set, desired, environment: settings.environmentName, today: dayOf(settings) };
  const manifests = checkManifests(input);
  const plan =
    planned === undefined
      ? { findings: [], stops: [], excepted: [] }
      : checkPlan({ ...input, ...planned, ...reviewed });
  const excepted = [...manifests.excepted, ...plan.excepted];
  return {
    findings: [...set.diagnostics, ...manifests.findings, ...plan.findings],
    stops: [...stopping(set.diagnostics), ...manifests.stops, ...plan.stops],
    excepted,
    report: { excepted, changes: set.changes },
  };
};
