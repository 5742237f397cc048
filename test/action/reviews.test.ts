/** Who approved a pull request: what counts, and what does not. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { createGitHub, type GitHub } from '../../src/action/github/client.js';
import { approversIn, readReviews, together, type OwnedChange } from '../../src/action/reviews.js';
import { address } from '../support/documents.js';
import { startGitHub, type GitHubDouble, type StoredReview } from '../support/github.js';

const head = 'a'.repeat(40);
const old = 'b'.repeat(40);

const review = (user: string, state: StoredReview['state'] = 'APPROVED', commit = head): StoredReview => ({
  user,
  state,
  commit,
});

describe('who approved a commit', () => {
  const approvers = (...reviews: readonly StoredReview[]): readonly string[] =>
    approversIn(
      reviews.map(({ user, state, commit }) => ({
        user: user === '' ? null : { login: user, type: user.endsWith('[bot]') ? 'Bot' : 'User' },
        state,
        commit_id: commit,
      })),
      { head, author: 'Ana' },
    );

  it('is who approved it, whatever the case of the name', () => {
    expect(approvers(review('Jane'), review('bo'))).toEqual(['jane', 'bo']);
  });

  it.each([
    ['who commented only', [review('jane', 'COMMENTED')]],
    ['whose review is not handed in', [review('jane', 'PENDING')]],
    ['who asked for changes later', [review('jane'), review('Jane', 'CHANGES_REQUESTED')]],
    ['whose approval was dismissed', [review('jane', 'DISMISSED')]],
    ['who approved an earlier commit', [review('jane', 'APPROVED', old)]],
    [
      'who approved an earlier commit, and commented since',
      [review('jane', 'APPROVED', old), review('jane', 'COMMENTED')],
    ],
    ['the author', [review('ana'), review('ANA')]],
    ['an app', [review('renovate[bot]')]],
    ['whoever left GitHub', [review('')]],
  ])('is not %s', (_who, reviews) => {
    expect(approvers(...reviews)).toEqual([]);
  });

  it('is who commented after the approval, or approved after all', () => {
    expect(approvers(review('jane'), review('jane', 'COMMENTED'))).toEqual(['jane']);
    expect(approvers(review('jane', 'CHANGES_REQUESTED'), review('jane'))).toEqual(['jane']);
    expect(approvers(review('jane', 'APPROVED', old), review('jane'))).toEqual(['jane']);
  });

  it('is nobody by a state that JavaScript knows and GitHub does not', () => {
    const user = { login: 'jane', type: 'User' };
    expect(approversIn([{ user, state: 'constructor', commit_id: head }], { head, author: '' })).toEqual([]);
    expect(approversIn([{ user: 'jane', state: 'APPROVED', commit_id: head }], { head, author: '' })).toEqual(
      [],
    );
  });
});

interface Given {
  readonly double: GitHubDouble;
  readonly read: (
    changes: readonly OwnedChange[],
    token?: string,
    numbers?: readonly number[],
  ) => ReturnType<typeof readReviews>;
}

const change = (name: string, ...owners: readonly string[]): OwnedChange => ({
  address: address(name),
  owners,
});

/** A pull request with these reviews; jane and bo may write, kim may only read. */
const given = async (...reviews: readonly StoredReview[]): Promise<Given> => {
  const double = await startGitHub();
  onTestFinished(double.close);
  const pull = { base: 'main', title: '', body: '', mergedAt: null, mergeCommit: null, commits: [] };
  for (const number of [7, 8])
    double.pulls.push({
      ...pull,
      ...{ number, state: 'open', head: { sha: head, ref: `b${number}`, repository: double.repository } },
      ...(number === 7 ? { labels: ['deletes-ok', 'data'], reviews: [...reviews] } : { labels: ['data'] }),
    });
  double.permissions.set('jane', 'write').set('bo', 'admin').set('kim', 'read');
  const member = (user: string) => ({ user, state: 'active' as const });
  double.teams
    .set('growth', [member('Jane'), { user: 'bo', state: 'pending' }])
    .set('finance', [member('kim')]);
  const client = (token: string): GitHub => createGitHub({ ...double, token, retryDelay: 1 });
  const read: Given['read'] = async (changes, token = double.tokens.members, numbers = [7]) =>
    readReviews(
      { github: client(double.tokens.bot), teams: client(token) },
      numbers.map((number) => ({ number, head })),
      changes,
      async () => Promise.resolve(new Set()),
    );
  return { double, read };
};

const nobody = { review: { labels: ['deletes-ok', 'data'], approvedBy: [] }, diagnostics: [] };

