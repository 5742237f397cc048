/**
 * Findings about what a person wrote or what the API answered. A caller acts on them, so they are values;
 * exceptions are left for bugs.
 */

/** A position in a file: both numbers start at 1, as editors and workflow annotations count. */
export interface Place {
  /** Path relative to the folder of the configuration file, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** A stable name for the finding, e.g. `unknown-field`. */
  readonly code: string;
  /** One sentence that says what is wrong. */
  readonly message: string;
  readonly place?: Place;
  /** The resource it is about, e.g. `sync.customers`. */
  readonly address?: string;
  /** What to do about it. */
  readonly hint?: string;
  /** The rule of the repository that it comes from. */
  readonly rule?: string;
  /** Where more is said of that, an https address. */
  readonly link?: string;
  /** Other places that explain it: the first of two duplicates, the anchor behind an alias. */
  readonly related?: readonly { readonly message: string; readonly place: Place }[];
}

/** Whether anything in the list stops the run. */
export const hasErrors = (diagnostics: readonly Pick<Diagnostic, 'severity'>[]): boolean =>
  diagnostics.some(({ severity }) => severity === 'error');

/** The order of what has a place: by file, line and column. */
export const byPlace = (a: Pick<Diagnostic, 'place'>, b: Pick<Diagnostic, 'place'>): number =>
  compare(a.place?.file ?? '', b.place?.file ?? '') ||
  (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
  (a.place?.column ?? 0) - (b.place?.column ?? 0);

/** By place and code, so that a report does not depend on the order of discovery. */
export const sortDiagnostics = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  [...diagnostics].sort((a, b) => byPlace(a, b) || compare(a.code, b.code) || compare(a.message, b.message));

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * A run that cannot go on, with what to tell the person. Thrown at the edges (files, network), caught by
 * the command line; the stack is of no interest to anybody.
 */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join('\n'));
    this.diagnostics = diagnostics;
  }
}
