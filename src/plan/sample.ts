/** Rows beside a plan. They are no part of it: nothing that is kept or compared holds one. */
import type { Address } from '../core/address.js';
import type { JsonObject } from '../core/json.js';

/** What stands in the place of a value that nobody is to see. */
export const HIDDEN = '(hidden)';

export interface Sample {
  readonly step: string;
  readonly address: Address;
  /** Rows as they are; none of what does not live yet. */
  readonly before: readonly JsonObject[];
  /** One example of each column as it would be; absent where nothing told it. */
  readonly after?: JsonObject;
}
