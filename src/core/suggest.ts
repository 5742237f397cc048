import { closestMatch } from 'leven';

/** Beyond this share of the word's length a suggestion confuses more than it helps. */
const LARGEST_SHARE = 0.5;

/** The candidate nearest to `word`, or undefined where none is near. Case does not count. */
export const nearest = (word: string, candidates: readonly string[]): string | undefined => {
  const lower = word.toLowerCase();
  const sameButForCase = candidates.find((candidate) => candidate.toLowerCase() === lower);
  if (sameButForCase !== undefined) return sameButForCase;
  return closestMatch(word, [...candidates], {
    maxDistance: Math.max(2, Math.floor(word.length * LARGEST_SHARE)),
  });
};

/** `did you mean "x"?`, or the whole choice where it is short, or nothing. */
export const didYouMean = (word: string, candidates: readonly string[]): string | undefined => {
  const near = nearest(word, candidates);
  if (near !== undefined) return `did you mean "${near}"?`;
  return candidates.length > 0 && candidates.length <= 12 ? `one of: ${candidates.join(', ')}` : undefined;
};