describe('a pull request', () => {
  it('has its labels, and is approved by who may write', async () => {
    const { read } = await given(review('Jane'), review('kim'), review('stranger'));
    expect((await read([])).review).toEqual({ labels: ['deletes-ok', 'data'], approvedBy: ['@jane'] });
  });

  it('is approved by a team of which one approved it, in whatever case it is written', async () => {
    const { read, double } = await given(review('jane'));
    const { review: read1, diagnostics } = await read([
      change('sync.a', '@Acme/Growth'),
      change('sync.b', '@acme/growth'),
    ]);
    expect(read1.approvedBy).toEqual(['@jane', '@acme/growth']);
    expect(diagnostics).toEqual([]);
    expect(double.requests.filter((request) => request.includes('/orgs/'))).toEqual([
      'GET /api/v3/orgs/acme/teams/growth/memberships/jane',
    ]);
  });

  it.each([
    ['nobody of it approved it', [review('bo')]],
    ['only who may not write did', [review('kim')]],
    ['nobody approved it', []],
  ])('is not approved by a team where %s', async (_why, reviews) => {
    const { read } = await given(...reviews);
    const { review: found, diagnostics } = await read([change('sync.a', '@acme/growth', '@acme/finance')]);
    expect(found.approvedBy.filter((name) => name.includes('/'))).toEqual([]);
    expect(diagnostics).toEqual([]);
  });

  it('asks for no team where nobody approved, where a person of the same owners did, or where nobody owns', async () => {
    for (const [changes, reviews] of [
      [[change('sync.a', '@acme/growth')], []],
      [[change('sync.a', '@acme/growth', '@bo')], [review('bo')]],
      [[change('sync.a')], [review('bo')]],
    ] as const) {
      const { read, double } = await given(...reviews);
      await read(changes);
      expect(double.requests.filter((request) => request.includes('/orgs/'))).toEqual([]);
    }
  });

  it.each([
    ['may not see teams', 'bot', '@acme/growth', 'Resource not accessible by integration'],
    ['sees no such team', 'members', '@acme/gone', 'GitHub shows this token no such team'],
    ['is of another organization', 'members', '@other/growth', 'GitHub shows this token no such team'],
  ] as const)(
    'is not approved by a team, and says so, where the token %s',
    async (_why, token, team, message) => {
      const { read, double } = await given(review('jane'));
      const { review: found, diagnostics } = await read([change('sync.a', team)], double.tokens[token]);
      expect(found.approvedBy).toEqual(['@jane']);
      expect(diagnostics).toEqual([
        {
          severity: 'warning',
          code: 'unreadable-team',
          message: expect.stringContaining(message) as string,
          hint: expect.stringContaining('owners-token') as string,
        },
      ]);
    },
  );

  it('with more reviews than a page holds has all of them read', async () => {
    const { read } = await given(
      ...Array.from({ length: 150 }, () => review('kim', 'COMMENTED')),
      review('jane'),
    );
    expect((await read([])).review.approvedBy).toEqual(['@jane']);
  });

  it('that GitHub does not tell of is no approval, but an error', async () => {
    const { read, double } = await given(review('jane'));
    double.troubles.push({ method: 'GET', path: /reviews$/, times: 9, answer: 'error' });
    await expect(read([])).rejects.toThrow(
      'GitHub answered GET /api/v3/repos/acme/data/pulls/7/reviews with 502',
    );
  });

  it('of which nobody said anything is approved by nobody', async () => {
    const { read } = await given();
    expect(await read([change('sync.a', '@acme/growth')])).toEqual(nobody);
  });
});

describe('several pull requests that are merged at once', () => {
  const part = (
    shows: readonly string[] | undefined,
    approvedBy: readonly string[],
    labels: readonly string[] = [],
  ) => ({
    review: { labels, approvedBy },
    shows: shows === undefined ? undefined : new Set(shows),
  });
  const changes = [change('sync.a', '@growth'), change('sync.b', '@finance')];

  it('are approved by owners each of whom approved what shows theirs', () => {
    expect(
      together([part(['sync.a'], ['@growth']), part(['sync.b'], ['@finance']), part([], [])], changes)
        .approvedBy,
    ).toEqual(['@growth', '@finance']);
  });

  it('are not approved by who approved another one of them', () => {
    expect(together([part(['sync.a'], []), part(['sync.b'], ['@growth'])], changes).approvedBy).toEqual([]);
    expect(
      together([part(['sync.a'], ['@growth']), part(['sync.a', 'sync.b'], [])], changes).approvedBy,
    ).toEqual([]);
  });

  it('of which nobody knows what one shows, or which one shows something, need the approval of each', () => {
    expect(together([part(['sync.a'], ['@growth']), part(undefined, [])], changes).approvedBy).toEqual([]);
    expect(together([part([], ['@growth']), part([], [])], changes).approvedBy).toEqual([]);
    expect(together([part([], ['@growth']), part([], ['@growth'])], changes).approvedBy).toEqual(['@growth']);
  });

  it('have the labels that all of them have', () => {
    expect(together([part([], [], ['x', 'y']), part([], [], ['y'])], changes).labels).toEqual(['y']);
    expect(together([], changes)).toEqual({ labels: [], approvedBy: [] });
  });

  it('are each asked for', async () => {
    const { read } = await given(review('jane'));
    const { review: found } = await read([change('sync.a', '@jane')], undefined, [7, 8]);
    expect(found).toEqual({ labels: ['data'], approvedBy: [] });
  });
});
