/** One issue of the differences: opened, kept up to date, and closed when nothing is left of them. */
import { asText } from '../../src/core/text.js';
import type { GitHub } from '../../src/action/github/client.js';

const LABEL = 'api-differences';
const TITLE = 'The API has moved: differences from its official clients';
const MARKER = '<!-- polytomic-gitops api:check -->';

/**
 * Makes the open issue of this check say `body`, or closes it where there is nothing to say. Throws `GitHubError`. Gives
 * what was done.
 */
export const tellIssue = async (github: GitHub, body: string | undefined): Promise<string> => {
  const login = await github.viewer();
  const open = (await github.list('issues', { state: 'open', labels: LABEL })).filter(
    ({ body: text, user }) =>
      asText(text).startsWith(MARKER) &&
      typeof user === 'object' &&
      user !== null &&
      'login' in user &&
      user['login'] === login,
  );
  const [issue] = open.sort((a, b) => Number(a['number']) - Number(b['number']));
  const path = `issues/${asText(issue?.['number'])}`;
  if (body === undefined) {
    if (issue === undefined) return 'no issue is open';
    await github.send('PATCH', path, { state: 'closed', state_reason: 'completed' });
    return `closed ${path}`;
  }
  const text = `${MARKER}\n${body}`;
  if (issue === undefined) {
    const made = await github.send('POST', 'issues', { title: TITLE, body: text, labels: [LABEL] });
    return `opened issues/${asText(made['number'])}`;
  }
  if (issue['body'] === text) return `${path} says so already`;
  await github.send('PATCH', path, { body: text });
  return `updated ${path}`;
};
