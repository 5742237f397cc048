/** What rules are asked, and what comes of it. */
import type { Address } from '../core/address.js';
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
