/** Issues that are opened, kept up to date and closed as what they are about comes and goes: one for each scope. */
import { asText } from '../core/text.js';
import type { JsonObject } from '../core/json.js';
import { markerOf, type Purpose } from './approval.js';
import { GitHubError, type GitHub } from './github/client.js';
import { notice } from './runner.js';
import type { Session } from './session.js';

export interface IssueOf {
  readonly purpose: Purpose;
  readonly label: string;
  /** Of the issue; the environment comes behind it. */
  readonly name: string;
  /** Whether there is anything to tell. */
  readonly isOpen: boolean;
  /** Begins with the marker of the purpose. */
  readonly body: string;
  /** What is said where it is closed: the beginning of a sentence. */
  readonly gone: string;
  /** What is in the summary alone where no issue can be written. */
  readonly what: string;
}

/** The open issue of a scope, or nothing. */
const openIssue = async (github: GitHub, label: string, marker: string): Promise<JsonObject | undefined> => {
  const issues = await github.list('issues', { state: 'open', labels: label });
  return issues.find(
    (issue) => issue['pull_request'] === undefined && asText(issue['body']).startsWith(marker),
  );
};

/** Opens, updates or closes the issue; gives its address. A repository without issues is told in the log. */
export const keepIssue = async (session: Session, about: IssueOf): Promise<string | undefined> => {
  const { github, inputs, scope, title } = session;
  const { purpose, label, name, isOpen, body, gone, what } = about;
  if (github === undefined || !inputs.comment) return undefined;
  try {
    const issue = await openIssue(github, label, markerOf(purpose, scope));
    const path = `issues/${asText(issue?.['number'])}`;
    if (!isOpen) {
      if (issue === undefined) return undefined;
      await github.send('POST', `${path}/comments`, { body: `${gone}: [run](${session.runUrl}).` });
      await github.send('PATCH', path, { state: 'closed', state_reason: 'completed', body });
      return asText(issue['html_url']);
    }
    if (issue !== undefined) {
      if (issue['body'] !== body) await github.send('PATCH', path, { body });
      return asText(issue['html_url']);
    }
    const made = await github.send('POST', 'issues', {
      title: `${name}${title === '' ? '' : `: ${title}`}`,
      body,
      labels: [label],
    });
    return asText(made['html_url']);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    // 410: issues are disabled; 403: the token may not write them.
    if (error.status !== 410 && error.status !== 403) throw error;
    notice(
      `${what} in the summary of the run alone: ${error.message}. An issue needs the permission issues: write.`,
    );
    return undefined;
  }
};
