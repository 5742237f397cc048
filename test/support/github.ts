/** A small GitHub for tests, over HTTP on this machine: what the Action asks of it, as its reference describes it. */
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono, type Context } from 'hono';

export interface StoredComment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly author: string;
}

export interface StoredIssue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  readonly labels: readonly string[];
  readonly author: string;
}

export interface StoredPull {
  readonly number: number;
  head: { sha: string; ref: string; repository: string };
  base: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  mergedAt: string | null;
  mergeCommit: string | null;
  /** Commits that GitHub counts as this pull request's. */
  commits: string[];
  /** Default: ana. */
  author?: string;
  labels?: string[];
  /** In the order in which they were made. */
  reviews?: StoredReview[];
}

export interface StoredReview {
  readonly user: string;
  readonly state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  readonly commit: string;
}

export interface StoredCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
}

/** A failure for the next requests that fit. */
export interface Trouble {
  readonly method: string;
  readonly path: RegExp;
  times: number;
  readonly answer: 'primary' | 'secondary' | 'error' | 'error-after' | 'cut';
}

export interface GitHubDouble {
  readonly url: string;
  readonly graphqlUrl: string;
  readonly repository: string;
  /** The bot's, which may write; one of a fork's run, which may not; a person's; and one that sees teams. */
  readonly tokens: {
    readonly bot: string;
    readonly readOnly: string;
    readonly person: string;
    /** Of an app that may read the members of the organization. */
    readonly members: string;
  };
  /** What people may do with the repository; nothing where they are not here. Names are in lower case. */
  readonly permissions: Map<string, 'admin' | 'write' | 'read'>;
  /** Who belongs to the teams of the organization, by the slug of the team. */
  readonly teams: Map<string, readonly { readonly user: string; readonly state: 'active' | 'pending' }[]>;
  readonly comments: StoredComment[];
  readonly issues: StoredIssue[];
  readonly pulls: StoredPull[];
  /** Newest last; what compare walks over. */
  readonly commits: StoredCommit[];
  readonly branches: Map<string, string>;
  /** Files of each commit that was made through the API, on top of its parent's. */
  readonly written: Map<string, Readonly<Record<string, string>>>;
  readonly requests: string[];
  /** A file of a branch, or of a commit. */
  readFile: (ref: string, file: string) => Promise<string | undefined>;
  /** All that lies in a branch, or in a commit, below all of its folders. */
  readTree: (ref: string) => Promise<readonly object[] | undefined>;
  readBlob: (sha: string) => Promise<string | undefined>;
  readonly troubles: Trouble[];
  issuesEnabled: boolean;
  readonly close: () => Promise<void>;
}

const LONGEST_BODY = 65_536;
const users: Readonly<Record<string, { login: string; writes: boolean; seesTeams?: true }>> = {
  'ghs-members': { login: 'owners[bot]', writes: false, seesTeams: true },
  'ghs-bot': { login: 'github-actions[bot]', writes: true },
  'ghs-fork': { login: 'github-actions[bot]', writes: false },
  'ghp-person': { login: 'mallory', writes: true },
};

class Refusal extends Error {
  readonly status: 401 | 403 | 404 | 410 | 422;
  constructor(status: Refusal['status'], message: string) {
    super(message);
    this.status = status;
  }
}

