// Runs what the documentation shows: each line of each block of `sh` in docs/, a page in a repository and an organization
// of its own (.ci/docs/shop, applied to a sandbox). What cannot run says why, in a comment before its block:
//
//   <!-- run: none: REASON -->             the block does not run
//   <!-- run: without "TEXT": REASON -->   nor do lines with this text, or that end with it (TEXT$)
//   <!-- run: codes 0, 2 -->               exit codes that are right; without, 0
//   <!-- run: from nothing -->             the page begins in an empty folder
//
// `commands.mjs --list` runs nothing, and prints what is not run and why.
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { clearTimeout } from 'node:timers';

const root = path.join(import.meta.dirname, '..', '..');
const cli = path.join(root, 'dist', 'cli.js');
const isList = process.argv.includes('--list');
/** Seconds for one line. */
const PATIENCE = 60;

/** What stands before a block, and its lines. */
const blocksOf = (text) =>
  [...text.matchAll(/((?:<!-- run: [^]*?-->\s*)*)^```(?:sh|bash|shell|console)\n([^]*?)^```$/gm)].map(
    ([, marks, body]) => {
      const told = [...marks.matchAll(/<!-- run: ([^]*?) -->/g)].map(([, mark]) =>
        mark.replaceAll(/\s+/g, ' '),
      );
      const without = told.flatMap((mark) => {
        const [, text, reason] = /^without "(.+)": (.+)$/.exec(mark) ?? [];
        return text === undefined ? [] : [{ text, reason }];
      });
      const none = told.map((mark) => /^none: (.+)$/.exec(mark)?.[1]).find((reason) => reason !== undefined);
      const codes = told.flatMap(
        (mark) => /^codes ([\d, ]+)$/.exec(mark)?.[1].split(/, */).map(Number) ?? [],
      );
      const strange = told.filter(
        (mark) => !/^(none: .+|without ".+": .+|codes [\d, ]+|from nothing)$/.test(mark),
      );
      if (strange.length > 0) throw new Error(`<!-- run: ${strange[0]} --> is none of the marks`);
      return { none, without, codes: codes.length === 0 ? [0] : codes, lines: linesOf(body) };
    },
  );

/** Whether a line has a text; at its end, where the text ends with `$`. */
const has = (line, text) => (text.endsWith('$') ? line.endsWith(text.slice(0, -1)) : line.includes(text));

/** Commands without what is said of them, and without what they print where a prompt marks them. */
const linesOf = (body) => {
  const lines = body.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const typed = lines.some((line) => line.startsWith('$ '))
    ? lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2))
    : lines;
  return typed.map((line) => line.replace(/\s+# .*$/, '').trimEnd());
};

const pages = [];
for (const file of (await readdir(path.join(root, 'docs'), { recursive: true })).sort()) {
  if (!file.endsWith('.md')) continue;
  const text = await readFile(path.join(root, 'docs', file), 'utf8');
  const blocks = blocksOf(text);
  if (blocks.length > 0)
    pages.push({ file, blocks, fromNothing: text.includes('<!-- run: from nothing -->') });
}

/** Runs a line in a shell; gives its exit code and what it printed. */
const shell = (line, cwd, env) =>
  new Promise((resolve) => {
    const child = spawn('bash', ['-c', `set -o pipefail; ${line}`], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (text) => (out += text));
    child.stderr.on('data', (text) => (out += text));
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE * 1000);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, out });
    });
  });

/** As a person would type it, and answer yes. */
const typed = (line) =>
  line
    .replaceAll('npx polytomic-gitops', 'polytomic-gitops')
    .replace(/(polytomic-gitops(?: --env \S+)? apply)(?! --yes)/, '$1 --yes');

const tryPage = async ({ file, blocks, fromNothing }) => {
  const { startSandbox } = await import(path.join(root, 'dist', 'index.js'));
  const home = await mkdtemp(path.join(tmpdir(), 'polytomic-docs-'));
  const folder = path.join(home, 'repository');
  const sandbox = await startSandbox();
  const told = [];
  try {
    for (const each of ['repository', 'bin', '.zfunc', '.config/fish/completions'])
      await mkdir(path.join(home, each), { recursive: true });
    const bin = path.join(home, 'bin', 'polytomic-gitops');
    await writeFile(bin, `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`);
    await chmod(bin, 0o755);
    const env = {
      PATH: `${path.join(home, 'bin')}:${process.env.PATH}`,
      HOME: home,
      POLYTOMIC_URL: sandbox.url,
      POLYTOMIC_API_KEY: sandbox.apiKey,
      DB_PASSWORD: 'a password',
      WAREHOUSE_PASSWORD: 'another password',
      GIT_AUTHOR_NAME: 'A Person',
      GIT_AUTHOR_EMAIL: 'person@example.com',
      GIT_COMMITTER_NAME: 'A Person',
      GIT_COMMITTER_EMAIL: 'person@example.com',
    };
    await writeFile(path.join(folder, 'package.json'), '{}\n');
    const prepare = fromNothing
      ? ['git init -q']
      : ['git init -q', 'polytomic-gitops apply --yes', 'git add -A', 'git commit -qm "a repository"'];
    if (!fromNothing) await cp(path.join(root, '.ci/docs/shop'), folder, { recursive: true });
    for (const line of prepare) {
      const { code, out } = await shell(line, folder, env);
      if (code !== 0) throw new Error(`${file}: preparing: ${line}: ${code}\n${out}`);
    }
    for (const { none, without, codes, lines } of blocks) {
      if (none !== undefined) continue;
      for (const line of lines) {
        if (without.some(({ text }) => has(line, text))) continue;
        const { code, out } = await shell(typed(line), folder, env);
        told.push({ file, line, isRight: codes.includes(code), code, out });
      }
    }
    return told;
  } finally {
    await sandbox.close();
    await rm(home, { recursive: true, force: true });
  }
};

let left = 0;
for (const { file, blocks } of pages)
  for (const { none, without, lines } of blocks) {
    for (const { text } of without)
      if (!lines.some((line) => has(line, text))) {
        console.error(`${file}: no line has "${text}"`);
        process.exitCode = 1;
      }
    for (const line of lines) {
      const why = none ?? without.find(({ text }) => has(line, text))?.reason;
      if (why === undefined) continue;
      left += 1;
      if (isList) console.log(`${file}: ${line}\n    not run: ${why}`);
    }
  }

if (!isList) {
  const results = [];
  const waiting = [...pages];
  const work = async () => {
    for (let page = waiting.shift(); page !== undefined; page = waiting.shift())
      results.push(...(await tryPage(page)));
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  const wrong = results.filter(({ isRight }) => !isRight);
  for (const { file, line, code, out } of wrong)
    console.error(
      `docs/${file}: ${line}\n    ended with ${code}:\n${out.trimEnd().replaceAll(/^/gm, '    ')}\n`,
    );
  console.log(
    `${results.length} commands of ${pages.length} pages ran, ${wrong.length} of them wrongly; ${left} say why they cannot run`,
  );
  if (wrong.length > 0) process.exitCode = 1;
}
