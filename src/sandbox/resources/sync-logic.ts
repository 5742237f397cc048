/** Labels of conditions, and the expressions that combine them. */

/** The label of the condition at a place: A … Z, AA, AB … */
export const letter = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : `${letter(Math.floor(index / 26) - 1)}${letter(index % 26)}`;

const WORDS = /[A-Za-z_][A-Za-z0-9_]*/g;

const isOperator = (word: string): boolean => /^(and|or)$/i.test(word);

/** The labels that an expression names. */
export const labelsIn = (logic: string): readonly string[] =>
  (logic.match(WORDS) ?? []).filter((word) => !isOperator(word));

/** The expression with other labels. */
export const relabelled = (logic: string, name: (label: string) => string): string =>
  logic.replaceAll(WORDS, (word) => (isOperator(word) ? word : name(word)));

/** Whether it is one: labels and what is in parentheses, with `and` and `or` between them. */
export const isExpression = (logic: string): boolean => {
  if (/[^\w\s()]|\b\d/.test(logic)) return false;
  let rest = relabelled(logic, () => '0').replaceAll(WORDS, '+');
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replaceAll(/0\s*\+\s*0/g, '0').replaceAll(/\(\s*0\s*\)/g, '0');
  }
  return rest.trim() === '0';
};

/** Two spellings of one expression are the same text in this form. */
export const plainLogic = (logic: string): string =>
  relabelled(logic, (label) => label)
    .replaceAll(WORDS, (word) => (isOperator(word) ? word.toLowerCase() : word))
    .replaceAll(/\s*([()])\s*/g, ' $1 ')
    .replaceAll(/\s+/g, ' ')
    .trim();
