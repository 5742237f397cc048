/** The tables of this project against the official clients of today. Where no registry can be reached, it is skipped. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allDifferences } from '../../.ci/api/check.js';
import { newestClients, Unavailable } from '../../.ci/api/clients.js';
import { judge, parseReasons } from '../../.ci/api/explained.js';
import { REASONS } from '../../.ci/api/main.js';

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
