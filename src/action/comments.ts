/** Comments that are kept up to date: one for each purpose and scope, found again by its marker. */
import type { JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import { GitHubError, type GitHub } from './github/client.js';

export interface Comment {
  readonly id: number;
  readonly body: string;
  readonly url: string;
}

const commentOf = (value: JsonObject): Comment => ({
  id: Number(value['id']),
  body: asText(value['body']),
  url: asText(value['html_url']),
});

const authorOf = ({ user }: JsonObject): string =>
  typeof user === 'object' && user !== null && 'login' in user ? asText(user['login']) : '';

/** The comments of an issue or pull request that begin with `marker` and are the token's own, oldest first. */
export const ownComments = async (
  github: GitHub,
  number: number,
  marker: string,
): Promise<readonly Comment[]> => {
  const [login, all] = await Promise.all([github.viewer(), github.list(`issues/${number}/comments`)]);
  return all
    .filter((value) => authorOf(value) === login && asText(value['body']).startsWith(marker))
    .map(commentOf)
    .sort((a, b) => a.id - b.id);
};

export interface Upsert {
  readonly number: number;
  readonly marker: string;
  readonly body: string;
  /** True: where there is no comment yet, none is made. */
  readonly onlyUpdate?: boolean;
}

/** Writes the one comment of this marker, and removes others of it. Gives its address. Throws `GitHubError`. */
export const upsertComment = async (
  github: GitHub,
  { number, marker, body, onlyUpdate = false }: Upsert,
): Promise<string | undefined> => {
  const [first, ...older] = await ownComments(github, number, marker);
  for (const { id } of older) await github.send('DELETE', `issues/comments/${id}`);
  if (first !== undefined) {
    if (first.body !== body) await github.send('PATCH', `issues/comments/${first.id}`, { body });
    return first.url;
  }
  if (onlyUpdate) return undefined;
  try {
    return commentOf(await github.send('POST', `issues/${number}/comments`, { body })).url;
  } catch (error) {
    // Without an answer it may be there all the same.
    if (!(error instanceof GitHubError) || (error.status !== 0 && error.status < 500)) throw error;
    const [made] = await ownComments(github, number, marker);
    return (made ?? commentOf(await github.send('POST', `issues/${number}/comments`, { body }))).url;
  }
};
