/** `A AND (B OR C)`: how filters combine, by their letters. */

export interface Logic {
  /** The labels that it names, each once. */
  readonly labels: readonly string[];
  /** What is wrong with it. */
  readonly problem?: string;
}

/** The letter of the filter at this place: A … Z, AA, AB … */
export const labelAt = (index: number): string =>
  index < 26
    ? String.fromCharCode(65 + index)
    : `${labelAt(Math.floor(index / 26) - 1)}${String.fromCharCode(65 + (index % 26))}`;

/** Reads an expression of labels, AND, OR, NOT and parentheses. */
export const readLogic = (text: string): Logic => {
  const tokens = text.match(/[()]|[A-Za-z]+|[^\s()A-Za-z]+/g) ?? [];
  const labels = new Set<string>();
  const fail = (problem: string): Logic => ({ labels: [...labels], problem });
  let open = 0;
  let wantsValue = true;
  for (const token of tokens) {
    const word = token.toUpperCase();
    if (word === 'AND' || word === 'OR') {
      if (wantsValue) return fail(`a label is missing before ${token}`);
      wantsValue = true;
    } else if (word === ')') {
      if (wantsValue) return fail('a label is missing before )');
      if (open === 0) return fail('a ) closes nothing');
      open -= 1;
    } else {
      if (!wantsValue) return fail(`AND or OR is missing before ${token}`);
      if (word === '(') open += 1;
      else if (word !== 'NOT') {
        if (!/^[A-Z]+$/.test(token)) return fail(`"${token}" is no label`);
        labels.add(token);
        wantsValue = false;
      }
    }
  }
  if (open > 0) return fail('a ( is not closed');
  return wantsValue ? fail('a label is missing at its end') : { labels: [...labels] };
};
