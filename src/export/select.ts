/** Which live objects are exported. Pure. */
import { DiagnosticError } from '../core/diagnostics.js';
import { didYouMean } from '../core/suggest.js';
import { kindCalled, unknownKind } from '../kinds/names.js';

const fields = ['kind', 'name', 'id', 'connection'] as const;
type Field = (typeof fields)[number];

/** `kind=Sync`, `name=Customers*`: what an object must be like. */
export interface Criterion {
  readonly field: Field;
  readonly pattern: string;
}

/** What is known of an object when it is selected. */
export interface Candidate {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  /** Names, ids and keys of the connections that it refers to, or that it is. Asked for where one is selected by. */
  readonly connections: () => readonly string[];
}

const fail = (message: string, hint: string): DiagnosticError =>
  new DiagnosticError([{ severity: 'error', code: 'bad-selection', message, hint }]);

/** Reads `FIELD=PATTERN`. Throws `DiagnosticError` for what is none, and for an unknown kind. */
export const criterionOf = (text: string): Criterion => {
  const equals = text.indexOf('=');
  const name = text.slice(0, Math.max(0, equals));
  const pattern = text.slice(equals + 1);
  const field = fields.find((each) => each === name);
  if (equals < 1 || field === undefined || pattern === '')
    throw fail(
      `--select ${text} says nothing to select by`,
      (name === '' ? undefined : didYouMean(name, fields)) ??
        `write ${fields.map((each) => `${each}=PATTERN`).join(', ')}`,
    );
  if (field !== 'kind') return { field, pattern };
  const kind = kindCalled(pattern);
  if (kind === undefined) {
    const { isUnmanaged, hint } = unknownKind(pattern);
    throw fail(
      isUnmanaged
        ? `${pattern} is not managed by this version yet`
        : `there is no kind "${pattern}" to select`,
      hint,
    );
  }
  return { field, pattern: kind.name };
};

/** `*` stands for anything, `?` for one character; a name may hold slashes, dots and brackets like any letter. */
const matcher = (pattern: string): ((text: string) => boolean) => {
  const signs: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };
  const source = pattern.replaceAll(/[\\^$.*+?()[\]{}|]/g, (sign) => signs[sign] ?? `\\${sign}`);
  const whole = new RegExp(`^${source}$`, 'su');
  return (text) => whole.test(text);
};

const valuesOf: Readonly<Record<Field, (candidate: Candidate) => readonly string[]>> = {
  kind: ({ kind }) => [kind],
  name: ({ name }) => [name],
  id: ({ id }) => [id],
  connection: ({ connections }) => connections(),
};

/** Whether an object is selected: for each field that is named, by one of its patterns. All where none is. */
export const createSelect = (criteria: readonly Criterion[]): ((candidate: Candidate) => boolean) => {
  const byField = fields.flatMap((field) => {
    const patterns = criteria.filter((each) => each.field === field).map(({ pattern }) => matcher(pattern));
    return patterns.length === 0 ? [] : [{ field, patterns }];
  });
  return (candidate) =>
    byField.every(({ field, patterns }) =>
      valuesOf[field](candidate).some((value) => patterns.some((matches) => matches(value))),
    );
};
