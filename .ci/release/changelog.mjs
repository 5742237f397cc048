// The changelog's form: a heading `## VERSION (DATE)` for each version, the newest first. DATE is `not released yet`
// until there is one.

const HEADING = /^## (\S+)(?: \((.*)\))?$/;

/** The sections of a changelog, in its order. */
export const sectionsOf = (text) => {
  const sections = [];
  for (const line of text.split('\n')) {
    const [heading, version, date] = HEADING.exec(line) ?? [];
    if (heading !== undefined) sections.push({ version, date, lines: [] });
    else if (line.startsWith('## ')) throw new Error(`the changelog has a heading of another form: ${line}`);
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ lines, ...section }) => ({ ...section, text: lines.join('\n').trim() }));
};

/**
 * What the changelog says of a version. Throws where it says nothing, twice, or has no date for it; a draft needs none.
 * Lines that belong together are put together: a release page breaks a line wherever its text does.
 */
export const notesOf = (text, version, { draft = false } = {}) => {
  const found = sectionsOf(text).filter((section) => section.version === version);
  if (found.length === 0) throw new Error(`the changelog says nothing of ${version}`);
  if (found.length > 1) throw new Error(`the changelog has ${found.length} sections for ${version}`);
  const [section] = found;
  if (section.text === '') throw new Error(`the section of ${version} in the changelog is empty`);
  if (!draft && !/^\d{4}-\d{2}-\d{2}$/.test(section.date ?? ''))
    throw new Error(
      `the changelog has no date for ${version}: its heading has to be "## ${version} (YYYY-MM-DD)"`,
    );
  return `${section.text.replaceAll(/\n {2}(?=[^\s-])/g, ' ')}\n`;
};
