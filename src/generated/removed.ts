// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * The address that it had.
 */
export type Address = string;

/**
 * What becomes of the live object of a manifest that is gone.
 */
export interface Removed {
  /**
   * The kind of this document.
   */
  kind: 'Removed';
  from: Address;
  /**
   * true: it is deleted, also where it was protected. false: it lives on, and is managed no more.
   */
  destroy: boolean;
}
