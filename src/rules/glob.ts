/**
 * Patterns with `*`, `?` and `**`. They may come from a stranger: matched in time that grows with pattern times text,
 * which libraries that make regular expressions of them do not promise. Pure.
 */

/** Whether a sequence fits: what is a star stands for any number of items, all else for one. */
const fits = <P, T>(
  pattern: readonly P[],
  text: readonly T[],
  isStar: (part: P) => boolean,
  isOne: (part: P, item: T) => boolean,
): boolean => {
  let at = 0;
  let index = 0;
  // The last star, and where what comes after it was tried: an earlier one never has to give way.
  let star: { readonly at: number; index: number } | undefined;
  while (index < text.length) {
    const part = pattern[at];
    const item = text[index] as T;
    if (part !== undefined && isStar(part)) {
      star = { at, index };
      at += 1;
    } else if (part !== undefined && isOne(part, item)) {
      at += 1;
      index += 1;
    } else if (star !== undefined) {
      star.index += 1;
      index = star.index;
      at = star.at + 1;
    } else return false;
  }
  return pattern.slice(at).every(isStar);
};

/** A test of a text: `*` is any part of it, `?` any character. */
export const textGlob = (pattern: string): ((text: string) => boolean) => {
  const parts = Array.from(pattern);
  return (text) =>
    fits(
      parts,
      Array.from(text),
      (part) => part === '*',
      (part, character) => part === '?' || part === character,
    );
};

/**
 * A test of a path with `/`, by the rules of CODEOWNERS: `*` and `?` stay within a folder, `**` does not; a pattern
 * without a slash, but for one at its end, is looked for in every folder; one that names a folder has all below it,
 * and one that ends in `/*` only what lies in the folder itself.
 */
export const pathGlob = (pattern: string): ((path: string) => boolean) => {
  const isFolder = pattern.endsWith('/');
  const bare = pattern.replace(/^\//, '').replace(/\/$/, '');
  const isAnywhere = !pattern.slice(0, -1).includes('/');
  const names = bare.split('/');
  const last = names.at(-1) ?? '';
  const below = isFolder || last !== '*' || names.length === 1;
  const segments = [...(isAnywhere ? ['**'] : []), ...names].map((name) => ({ name, test: textGlob(name) }));
  return (path) => {
    const folders = path.split('/');
    // What it names may be the file, or a folder on the way there.
    const ends = below ? folders.map((_, index) => folders.slice(0, index + 1)) : [folders];
    return (isFolder ? ends.slice(0, -1) : ends).some((part) =>
      fits(
        segments,
        part,
        ({ name }) => name === '**',
        ({ test }, name) => test(name),
      ),
    );
  };
};
