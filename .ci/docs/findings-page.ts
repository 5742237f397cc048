/** The reference of findings: each code with its messages and hints, and what a person wrote of it. */
import type { Found } from './findings.js';

/** What a person wrote, by code: Markdown. */
export type Explanations = Readonly<Record<string, string>>;

const unique = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];

/** The findings of one code, those that say the same once. */
const blockOf = (found: readonly Found[]): string => {
  const hintsBySaying = new Map<string, readonly string[]>();
  for (const { severities, messages, hints } of found) {
    const saying = messages.map((message) => `${severityOf(severities)}: ${message}`).join('\n');
    if (saying !== '') hintsBySaying.set(saying, [...(hintsBySaying.get(saying) ?? []), ...hints]);
  }
  return [...hintsBySaying]
    .map(([saying, hints]) =>
      [saying, ...unique(hints).map((hint, index) => `  ${index === 0 ? 'hint' : '  or'}: ${hint}`)].join(
        '\n',
      ),
    )
    .join('\n\n');
};

const severityOf = (severities: readonly string[]): string =>
  // What is wrapped by somebody else is an error: warnings say so where they are made.
  severities.length === 0 ? 'error' : unique(severities).toSorted().join(' or ');

const sectionOf = (code: string, found: readonly Found[], explanation: string | undefined): string => {
  const block = blockOf(found);
  const hints = unique(found.flatMap((each) => (each.messages.length === 0 ? each.hints : [])));
  return [
    `## ${code}`,
    ...(explanation === undefined ? [] : [explanation.trim()]),
    ...(block === '' ? [] : [`\`\`\`text\n${block}\n\`\`\``]),
    ...(hints.length === 0 ? [] : [`Hint: ${hints.map((hint) => `\`${hint}\``).join(', or ')}.`]),
  ].join('\n\n');
};

/** Codes without a message that can be told, and without an explanation: those are missing. */
export const unexplained = (found: readonly Found[], explanations: Explanations): readonly string[] =>
  unique(found.map(({ code }) => code)).filter(
    (code) =>
      explanations[code] === undefined &&
      found.every((each) => each.code !== code || each.messages.length === 0),
  );

/** Explanations of codes that there are not. */
export const strangers = (found: readonly Found[], explanations: Explanations): readonly string[] => {
  const known = new Set(found.map(({ code }) => code));
  return Object.keys(explanations).filter((code) => !known.has(code));
};

/** The page, as Markdown. Throws an `Error` that names what is missing, or is too much, in the explanations. */
export const findingsPage = (found: readonly Found[], explanations: Explanations): string => {
  const missing = unexplained(found, explanations);
  if (missing.length > 0) throw new Error(`.config/findings.yaml says nothing of ${missing.join(', ')}`);
  const strange = strangers(found, explanations);
  if (strange.length > 0)
    throw new Error(`no finding has the code ${strange.join(', ')} (.config/findings.yaml)`);
  const codes = unique(found.map(({ code }) => code)).toSorted();
  return [
    '---\noutline: 2\n---',
    '<!-- Generated from the sources and .config/findings.yaml by `npm run generate`. -->',
    '# Findings',
    `Whatever is wrong with manifests, settings, the API or a plan is told as a finding: where, what, and what to do. Its
last line is the address of its entry here; \`--json\` has it as \`url\`, beside the \`code\`.`,
    `\`\`\`text
polytomic/customers.yaml:7:33
  error: unknown field "objct"
    hint: did you mean "object"?
    https://polytomic.github.io/polytomic-gitops/findings#unknown-field
\`\`\``,
    `An _error_ stops the run before anything is changed; a _warning_ does not. All findings of a run are told at once. Codes
are stable: what matches on them goes on working. \`…\` stands for what differs.`,
    ...codes.map((code) =>
      sectionOf(
        code,
        found.filter((each) => each.code === code),
        explanations[code],
      ),
    ),
  ].join('\n\n');
};