/** Starts it with one repository. */
export const startGitHub = async (repository = 'acme/data'): Promise<GitHubDouble> => {
  const app = new Hono();
  const base = `/api/v3/repos/${repository}`;
  const double = {
    repository,
    tokens: { bot: 'ghs-bot', readOnly: 'ghs-fork', person: 'ghp-person', members: 'ghs-members' },
    permissions: new Map() as GitHubDouble['permissions'],
    teams: new Map() as GitHubDouble['teams'],
    comments: [] as StoredComment[],
    issues: [] as StoredIssue[],
    pulls: [] as StoredPull[],
    commits: [] as StoredCommit[],
    branches: new Map<string, string>(),
    written: new Map<string, Readonly<Record<string, string>>>(),
    requests: [] as string[],
    readFile: (async () => Promise.resolve(undefined)) as GitHubDouble['readFile'],
    readTree: (async () => Promise.resolve(undefined)) as GitHubDouble['readTree'],
    readBlob: (async () => Promise.resolve(undefined)) as GitHubDouble['readBlob'],
    troubles: [] as Trouble[],
    issuesEnabled: true,
  };
  let nextId = 1000;
  const nextNumber = (): number =>
    Math.max(0, ...[...double.issues, ...double.pulls].map(({ number }) => number)) + 1;
  const web = `https://github.test/${repository}`;

  const caller = (c: Context): (typeof users)[string] => {
    const user = users[(c.req.header('authorization') ?? '').replace(/^(Bearer|token) /i, '')];
    if (user === undefined) throw new Refusal(401, 'Bad credentials');
    return user;
  };
  const writer = (c: Context): string => {
    const { login, writes } = caller(c);
    if (!writes) throw new Refusal(403, 'Resource not accessible by integration');
    return login;
  };
  const bodyOf = async (c: Context): Promise<Record<string, unknown>> => c.req.json();
  const textIn = (value: unknown): string => {
    if (typeof value !== 'string') throw new Refusal(422, 'Validation Failed');
    if (value.length > LONGEST_BODY)
      throw new Refusal(422, 'Validation Failed: body is too long (maximum is 65536 characters)');
    return value;
  };
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Refusal(404, 'Not Found');
    return value;
  };
  /** A page of a list, and where the next one is. */
  const paged = <T>(
    c: Context,
    items: readonly T[],
  ): { page: readonly T[]; headers: Record<string, string> } => {
    const size = Math.min(100, Number(c.req.query('per_page') ?? 30));
    const number = Number(c.req.query('page') ?? 1);
    const next = new URL(c.req.url);
    next.searchParams.set('page', String(number + 1));
    const more = number * size < items.length;
    return {
      page: items.slice((number - 1) * size, number * size),
      headers: more ? { link: `<${next.href}>; rel="next"` } : {},
    };
  };
  const list = (c: Context, items: readonly object[]): Response => {
    const { page, headers } = paged(c, items);
    return c.json(page, 200, headers);
  };
  const shownUser = (login: string): object => ({ login, type: login.endsWith('[bot]') ? 'Bot' : 'User' });
  const shownComment = ({ id, issue, body, author }: StoredComment): object => ({
    id,
    body,
    user: shownUser(author),
    html_url: `${web}/issues/${issue}#issuecomment-${id}`,
  });
  const shownIssue = ({ number, title, body, state, labels, author }: StoredIssue): object => ({
    number,
    title,
    body,
    state,
    labels: labels.map((name) => ({ name })),
    user: shownUser(author),
    html_url: `${web}/issues/${number}`,
  });
  const shownPull = (pull: StoredPull): object => ({
    number: pull.number,
    title: pull.title,
    body: pull.body,
    state: pull.state,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit,
    head: { sha: pull.head.sha, ref: pull.head.ref, repo: { full_name: pull.head.repository } },
    base: { ref: pull.base },
    user: shownUser(pull.author ?? 'ana'),
    labels: (pull.labels ?? []).map((name) => ({ name })),
    html_url: `${web}/pull/${pull.number}`,
  });

  app.onError((error, c) => {
    if (error instanceof Refusal) return c.json({ message: error.message }, error.status);
    throw error;
  });
  app.use('*', async (c, next) => {
    const path = c.req.path.replace(base, '');
    double.requests.push(`${c.req.method} ${path}`);
    const trouble = double.troubles.find(
      (each) => each.times > 0 && each.method === c.req.method && each.path.test(path),
    );
    if (trouble === undefined) {
      await next();
      return;
    }
    trouble.times -= 1;
    switch (trouble.answer) {
      case 'primary':
        c.res = c.json({ message: 'API rate limit exceeded' }, 403, {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 1),
        });
        return;
      case 'secondary':
        c.res = c.json({ message: 'You have exceeded a secondary rate limit' }, 403, { 'retry-after': '1' });
        return;
      case 'error':
        c.res = c.json({ message: 'Server Error' }, 502);
        return;
      case 'error-after':
        await next();
        c.res = undefined;
        c.res = c.json({ message: 'Server Error' }, 502);
        return;
      case 'cut':
        (c.env as { incoming: { destroy: () => void } }).incoming.destroy();
        return;
    }
  });

  app.get(`${base}/contents/:file{.+}`, async (c) => {
    caller(c);
    const text = found(await double.readFile(c.req.query('ref') ?? 'main', c.req.param('file')));
    return c.json({ type: 'file', encoding: 'base64', content: Buffer.from(text).toString('base64') });
  });
  app.get(`${base}/git/trees/:ref{.+}`, async (c) => {
    caller(c);
    return c.json({ tree: found(await double.readTree(c.req.param('ref'))), truncated: false });
  });
  app.get(`${base}/git/blobs/:sha`, async (c) => {
    caller(c);
    const text = found(await double.readBlob(c.req.param('sha')));
    return c.json({ encoding: 'base64', content: Buffer.from(text).toString('base64') });
  });
  app.post('/api/graphql', (c) => c.json({ data: { viewer: { login: caller(c).login } } }));
  app.get(`${base}/issues/:number/comments`, (c) => {
    caller(c);
    return list(
      c,
      double.comments.filter(({ issue }) => issue === Number(c.req.param('number'))).map(shownComment),
    );
  });
  app.post(`${base}/issues/:number/comments`, async (c) => {
    const author = writer(c);
    const { body } = await bodyOf(c);
    const comment = { id: nextId++, issue: Number(c.req.param('number')), body: textIn(body), author };
    double.comments.push(comment);
    return c.json(shownComment(comment), 201);
  });
  app.patch(`${base}/issues/comments/:id`, async (c) => {
    writer(c);
    const comment = found(double.comments.find(({ id }) => id === Number(c.req.param('id'))));
    comment.body = textIn((await bodyOf(c))['body']);
    return c.json(shownComment(comment));
  });
  app.delete(`${base}/issues/comments/:id`, (c) => {
    writer(c);
    const at = double.comments.findIndex(({ id }) => id === Number(c.req.param('id')));
    if (at < 0) throw new Refusal(404, 'Not Found');
    double.comments.splice(at, 1);
    return c.body(null, 204);
  });
  const withIssues = (): void => {
    if (!double.issuesEnabled) throw new Refusal(410, 'Issues has been disabled in this repository.');
  };
  app.get(`${base}/issues`, (c) => {
    caller(c);
    withIssues();
    const labels = (c.req.query('labels') ?? '').split(',').filter((name) => name !== '');
    const state = c.req.query('state') ?? 'open';
    return list(
      c,
      double.issues
        .filter((issue) => state === 'all' || issue.state === state)
        .filter((issue) => labels.every((name) => issue.labels.includes(name)))
        .map(shownIssue),
    );
  });
  app.post(`${base}/issues`, async (c) => {
    const author = writer(c);
    withIssues();
    const { title, body, labels = [] } = await bodyOf(c);
    const issue: StoredIssue = {
      number: nextNumber(),
      title: textIn(title),
      body: textIn(body),
      state: 'open',
      labels: labels as string[],
      author,
    };
    double.issues.push(issue);
    return c.json(shownIssue(issue), 201);
  });
  app.patch(`${base}/issues/:number`, async (c) => {
    writer(c);
    const issue = found(double.issues.find(({ number }) => number === Number(c.req.param('number'))));
    const { state, body, title } = await bodyOf(c);
    if (state !== undefined) issue.state = state as 'open' | 'closed';
    if (body !== undefined) issue.body = textIn(body);
    if (title !== undefined) issue.title = textIn(title);
    return c.json(shownIssue(issue));
  });
  app.get(`${base}/pulls/:number`, (c) => {
    caller(c);
    return c.json(
      shownPull(found(double.pulls.find(({ number }) => number === Number(c.req.param('number'))))),
    );
  });
  app.get(`${base}/pulls/:number/reviews`, (c) => {
    caller(c);
    const { reviews = [] } = found(
      double.pulls.find(({ number }) => number === Number(c.req.param('number'))),
    );
    return list(
      c,
      reviews.map(({ user, state, commit }, id) => ({
        id,
        // Whoever left has no account any more.
        user: user === '' ? null : shownUser(user),
        state,
        commit_id: commit,
      })),
    );
  });
  app.get(`${base}/collaborators/:user/permission`, (c) => {
    caller(c);
    const user = c.req.param('user');
    return c.json({
      permission: found(double.permissions.get(user.toLowerCase())),
      user: shownUser(user),
    });
  });
  /** Names are taken in any case; who may not see a team is told that there is none. */
  const team = (c: Context): readonly { readonly user: string; readonly state: string }[] => {
    if (caller(c).seesTeams !== true) throw new Refusal(403, 'Resource not accessible by integration');
    const [owner = ''] = repository.split('/');
    const isOwn = c.req.param('org')?.toLowerCase() === owner.toLowerCase();
    return found(isOwn ? double.teams.get(c.req.param('team')?.toLowerCase() ?? '') : undefined);
  };
  app.get('/api/v3/orgs/:org/teams/:team', (c) => {
    team(c);
    return c.json({ slug: c.req.param('team') });
  });
  app.get('/api/v3/orgs/:org/teams/:team/memberships/:user', (c) => {
    const name = c.req.param('user').toLowerCase();
    const { state } = found(team(c).find(({ user }) => user.toLowerCase() === name));
    return c.json({ state, role: 'member' });
  });
  app.get(`${base}/commits/:sha/pulls`, (c) => {
    caller(c);
    const sha = c.req.param('sha');
    return list(
      c,
      double.pulls.filter((pull) => pull.mergeCommit === sha || pull.commits.includes(sha)).map(shownPull),
    );
  });
  app.get(`${base}/compare/:range`, (c) => {
    caller(c);
    const [from = '', to = ''] = c.req.param('range').split('...');
    const reach = (start: string): ReadonlySet<string> => {
      const seen = new Set<string>();
      const visit = (sha: string): void => {
        if (seen.has(sha)) return;
        seen.add(sha);
        double.commits.find((commit) => commit.sha === sha)?.parents.forEach(visit);
      };
      visit(start);
      return seen;
    };
    const begin = double.branches.get(from) ?? from;
    const known = (sha: string): boolean => double.commits.some((commit) => commit.sha === sha);
    if (!known(begin) || !known(to)) throw new Refusal(404, 'Not Found');
    const before = reach(begin);
    const commits = double.commits.filter(({ sha }) => reach(to).has(sha) && !before.has(sha));
    const { page, headers } = paged(c, commits);
    return c.json(
      {
        total_commits: commits.length,
        commits: page.map(({ sha, parents, message }) => ({
          sha,
          parents: parents.map((parent) => ({ sha: parent })),
          commit: { message },
        })),
      },
      200,
      headers,
    );
  });

  const trees = new Map<string, Readonly<Record<string, string>>>();
  const treeOf = new Map<string, string>();
  const hashed = (value: unknown): string => createHash('sha1').update(JSON.stringify(value)).digest('hex');
  const treeOfCommit = (sha: string): string => treeOf.get(sha) ?? hashed(['tree', sha]);
  app.get(`${base}/git/ref/heads/:branch{.+}`, (c) => {
    caller(c);
    return c.json({ object: { sha: found(double.branches.get(c.req.param('branch'))) } });
  });
  app.get(`${base}/git/commits/:sha`, (c) => {
    caller(c);
    const { sha, parents } = found(double.commits.find((each) => each.sha === c.req.param('sha')));
    return c.json({
      sha,
      tree: { sha: treeOfCommit(sha) },
      parents: parents.map((parent) => ({ sha: parent })),
    });
  });
  app.post(`${base}/git/trees`, async (c) => {
    writer(c);
    const { base_tree: under, tree } = await bodyOf(c);
    const files = Object.fromEntries(
      (tree as { path: string; content: string }[]).map(({ path, content }) => [path, content]),
    );
    const sha = hashed([under, files]);
    trees.set(sha, files);
    return c.json({ sha }, 201);
  });
  app.post(`${base}/git/commits`, async (c) => {
    writer(c);
    const { message, tree, parents } = await bodyOf(c);
    const sha = hashed([message, tree, parents, double.commits.length]);
    double.commits.push({ sha, parents: parents as string[], message: textIn(message) });
    treeOf.set(sha, textIn(tree));
    double.written.set(sha, found(trees.get(textIn(tree))));
    return c.json({ sha }, 201);
  });
  app.post(`${base}/git/refs`, async (c) => {
    writer(c);
    const { ref, sha } = await bodyOf(c);
    const branch = textIn(ref).replace('refs/heads/', '');
    if (double.branches.has(branch)) throw new Refusal(422, 'Reference already exists');
    double.branches.set(branch, textIn(sha));
    return c.json({ ref }, 201);
  });
  app.patch(`${base}/git/refs/heads/:branch{.+}`, async (c) => {
    writer(c);
    const { sha, force } = await bodyOf(c);
    found(double.branches.get(c.req.param('branch')));
    if (force !== true) throw new Refusal(422, 'Update is not a fast forward');
    double.branches.set(c.req.param('branch'), textIn(sha));
    return c.json({});
  });
  app.get(`${base}/pulls`, (c) => {
    caller(c);
    const [owner = ''] = repository.split('/');
    return list(
      c,
      double.pulls
        .filter(({ state }) => state === (c.req.query('state') ?? 'open'))
        .filter(({ head }) => [`${owner}:${head.ref}`, undefined].includes(c.req.query('head')))
        .map(shownPull),
    );
  });
  app.post(`${base}/pulls`, async (c) => {
    writer(c);
    const { title, body, head, base: to } = await bodyOf(c);
    const ref = textIn(head);
    if (double.pulls.some((pull) => pull.state === 'open' && pull.head.ref === ref))
      throw new Refusal(422, 'A pull request already exists');
    const pull: StoredPull = {
      number: nextNumber(),
      head: { sha: found(double.branches.get(ref)), ref, repository },
      base: textIn(to),
      title: textIn(title),
      body: textIn(body),
      state: 'open',
      mergedAt: null,
      mergeCommit: null,
      commits: [],
    };
    double.pulls.push(pull);
    return c.json(shownPull(pull), 201);
  });
  app.patch(`${base}/pulls/:number`, async (c) => {
    writer(c);
    const pull = found(double.pulls.find(({ number }) => number === Number(c.req.param('number'))));
    const { title, body, state } = await bodyOf(c);
    if (title !== undefined) pull.title = textIn(title);
    if (body !== undefined) pull.body = textIn(body);
    if (state !== undefined) pull.state = state as 'open' | 'closed';
    return c.json(shownPull(pull));
  });

  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(double, {
    url: `${url}/api/v3`,
    graphqlUrl: `${url}/api/graphql`,
    close: async () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  });
};
