/** What the API tells of an object that is not made: the columns that a source would give it. */
import type { SourceField } from '../api/enumeration.js';
import type { JsonObject } from '../core/json.js';

/** How a kind is previewed: by the body of a create, which makes nothing (api.md, 5). */
export interface Preview {
  /** What of a document the preview is told: all that decides which columns there are, and what a create requires. */
  readonly takes: readonly string[];
  /** The fields of which a change can change columns. */
  readonly shaping: readonly string[];
  /** All columns of an answer, of the live object or of a preview. Pure. */
  readonly columns: (answer: JsonObject) => readonly Column[];
}

export interface Column extends SourceField {
  /** Where it comes from: the source itself, an enricher, or a manifest that adds it by hand. */
  readonly of: 'source' | 'enricher' | 'manifest';
  /** A value that the API gives as an example; absent where it gives none. Personal data, as any row is. */
  readonly example?: unknown;
}
