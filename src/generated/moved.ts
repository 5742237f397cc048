// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * For an instance: the key of its template. All that it makes moves with it.
 */
export type Key = string;

/**
 * A resource, or an instance of a template, has another key now: what lives stays, and is bound to the new address.
 */
export interface Moved {
  /**
   * The kind of this document.
   */
  kind: 'Moved';
  template?: Key;
  /**
   * The address that it had; of an instance the key.
   */
  from: string;
  /**
   * The address that it has; of an instance the key.
   */
  to: string;
}
