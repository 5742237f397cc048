/** Rules in a workspace, loaded where there are any: most repositories have none. */
import type { Address } from '../core/address.js';
import { sortDiagnostics, type Diagnostic } from '../core/diagnostics.js';
import type { Settings } from '../load/config.js';
import type { Desired } from '../load/desired.js';
import type { Change, Plan } from '../plan/plan.js';
import type { Review } from '../rules/review.js';
import type { RuleReport, Ruled } from '../rules/rule.js';
import type { State } from '../state/state.js';

/** Reads what people said of a proposal, once it is known what changes, and whose that is. */
export type ReadReview = (changes: readonly Pick<Change, 'address' | 'owners'>[]) => Promise<Review>;

/** What people said of a run that plans. */
export interface Reviewed {
  /** What people said of it on its pull request, or how that is read; absent where there is none. */
  readonly review?: Review | ReadReview;
  /** Rules whose approval somebody takes on themselves, by name. */
  readonly approved?: readonly string[];
}

/** What came of the rules of a run. */
export interface RuledRun extends Ruled {
  readonly report: RuleReport;
}

/** What rules are asked of: manifests, and a plan where there is one. */
export interface Asked extends Reviewed {
  readonly desired: Desired;
  /** Default: by the manifests alone. */
  readonly ownersOf?: (address: Address) => readonly string[];
  readonly planned?: { readonly plan: Plan; readonly state: State };
}

const unruled: RuledRun = { findings: [], stops: [], excepted: [], report: { excepted: [], changes: [] } };

const isRuled = ({ rules, baseRules = [] }: Settings, { desired, approved = [] }: Asked): boolean =>
  rules.length + baseRules.length + approved.length > 0 ||
  [...desired.resources, ...desired.removals].some(({ exceptions = [] }) => exceptions.length > 0);

/** Asks the rules of a repository; reads nothing but their files. */
export const askRules = async (settings: Settings, asked: Asked): Promise<RuledRun> =>
  isRuled(settings, asked) ? (await import('./rules.js')).askAll(settings, asked) : unruled;

const idOf = ({ code, message, place }: Diagnostic): string => JSON.stringify([code, message, place]);

/** Findings of a plan as whoever is about to apply it has to read them: what stops it is an error. */
export const withStops = (
  diagnostics: readonly Diagnostic[],
  stops: readonly Diagnostic[],
): readonly Diagnostic[] => {
  const stopping = new Set(stops.map(idOf));
  return sortDiagnostics([...diagnostics.filter((each) => !stopping.has(idOf(each))), ...stops]);
};
