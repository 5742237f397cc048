/** The tables of this project against the official clients of today. Where no registry can be reached, it is skipped. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { globSync } from 'tinyglobby';
import { expect, it } from 'vitest';
import { allDifferences } from '../../.ci/api/check.js';
import { newestClients, Unavailable } from '../../.ci/api/clients.js';
import { operationKey } from '../../.ci/api/compare.js';
import { judge, parseReasons } from '../../.ci/api/explained.js';
import { REASONS } from '../../.ci/api/main.js';
import { describeNpmClient } from '../../.ci/api/npm-client.js';
import { knownOperations } from '../../.ci/api/own.js';

it('know what the newest clients know, or say why not', async ({ skip }) => {
  try {
    const { unexplained, stale } = judge(
      allDifferences(await newestClients()),
      parseReasons(readFileSync(REASONS, 'utf8')),
    );
    // Else: npm run api:check says more, and npm run api:check -- --update writes the rows.
    expect({ unexplained: unexplained.map(({ section, row }) => `${section}: ${row}`), stale }).toEqual({
      unexplained: [],
      stale: [],
    });
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    process.stderr.write(`\nNOT TESTED: ${error.message}\n`);
    skip(error.message);
  }
});

it('know what the client knows that is installed here, or say why not', () => {
  const root = path.resolve('node_modules/polytomic');
  const texts = globSync('api/**/*.{d.ts,js}', { cwd: root }).map((file) => [
    `package/${file}`,
    readFileSync(path.join(root, file), 'utf8'),
  ]);
  const description = describeNpmClient(Object.fromEntries(texts) as Readonly<Record<string, string>>);
  expect(description.operations.length).toBeGreaterThan(100);
  // What one client lacks another may have: only what it has can be judged by it alone.
  const { unexplained } = judge(
    allDifferences([{ name: 'installed', description }]).filter(({ section }) =>
      ['missing', 'unmanaged'].includes(section),
    ),
    parseReasons(readFileSync(REASONS, 'utf8')),
  );
  expect(unexplained.map(({ section, row }) => `${section}: ${row}`)).toEqual([]);
});

it('have one list of operations, as the tests of the sandbox call them and as it describes itself', () => {
  const listed = readFileSync('test/sandbox/operations.txt', 'utf8').trim().split('\n');
  const keys = listed.map((line) => {
    const [method = '', where = ''] = line.split(' ');
    return operationKey({ method, path: where, query: [] });
  });
  expect(keys.sort()).toEqual(knownOperations().map(operationKey).sort());
});
