/** Findings of kinds, before their places are known. */

/** A finding about one document, with a pointer into the manifest as it was written. */
export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly pointer: string;
  readonly message: string;
  readonly hint?: string;
}
