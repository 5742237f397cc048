/** GitHub at its worst: limits, faults, lost answers. */
import { onTestFinished, describe, expect, it } from 'vitest';
import { ownComments, upsertComment } from '../../src/action/comments.js';
import { createGitHub, type GitHub } from '../../src/action/github/client.js';
import { startGitHub, type GitHubDouble, type Trouble } from '../support/github.js';

const connect = async (
  token?: (double: GitHubDouble) => string,
): Promise<{ readonly double: GitHubDouble; readonly github: GitHub }> => {
  const double = await startGitHub();
  onTestFinished(double.close);
  const { url, graphqlUrl, repository } = double;
  const github = createGitHub({
    url,
    graphqlUrl,
    repository,
    token: token?.(double) ?? double.tokens.bot,
    retryDelay: 1,
  });
  return { double, github };
};

const comment = { number: 7, marker: '<!-- m ', body: '<!-- m -->\nText' };

describe('a comment', () => {
  it.each<[string, Omit<Trouble, 'times'>]>([
    ['the primary limit is hit', { method: 'GET', path: /comments/, answer: 'primary' }],
    ['the secondary limit is hit', { method: 'POST', path: /comments/, answer: 'secondary' }],
    ['a list fails', { method: 'GET', path: /comments/, answer: 'error' }],
    ['the connection is cut before it is made', { method: 'POST', path: /comments/, answer: 'cut' }],
    ['it is made, and the answer is lost', { method: 'POST', path: /comments/, answer: 'error-after' }],
  ])('is written once where %s', async (_case, trouble) => {
    const { double, github } = await connect();
    double.troubles.push({ ...trouble, times: 1 });
    expect(await upsertComment(github, comment)).toBe(
      `https://github.test/acme/data/issues/7#issuecomment-${double.comments[0]?.id ?? 0}`,
    );
    expect(double.comments.map(({ body }) => body)).toEqual([comment.body]);
  });

  it('of somebody else is left alone, whatever it begins with', async () => {
    const { double, github } = await connect();
    double.comments.push({ id: 1, issue: 7, body: comment.body, author: 'mallory' });
    await upsertComment(github, comment);
    expect(double.comments).toHaveLength(2);
    expect(await ownComments(github, 7, comment.marker)).toHaveLength(1);
  });

  it('is found on whatever page it is', async () => {
    const { double, github } = await connect();
    for (let id = 1; id <= 250; id += 1)
      double.comments.push({ id, issue: 7, body: `${id}`, author: 'mallory' });
    await upsertComment(github, comment);
    await upsertComment(github, { ...comment, body: '<!-- m -->\nOther' });
    expect(double.comments.slice(250).map(({ body }) => body)).toEqual(['<!-- m -->\nOther']);
  });

  it('that cannot be written is an error that says why', async () => {
    const forbidden = await connect((double) => double.tokens.readOnly);
    await expect(upsertComment(forbidden.github, comment)).rejects.toThrow(
      'GitHub answered POST /api/v3/repos/acme/data/issues/7/comments with 403: Resource not accessible by integration',
    );
    // A refusal is final: it is asked once.
    expect(forbidden.double.requests.filter((request) => request.startsWith('POST /issues'))).toHaveLength(1);
    const unknown = await connect(() => 'wrong');
    await expect(upsertComment(unknown.github, comment)).rejects.toThrow('401: Bad credentials');
    const down = await connect();
    await down.double.close();
    await expect(upsertComment(down.github, comment)).rejects.toThrow('GitHub did not answer');
  });
});
