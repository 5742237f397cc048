// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * The address that it had.
 */
export type Address = string;
/**
 * The address that it has.
 */
export type Address1 = string;

/**
 * A resource has another key now: its live object stays, and is bound to the new address.
 */
export interface Moved {
  /**
   * The kind of this document.
   */
  kind: 'Moved';
  from: Address;
  to: Address1;
}
