/** Suggested templates as YAML, and what was found in a sentence. */
import { count, printable } from '../core/text.js';
import { documentText } from '../export/render.js';
import type { Suggested, Suggestion } from '../export/suggest.js';

/** More manifests than this are told by their number. */
const MOST_NAMED = 6;

const named = ({ replaces }: Suggestion): readonly string[] => {
  const shown = replaces.slice(0, MOST_NAMED).map(({ address, file }) => `  ${address} (${printable(file)})`);
  const more = replaces.length - shown.length;
  return [...shown, ...(more === 0 ? [] : [`  and ${count(more, 'more', 'more')}; --json names them all`])];
};

const comment = (lines: readonly string[]): string => lines.map((line) => `# ${line}\n`).join('');

/** The documents, ready to be put into files; empty where nothing is alike. */
export const suggestText = (suggestions: readonly Suggestion[]): string =>
  suggestions
    .map((suggestion) =>
      [
        comment([
          `In place of ${count(suggestion.replaces.length, 'manifest')}, whose comments are not here:`,
          ...named(suggestion),
        ]),
        documentText(suggestion.template, []),
        '---\n',
        comment([`In the folder ${printable(suggestion.folder)}, whose defaults hold for them.`]),
        documentText(suggestion.instances, []),
      ].join(''),
    )
    .join('---\n');

/** What was found, for the person who asked. Ends with a newline. */
export const suggestSummary = ({ suggestions, manifests }: Suggested): string => {
  const replaced = suggestions.reduce((sum, { replaces }) => sum + replaces.length, 0);
  return suggestions.length === 0
    ? `No template: of ${count(manifests, 'manifest')} no three are almost the same.\n`
    : `${count(suggestions.length, 'template')} for ${replaced} of ${count(manifests, 'manifest')}. Put them into files, remove the manifests, and plan: nothing changes.\n`;
};
