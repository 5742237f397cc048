/** One issue of the differences: opened, kept up to date, and closed when nothing is left of them. */
import { GitHubError, type GitHub } from '../../src/action/github/client.js';
import { isJsonObject, type JsonObject } from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';

const LABEL = 'api-differences';
const TITLE = 'The API has moved: differences from its official clients';
const MARKER = '<!-- polytomic-gitops api:check -->';

/** The open issues of this check that the token itself has made, oldest first. */
const openIssues = async (github: GitHub): Promise<readonly JsonObject[]> => {
  const [login, issues] = await Promise.all([
    github.viewer(),
    github.list('issues', { state: 'open', labels: LABEL }),
  ]);
  return issues
    .filter(
      ({ body, user }) => asText(body).startsWith(MARKER) && isJsonObject(user) && user['login'] === login,
    )
    .sort((a, b) => Number(a['number']) - Number(b['number']));
};

const open = async (github: GitHub, body: string): Promise<string> => {
  try {
    const made = await github.send('POST', 'issues', { title: TITLE, body, labels: [LABEL] });
    return `opened issues/${asText(made['number'])}`;
  } catch (error) {
    // Without an answer it may be there all the same.
    const [made] =
      error instanceof GitHubError && (error.status === 0 || error.status >= 500)
        ? await openIssues(github)
        : [];
    if (made === undefined) throw error;
    return `opened issues/${asText(made['number'])}`;
  }
};

/**
 * Makes the one open issue of this check say `body`, or closes it where there is nothing to say. Gives what was done.
 * Throws `GitHubError`.
 */
export const tellIssue = async (github: GitHub, body: string | undefined): Promise<string> => {
  const [issue] = await openIssues(github);
  const text = `${MARKER}\n${body ?? ''}`;
  if (issue === undefined) return body === undefined ? 'no issue is open' : open(github, text);
  const path = `issues/${asText(issue['number'])}`;
  if (body === undefined) {
    await github.send('PATCH', path, { state: 'closed', state_reason: 'completed' });
    return `closed ${path}`;
  }
  if (issue['body'] === text) return `${path} says so already`;
  await github.send('PATCH', path, { body: text });
  return `updated ${path}`;
};
