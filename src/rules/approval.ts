/** Who still has to approve what changes. Pure. */
import type { Address } from '../core/address.js';
import { byCodeUnit } from '../core/json.js';
import type { Change } from '../plan/plan.js';
import type { Review } from './review.js';

/** Owners of whom one has to approve, and what of theirs changes. */
export interface MissingApproval {
  /** As they were written, sorted: any one of them is enough. */
  readonly owners: readonly string[];
  /** In the order of the changes, each once. */
  readonly addresses: readonly Address[];
}

/**
 * The owners of what changes of whom nobody has approved, one entry for each set of owners, in the order of the
 * changes. What has no owner needs nobody. Without a review nobody has approved. Names are compared without case, as
 * GitHub does.
 */
export const missingApprovals = (
  changes: readonly Pick<Change, 'address'>[],
  ownersOf: (address: Address) => readonly string[],
  review: Pick<Review, 'approvedBy'> | undefined,
): readonly MissingApproval[] => {
  const approved = new Set(review?.approvedBy.map((name) => name.toLowerCase()));
  const missing = new Map<string, { readonly owners: readonly string[]; readonly addresses: Set<Address> }>();
  for (const { address } of changes) {
    const owners = [...new Set(ownersOf(address))].sort(byCodeUnit);
    const names = owners.map((owner) => owner.toLowerCase());
    if (owners.length === 0 || names.some((name) => approved.has(name))) continue;
    const set = [...new Set(names)].sort(byCodeUnit).join(' ');
    const known = missing.get(set);
    if (known === undefined) missing.set(set, { owners, addresses: new Set([address]) });
    else known.addresses.add(address);
  }
  return [...missing.values()].map(({ owners, addresses }) => ({ owners, addresses: [...addresses] }));
};
