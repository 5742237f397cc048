/** What people read of a comparison, on a terminal and in an issue. */
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import stringWidth from 'string-width';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Difference } from '../../.ci/api/compare.js';
import { sections } from '../../.ci/api/explained.js';
import { tellIssue } from '../../.ci/api/issue.js';
import { isSettled, reportMarkdown, reportText, type Report } from '../../.ci/api/report.js';
import { createGitHub } from '../../src/action/github/client.js';
import { hostileName } from '../report/hostile.js';
import { startGitHub, type GitHubDouble } from '../support/github.js';

const clients = ['polytomic 1.18.1 (npm)', 'polytomic 25.9.10 (PyPI)'];
const file = '.config/api-differences.yaml';

const report = (unexplained: readonly Difference[], rest: Partial<Report['judgement']> = {}): Report => ({
  judgement: { unexplained, explained: [], stale: [], ...rest },
  clients,
  file,
});

const some = report(
  [
    { section: 'missing', row: 'GET /api/syncs/{}/error-handling', clients: clients.slice(1) },
    { section: 'missing', row: 'SyncResponse.problems', clients },
    { section: 'unmanaged', row: 'Sync.identities', clients },
  ],
  {
    stale: [{ section: 'extra', row: 'GET /api/old' }],
    explained: [
      {
        section: 'extra',
        row: 'GET /api/models ?limit',
        clients,
        reason:
          'The reference describes pages of these lists (page_token, limit, next_page_token); the clients have no words for them.',
      },
    ],
  },
);

describe('a report', () => {
  it('lists what has no reason, and reasons without a difference', () => {
    expect(reportText(some)).toBe(`Compared with polytomic 1.18.1 (npm) and polytomic 25.9.10 (PyPI).

A client has it, the sandbox lacks it
  GET /api/syncs/{}/error-handling (polytomic 25.9.10 (PyPI))
  SyncResponse.problems

The API takes it, a manifest has no place for it
  Sync.identities

In .config/api-differences.yaml, and no difference any more
  extra: GET /api/old

3 differences without a reason, 1 row of .config/api-differences.yaml that
matches nothing, 1 explained.
Bring the tables up to date, or run \`npm run api:check -- --update\` and write
the reason into .config/api-differences.yaml.
`);
    expect(isSettled(some)).toBe(false);
    expect(isSettled(report([]))).toBe(true);
    expect(isSettled(report([], { stale: some.judgement.stale }))).toBe(false);
  });

  it('lists what is explained where that is asked for', () => {
    expect(reportText({ ...some, judgement: { ...some.judgement, unexplained: [], stale: [] } }, true))
      .toBe(`Compared with polytomic 1.18.1 (npm) and polytomic 25.9.10 (PyPI).

The sandbox has it, no client does (explained)
  GET /api/models ?limit
      The reference describes pages of these lists (page_token, limit,
      next_page_token); the clients have no words for them.

1 difference, each with its reason in .config/api-differences.yaml.
`);
    expect(reportText(report([]))).toContain('No difference.');
  });

  it('is Markdown for an issue', () => {
    expect(reportMarkdown(some)).toContain(`### A client has it, the sandbox lacks it

- \`GET /api/syncs/{}/error-handling\` (polytomic 25.9.10 (PyPI))
- \`SyncResponse.problems\`
`);
  });

  it('is never longer than GitHub takes, and says how much is left out', () => {
    const many = Array.from({ length: 4000 }, (_, index): Difference => ({
      section: 'missing',
      row: `GET /api/things/${index}`,
      clients,
    }));
    const text = reportMarkdown(report(many));
    expect(text.length).toBeLessThan(65_000);
    expect(text).toMatch(/[\d,]+ more lines: run `npm run api:check`\./);
  });

  const row = fc.record({
    section: fc.constantFrom(...sections),
    row: hostileName,
    clients: fc.array(hostileName, { minLength: 1, maxLength: 1 }),
  });

  it('holds a stranger’s names without doing what they say', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
        const html = micromark(reportMarkdown(report(rows, { stale: rows })), {
          allowDangerousHtml: true,
          allowDangerousProtocol: true,
          extensions: [gfm()],
          htmlExtensions: [gfmHtml()],
        });
        const elements = new Set([...html.matchAll(/<\/?([^\s/>]*)[^>]*>/g)].map(([, name]) => name));
        expect([...elements].filter((name) => !['p', 'h3', 'ul', 'li', 'code'].includes(name ?? ''))).toEqual(
          [],
        );
      }),
    );
  });

  it('keeps to 80 columns of a terminal, and sends it no control characters', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
        const text = reportText(report(rows, { stale: rows }), true);
        expect(text).not.toMatch(/[^\P{Cc}\n]/u);
        expect(text.split('\n').filter((line) => stringWidth(line) > 80)).toEqual([]);
      }),
    );
  });
});

describe('the issue', () => {
  const connect = async (): Promise<{
    readonly double: GitHubDouble;
    readonly tell: (body: string | undefined) => Promise<string>;
  }> => {
    const double = await startGitHub();
    onTestFinished(double.close);
    const { url, graphqlUrl, repository, tokens } = double;
    const github = createGitHub({ url, graphqlUrl, repository, token: tokens.bot, retryDelay: 1 });
    return { double, tell: async (body) => tellIssue(github, body) };
  };

  it('is opened once, kept up to date, and closed when nothing is left', async () => {
    const { double, tell } = await connect();
    expect(await tell(undefined)).toBe('no issue is open');
    expect(await tell('one')).toBe('opened issues/1');
    expect(await tell('one')).toBe('issues/1 says so already');
    expect(await tell('two')).toBe('updated issues/1');
    expect(double.issues).toMatchObject([{ state: 'open', labels: ['api-differences'] }]);
    expect(double.issues[0]?.body).toMatch(/^<!--.*-->\ntwo$/);
    expect(await tell(undefined)).toBe('closed issues/1');
    expect(double.issues).toMatchObject([{ state: 'closed' }]);
    expect(await tell('three')).toBe('opened issues/2');
  });

  it('of somebody else is left alone, whatever it begins with', async () => {
    const { double, tell } = await connect();
    await tell('one');
    const [{ body, labels } = { body: '', labels: [] }] = double.issues;
    double.issues.splice(0, 1, { number: 1, title: 'x', body, state: 'open', labels, author: 'mallory' });
    expect(await tell('two')).toBe('opened issues/2');
    expect(double.issues[0]?.body).toBe(body);
  });

  it('whose answer is lost is not opened twice', async () => {
    const { double, tell } = await connect();
    double.troubles.push({ method: 'POST', path: /issues$/, answer: 'error-after', times: 1 });
    await tell('one');
    expect(double.issues).toHaveLength(1);
    expect(await tell('one')).toBe('issues/1 says so already');
  });
});
