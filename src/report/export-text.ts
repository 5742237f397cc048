/** An export as text for a terminal. */
import { createTwoFilesPatch } from 'diff';
import { byCodeUnit } from '../core/json.js';
import { count, grouped, printable } from '../core/text.js';
import type { Exported, ExportedFile, KeysFrom } from '../export/exported.js';
import type { NotExported } from '../export/others.js';
import { kindOf, kinds } from '../kinds/registry.js';
import type { Style } from './style.js';

/** Longer lists say how much more there is; --json has all of it. */
const MOST = 20;

const listed = (lines: readonly string[]): readonly string[] =>
  lines.length <= MOST
    ? lines
    : [...lines.slice(0, MOST - 1), `  … and ${grouped(lines.length - MOST + 1)} more`];

const block = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [[title, ...listed(lines)].join('\n')];

const fileLine = ({ file, status, addresses }: ExportedFile, style: Style): string => {
  const sign = status === 'added' ? style.green('+') : style.yellow('~');
  const what = addresses.length > 3 ? count(addresses.length, 'resource') : addresses.join(', ');
  return `  ${sign} ${printable(file)}${what === '' || status === 'added' ? '' : `: ${what}`}`;
};

/** `2 connections, 1 model`. */
const byKind = ({ resources }: Exported): string =>
  kinds
    .flatMap(({ name, noun }) => {
      const number = resources.filter(({ live }) => live.kind === name).length;
      return number === 0 ? [] : [count(number, noun.one, noun.many)];
    })
    .join(', ') || 'nothing';

const reasons = {
  overlay: 'an overlay sets it; change it there',
  expression: 'an expression gives it; change it by hand',
  template: 'a template makes it; change its instance, or add an overlay there',
  elsewhere: 'it cannot be written here; change it by hand',
} as const;

const otherLine = ({ one, many, count: number, problem }: NotExported): string =>
  number === undefined
    ? `  ${many}: could not be counted (${printable(problem ?? '')})`
    : `  ${count(number, one, many)}`;

/** What became of the names of a Terraform state. */
const namesText = ({ file, found, elsewhere }: KeysFrom): readonly string[] => [
  `${count(found.length, 'resource')} of ${printable(file)} ${found.length === 1 ? 'is' : 'are'} here.`,
  ...block(
    `In ${printable(file)}, and not here: gone, of another organization, or of a kind\nthat this version does not manage:`,
    elsewhere.map(({ terraform, id }) => `  ${printable(terraform)} (${printable(id)})`),
  ),
];

export interface ExportTextOptions {
  /** False: this is what would be written. */
  readonly written: boolean;
}

/** What was exported, what was written, and what was not. Ends with a newline. */
export const exportText = (exported: Exported, style: Style, { written }: ExportTextOptions): string => {
  const { organization, files, resources, secrets, left, gone, nameless, notExported, notSeen, keysFrom } =
    exported;
  const name = style.bold(printable(organization.name === '' ? organization.id : organization.name));
  const number = (status: ExportedFile['status']): number =>
    files.filter((file) => file.status === status).length;
  const external = resources.filter((each) => each.external !== undefined);
  const said = [
    `${written ? 'Exported' : 'An export'} of organization ${name}: ${byKind(exported)}.`,
    ...block(
      `Files ${written ? 'written' : 'that would be written'}:`,
      files.map((file) => fileLine(file, style)),
    ),
    ...(keysFrom === undefined ? [] : namesText(keysFrom)),
    ...block(
      'Looked up and never changed (external: true):',
      external.map(({ address, external: why = '' }) => `  ${address}: ${printable(why)}`),
    ),
    ...block(
      'Left as they are in the manifests, although something else lives:',
      left.map(
        ({ address, pointer, why, place }) =>
          `  ${address}${pointer === '' ? '' : ` ${printable(pointer.slice(1).replaceAll('/', '.'))}`}: ${reasons[why]}\n    ${printable(place.file)}:${place.line}:${place.column}`,
      ),
    ),
    ...block(
      'Live no more, and their manifests stay; delete these, or apply to make them\nagain:',
      gone.map(({ address, place }) => `  ${address} (${printable(place.file)}:${place.line})`),
    ),
    ...block(
      'Not exported, since this version does not manage them:',
      [...notExported].sort((a, b) => byCodeUnit(a.many, b.many)).map(otherLine),
    ),
    ...block(
      'Not exported, since the key may not see them:',
      notSeen.map(({ many, problem }) => `  ${many} (${printable(problem)})`),
    ),
    ...block(
      'Not exported, since they have no name:',
      nameless.map(({ kind, id }) => `  ${kindOf(kind).noun.one} ${printable(id)}`),
    ),
    ...block(
      'Secrets to fill in (.env.example lists them), since the API hides their values:',
      secrets.map(({ name: secret }) => `  ${secret}`),
    ),
    style.bold(
      files.length === 0
        ? 'No file changes: the manifests say what lives.'
        : `${count(number('added'), 'file')} added, ${grouped(number('changed'))} changed.`,
    ),
  ];
  return `${said.join('\n\n')}\n`;
};

/** The files' differences, as Git shows them. */
export const exportDiff = ({ files }: Exported, style: Style): string =>
  files
    .flatMap(({ file, before, text }) =>
      createTwoFilesPatch(
        before === undefined ? '/dev/null' : `a/${file}`,
        `b/${file}`,
        before ?? '',
        text,
        undefined,
        undefined,
        { context: 3 },
      )
        .split('\n')
        .filter((line) => !line.startsWith('======='))
        .map((line) => {
          const shown = printable(line);
          return line.startsWith('+') ? style.green(shown) : line.startsWith('-') ? style.red(shown) : shown;
        }),
    )
    .join('\n');
