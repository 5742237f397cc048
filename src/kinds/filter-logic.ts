/** `A AND (B OR C)`: how conditions combine, by their labels. Pure. */
import { canonicalJson, type Json } from '../core/json.js';

/** An expression. Of the same operator inside of itself nothing is left: `(A AND B) AND C` is `A AND B AND C`. */
export type Logic =
  | { readonly label: string }
  | { readonly not: Logic }
  | { readonly op: 'AND' | 'OR'; readonly of: readonly Logic[] };

/** What an expression says, or what is wrong with it. */
export type ReadLogic = { readonly logic: Logic } | { readonly problem: string };

/** As deep as nobody writes by hand: what is read is gone through by recursion. */
const DEEPEST = 100;

/** The letter of the condition at this place: A … Z, AA, AB … */
export const labelAt = (index: number): string =>
  index < 26
    ? String.fromCharCode(65 + index)
    : `${labelAt(Math.floor(index / 26) - 1)}${String.fromCharCode(65 + (index % 26))}`;

/** Whether the API takes it for a label; `and` and `or` are operators in any case. */
export const isLabel = (text: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !/^(AND|OR|NOT)$/i.test(text);

/** Reads an expression of labels, AND, OR, NOT and parentheses. AND binds before OR. */
export const readLogic = (text: string): ReadLogic => {
  const tokens = text.match(/[()]|[A-Za-z_][A-Za-z0-9_]*|[^\s()A-Za-z_]+/g) ?? [];
  const problem = problemOf(tokens);
  return problem === undefined ? { logic: build(tokens) } : { problem };
};

const problemOf = (tokens: readonly string[]): string | undefined => {
  let open = 0;
  let nested = 0;
  let wantsValue = true;
  for (const token of tokens) {
    const word = token.toUpperCase();
    if (word === 'AND' || word === 'OR') {
      if (wantsValue) return `a label is missing before ${token}`;
      wantsValue = true;
    } else if (word === ')') {
      if (wantsValue) return 'a label is missing before )';
      if (open === 0) return 'a ) closes nothing';
      open -= 1;
    } else {
      if (!wantsValue) return `AND or OR is missing before ${token}`;
      if (word === '(') open += 1;
      else if (word === 'NOT') nested += 1;
      else if (!isLabel(token)) return `"${token}" is no label`;
      else wantsValue = false;
      if (open + nested > DEEPEST) return 'it is nested too deep';
    }
  }
  if (open > 0) return 'a ( is not closed';
  return wantsValue ? 'a label is missing at its end' : undefined;
};

/** The tree of tokens that make sense. */
const build = (tokens: readonly string[]): Logic => {
  let at = 0;
  const isNext = (word: string): boolean => tokens[at]?.toUpperCase() === word;
  const value = (): Logic => {
    const token = tokens[at] ?? '';
    at += 1;
    if (token.toUpperCase() === 'NOT') return { not: value() };
    if (token !== '(') return { label: token };
    const inner = joined('OR');
    at += 1;
    return inner;
  };
  const joined = (op: 'AND' | 'OR'): Logic => {
    const operand = (): Logic => (op === 'OR' ? joined('AND') : value());
    const of = [operand()];
    while (isNext(op)) {
      at += 1;
      of.push(operand());
    }
    return join(op, of);
  };
  return joined('OR');
};

const join = (op: 'AND' | 'OR', of: readonly Logic[]): Logic => {
  const flat = of.flatMap((each) => ('op' in each && each.op === op ? each.of : [each]));
  return flat.length === 1 ? (flat[0] as Logic) : { op, of: flat };
};

/** The labels that it names, each once, in their order. */
export const labelsOf = (logic: Logic): readonly string[] => [
  ...new Set(
    'label' in logic ? [logic.label] : 'not' in logic ? labelsOf(logic.not) : logic.of.flatMap(labelsOf),
  ),
];

/** Whether it has a NOT, which only the older form may. */
export const hasNot = (logic: Logic): boolean => 'not' in logic || ('op' in logic && logic.of.some(hasNot));

/**
 * The expression with other labels; undefined takes one away, with what it stood beside left over. Undefined where
 * nothing is left.
 */
export const relabel = (logic: Logic, name: (label: string) => string | undefined): Logic | undefined => {
  if ('label' in logic) {
    const label = name(logic.label);
    return label === undefined ? undefined : { label };
  }
  if ('not' in logic) {
    const inner = relabel(logic.not, name);
    return inner === undefined ? undefined : { not: inner };
  }
  const of = logic.of.flatMap((each) => relabel(each, name) ?? []);
  return of.length === 0 ? undefined : join(logic.op, of);
};

/** As text, with the parentheses that it needs, and those that people want to see. */
export const writeLogic = (logic: Logic): string => {
  if ('label' in logic) return logic.label;
  const inner = (each: Logic): string => ('op' in each ? `(${writeLogic(each)})` : writeLogic(each));
  return 'not' in logic ? `NOT ${inner(logic.not)}` : logic.of.map(inner).join(` ${logic.op} `);
};

/** One form of all that say the same but for the order and number of operands. */
export const plainLogic = (logic: Logic): Logic => {
  if ('label' in logic) return logic;
  if ('not' in logic) return { not: plainLogic(logic.not) };
  const of = new Map(
    logic.of.map(plainLogic).map((each) => [canonicalJson(each as unknown as Json), each] as const),
  );
  const sorted = [...of].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)).map(([, each]) => each);
  return join(logic.op, sorted);
};

/** Whether it is what no logic at all means: all of so many conditions. */
export const isAll = (logic: Logic, count: number): boolean => {
  const plain = plainLogic(logic);
  const of = 'op' in plain && plain.op === 'AND' ? plain.of : [plain];
  return of.every((each) => 'label' in each) && labelsOf(plain).length === count;
};
