/** Documents that say what became of resources: `Moved` and `Removed`. */
import type { Address } from '../core/address.js';
import type { Diagnostic, Place } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { didYouMean } from '../core/suggest.js';
import { asText } from '../core/text.js';
import type { RuleException } from './exception.js';
import { checkSchema } from './schema.js';

/** A resource has another address now. */
export interface Move {
  readonly from: Address;
  readonly to: Address;
  readonly place: Place;
}

/** What becomes of a resource whose manifest is gone. */
export interface Removal {
  readonly from: Address;
  readonly destroy: boolean;
  /** Rules that its end need not fit; absent where there are none. */
  readonly exceptions?: readonly RuleException[];
  readonly place: Place;
}

export const statementKinds: readonly string[] = ['Moved', 'Removed'];

/** A document as it was written. */
export interface Statement {
  readonly value: JsonObject;
  readonly place: Place;
  /** The place of a value, by a JSON pointer into the document. */
  readonly placeOf: (pointer: string, what: 'key' | 'value') => Place;
}

export interface Statements {
  readonly moves: readonly Move[];
  readonly removals: readonly Removal[];
  readonly diagnostics: readonly Diagnostic[];
}

const kindOfAddress = (address: string): string => address.slice(0, address.indexOf('.'));

/** Checks the statements against each other and against the manifests, whose addresses are `present`. Pure. */
export const readStatements = (
  statements: readonly Statement[],
  present: ReadonlySet<Address>,
): Statements => {
  const diagnostics: Diagnostic[] = [];
  const moves: Move[] = [];
  const removals: Removal[] = [];
  const seen = new Set<string>();
  for (const { value, place, placeOf } of statements) {
    const problems = checkSchema(asText(value['kind']), value);
    for (const { pointer, at, ...problem } of problems)
      diagnostics.push({ severity: 'error', ...problem, place: placeOf(pointer, at) });
    if (problems.length > 0) continue;
    const fail = (code: string, pointer: string, message: string, hint: string): void => {
      diagnostics.push({ severity: 'error', code, message, hint, place: placeOf(pointer, 'value') });
    };
    if ('template' in value) {
      fail(
        'unknown-template',
        '/template',
        `there is no template ${asText(value['template'])}`,
        'an instance moves within its template; remove template: where from and to are addresses',
      );
      continue;
    }
    const from = value['from'] as Address;
    if (present.has(from))
      fail('still-there', '/from', `there is a manifest of ${from}`, 'remove the manifest, or this document');
    if (seen.has(from))
      fail('said-twice', '/from', `a second document says what became of ${from}`, 'keep one of them');
    seen.add(from);
    if (value['kind'] === 'Removed') {
      const { destroy, exceptions } = value;
      removals.push({
        from,
        destroy: destroy === true,
        ...(exceptions === undefined
          ? {}
          : { exceptions: exceptions as unknown as readonly RuleException[] }),
        place,
      });
      continue;
    }
    const to = value['to'] as Address;
    if (kindOfAddress(from) !== kindOfAddress(to))
      fail(
        'other-kind',
        '/to',
        `${from} cannot become ${to}: that is another kind`,
        'a move changes the key alone',
      );
    moves.push({ from, to, place });
  }
  // A chain of moves ends at a manifest.
  const onward = new Map(moves.map(({ from, to }) => [from, to]));
  for (const [index, { from, place }] of moves.entries()) {
    const end = endOf(from, onward);
    if (end !== undefined && present.has(end)) {
      moves[index] = { from, to: end, place };
      continue;
    }
    diagnostics.push({
      severity: 'error',
      code: 'unknown-target',
      message: end === undefined ? `moves from ${from} go in a circle` : `there is no manifest of ${end}`,
      hint:
        end === undefined
          ? 'remove one of them'
          : (didYouMean(end, [...present]) ?? 'a resource moves to the address of a manifest'),
      place,
    });
  }
  return { moves, removals, diagnostics };
};

const endOf = (from: Address, onward: ReadonlyMap<Address, Address>): Address | undefined => {
  const path = new Set<Address>();
  let at = from;
  for (let next = onward.get(at); next !== undefined; next = onward.get(at)) {
    if (path.has(at)) return undefined;
    path.add(at);
    at = next;
  }
  return at;
};
