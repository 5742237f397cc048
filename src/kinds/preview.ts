/** What the API tells of an object that is not made: the columns that a source would give it. */
import type { SourceField } from '../api/enumeration.js';
import type { JsonObject } from '../core/json.js';
import type { ValueObject } from '../core/secret.js';

/** How a kind is previewed: by the body of a create, which makes nothing (api.md, 5). */
export interface Preview {
  /** What of a document the preview is told: all that decides which columns there are, and what a create requires. */
  readonly takes: readonly string[];
  /** The fields of which a change can change columns. */
  readonly shaping: readonly string[];
  /** All columns of a live object, as it was answered. Pure. */
  readonly columns: (live: JsonObject) => readonly Column[];
  /**
   * The columns that an object of this document would have, by the answer of a preview; `isWhole`: it tells all of
   * them. What the answer may leave out is not documented. Pure.
   */
  readonly foreseen: (answer: JsonObject, document: ValueObject) => Foreseen;
}

export interface Foreseen {
  readonly columns: readonly Column[];
  readonly isWhole: boolean;
}

export interface Column extends SourceField {
  /** Where it comes from: the source itself, an enricher, or a manifest that adds it by hand. */
  readonly of: 'source' | 'enricher' | 'manifest';
  /** A value that the API gives as an example; absent where it gives none. Personal data, as any row is. */
  readonly example?: unknown;
}
