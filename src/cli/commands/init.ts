import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { printJson } from '../session.js';
import { configWithRules, ignored, starterFiles } from '../starter.js';
import { starterRules } from '../starter-rules.js';

export interface InitOptions extends GlobalOptions {
  /** Also a set of rules. */
  readonly rules?: boolean;
}

const CONFIG = 'polytomic.config.yaml';

const filesFor = ({ rules = false }: InitOptions): Readonly<Record<string, string>> =>
  rules ? { ...starterFiles, [CONFIG]: configWithRules, ...starterRules } : starterFiles;

/** `init`: a configuration file, a first manifest and a workflow. Never overwrites a file. */
export const init = async (io: Io, options: InitOptions): Promise<number> => {
  const root = path.resolve(io.cwd, options.chdir ?? '.');
  const written: string[] = [];
  const kept: string[] = [];
  for (const [file, text] of Object.entries(filesFor(options))) {
    const target = path.join(root, file);
    await mkdir(path.dirname(target), { recursive: true });
    try {
      await writeFile(target, text, { flag: 'wx' });
      written.push(file);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      kept.push(file);
    }
  }
  const added = await ignore(path.join(root, '.gitignore'));
  (added.length > 0 ? written : kept).push('.gitignore');
  if (options.json === true) {
    printJson(io, { written, kept });
    return exitCodes.ok;
  }
  const style = styleFor(io, options, io.outIsTerminal);
  io.out(
    [
      ...written.map((file) => `${style.green('+')} ${file}`),
      ...kept.map((file) => style.dim(`  ${file} is there already, left as it is`)),
      ...(options.rules === true && kept.includes(CONFIG)
        ? ['', `Add to ${CONFIG}: rules: [rules/**/*.yaml]`]
        : []),
      '',
      'Next:',
      '  1. put POLYTOMIC_API_KEY and WAREHOUSE_PASSWORD into .env (it is not committed)',
      '  2. change polytomic/warehouse.yaml to describe a connection of yours',
      '  3. polytomic-gitops validate',
      '  4. polytomic-gitops plan',
      '',
    ].join('\n'),
  );
  return exitCodes.ok;
};

/** Adds what must not be committed; gives the lines that were added. */
const ignore = async (file: string): Promise<readonly string[]> => {
  const before = await readFile(file, 'utf8').catch(() => '');
  const lines = new Set(before.split(/\r?\n/).map((line) => line.trim()));
  const missing = ignored.filter((line) => !lines.has(line));
  if (missing.length === 0) return [];
  const separator = before === '' || before.endsWith('\n') ? '' : '\n';
  await writeFile(file, `${before}${separator}${missing.join('\n')}\n`);
  return missing;
};
