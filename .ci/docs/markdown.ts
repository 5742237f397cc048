/** Pieces of Markdown for the pages that are made from the sources. */

/** Text as code in a cell: nothing in it ends the cell. */
export const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;

/**
 * A sentence of a schema or of the help in a cell. What would be HTML, or a template of the site, is told as code where a
 * reader expects code, and as it is elsewhere.
 */
export const sentence = (text: string): string =>
  text
    .split(/(`[^`]*`|\S+\*\*\S*[^\s.,)]|\$?\{[^{}]*\}|https?:\/\/\S+[^\s.,)])/)
    .map((part, index) =>
      index % 2 === 0
        ? part
            .replaceAll('&', '&amp;')
            .replaceAll('<', '&lt;')
            .replaceAll(/[*_|]/g, String.raw`\$&`)
        : part.startsWith('`')
          ? part
          : code(part),
    )
    .join('');

/** Rows with the same number of cells, the first of which are headings. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The parts of a page, with empty lines between; what is empty is left out. */
export const page = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');

/** What a generated page begins with. */
export const generated = (from: string, front: string): string =>
  `---\n${front}\n---\n\n<!-- Generated from ${from} by \`npm run generate\`. -->`;
