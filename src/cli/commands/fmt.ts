import { stat } from 'node:fs/promises';
import path from 'node:path';
import { createPatch } from 'diff';
import { escapePath } from 'tinyglobby';
import writeFileAtomic from 'write-file-atomic';
import { hasErrors, type Diagnostic } from '../../core/diagnostics.js';
import { byCodeUnit } from '../../core/json.js';
import { count, printable } from '../../core/text.js';
import { formatText } from '../../format/format.js';
import { upgradeText } from '../../format/upgrade.js';
import type { Settings } from '../../load/config.js';
import { discover } from '../../load/discover.js';
import { parseFile } from '../../load/parse.js';
import { readSource } from '../../load/source.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface FmtOptions extends GlobalOptions {
  readonly check?: boolean;
  readonly diff?: boolean;
  /** Also moves older forms of fields to the newer ones. */
  readonly upgrade?: boolean;
}

interface Change {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** `fmt`: manifests in canonical order and style. A file with mistakes is reported and left alone. */
export const fmt = async (io: Io, options: FmtOptions, ...operands: readonly string[]): Promise<number> => {
  const settings = await settingsFor(io, options);
  const changes: Change[] = [];
  const diagnostics: Diagnostic[] = [];
  const files = await filesFor(settings, path.resolve(io.cwd, options.chdir ?? '.'), operands);
  for (const file of files) {
    const found = await changeOf(settings.root, file, options.upgrade === true);
    diagnostics.push(...found.diagnostics);
    if (found.change !== undefined) changes.push(found.change);
  }
  const dry = options.check === true || options.diff === true;
  if (!dry)
    for (const { file, after } of changes) await writeFileAtomic(path.join(settings.root, file), after);
  if (options.json === true) printJson(io, { changed: changes.map(({ file }) => file), diagnostics });
  else {
    printDiagnostics(io, options, diagnostics);
    for (const change of changes)
      io.out(options.diff === true ? diffText(io, options, change) : `${printable(change.file)}\n`);
    io.err(
      `${summary(files.length, changes.length, new Set(diagnostics.map(({ place }) => place?.file)).size, dry)}\n`,
    );
  }
  return hasErrors(diagnostics) || (options.check === true && changes.length > 0)
    ? exitCodes.error
    : exitCodes.ok;
};

const summary = (all: number, changed: number, left: number, dry: boolean): string => {
  const rest = left === 0 ? '' : `${count(left, 'file')} left as ${left === 1 ? 'it is' : 'they are'}.`;
  const done =
    changed > 0
      ? `${count(changed, 'file')} of ${all} ${dry ? 'would be' : changed === 1 ? 'was' : 'were'} formatted.`
      : left === 0
        ? `${count(all, 'file')} checked, nothing to change.`
        : `${count(all, 'file')} checked.`;
  return [done, rest].filter((part) => part !== '').join(' ');
};

/** Files relative to the root: those of the operands, or every manifest and overlay. */
const filesFor = async (
  { root, manifests, allOverlays }: Settings,
  cwd: string,
  operands: readonly string[],
): Promise<readonly string[]> => {
  if (operands.length === 0) return discover(root, [...manifests, ...allOverlays]);
  const found = await Promise.all(
    operands.map(async (operand) => {
      const relative = path.relative(root, path.resolve(cwd, operand)).replaceAll('\\', '/');
      const isFolder = await stat(path.join(root, relative)).then(
        (stats) => stats.isDirectory(),
        () => false,
      );
      if (!isFolder) return [relative];
      return discover(root, [`${relative === '' ? '' : `${escapePath(relative)}/`}**/*.{yaml,yml}`]);
    }),
  );
  return [...new Set(found.flat())].sort(byCodeUnit);
};

const changeOf = async (
  root: string,
  file: string,
  upgrades: boolean,
): Promise<{ readonly change?: Change; readonly diagnostics: readonly Diagnostic[] }> => {
  const source = await readSource(root, file);
  if ('diagnostic' in source) return { diagnostics: [source.diagnostic] };
  const { diagnostics } = parseFile(file, source.text);
  if (hasErrors(diagnostics)) return { diagnostics };
  const { text, left } = upgrades ? upgradeText(source.text) : { text: source.text, left: [] };
  const kept = left.map(({ offset, why }): Diagnostic => ({
    severity: 'warning',
    code: 'not-upgraded',
    message: `a manifest is left in the older form: ${why}`,
    place: { file, line: source.text.slice(0, offset).split('\n').length, column: 1 },
  }));
  const formatted = formatText(text);
  if ('refused' in formatted)
    return {
      diagnostics: [
        ...kept,
        {
          severity: 'warning',
          code: 'not-formatted',
          message: `the file is left as it is: ${formatted.refused}`,
          place: { file, line: 1, column: 1 },
        },
      ],
    };
  return formatted.text === source.text
    ? { diagnostics: kept }
    : { change: { file, before: source.text, after: formatted.text }, diagnostics: kept };
};

const diffText = (io: Io, options: GlobalOptions, { file, before, after }: Change): string => {
  const style = styleFor(io, options, io.outIsTerminal);
  const paints: readonly (readonly [string, (text: string) => string])[] = [
    ['+', style.green],
    ['-', style.red],
    ['@', style.cyan],
  ];
  const lines = createPatch(printable(file), before, after).trimEnd().split('\n').slice(2);
  return lines
    .map((line) => {
      const paint = paints.find(([sign]) => line.startsWith(sign))?.[1] ?? ((text: string) => text);
      return `${paint(printable(line.replace(/\r$/, '')))}\n`;
    })
    .join('');
};
