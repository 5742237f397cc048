/** Which pull requests a run is about, and what was approved in them. */
import pLimit from 'p-limit';
import { isJsonObject, type JsonObject } from '../core/json.js';
import type { Secret } from '../core/secret.js';
import { asText } from '../core/text.js';
import { markerOf, readApproval, type Approval, type Scope } from './approval.js';
import { ownComments } from './comments.js';
import type { Event } from './event.js';
import { GitHubError, type GitHub } from './github/client.js';

export interface PullRequest {
  readonly number: number;
  /** Its own last commit. */
  readonly head: string;
}

/** A push with more commits than this is no merge of pull requests that were reviewed one by one. */
const MOST_COMMITS = 100;
const AT_ONCE = 4;

const NO_COMMIT = /^0*$/;

interface Commit {
  readonly sha: string;
  readonly parent: string;
  readonly message: string;
}

const commitOf = (value: JsonObject): Commit => {
  const { sha, parents, commit } = value;
  const first: unknown = Array.isArray(parents) ? (parents as readonly unknown[])[0] : undefined;
  return {
    sha: asText(sha),
    parent: isJsonObject(first) ? asText(first['sha']) : '',
    message: isJsonObject(commit) ? asText(commit['message']) : '',
  };
};

/** The commits from `base` to `head` along the first parents, newest first: what the branch itself went through. */
const mainline = async (github: GitHub, base: string, head: string): Promise<readonly Commit[]> => {
  const alone = [{ sha: head, parent: '', message: '' }];
  if (NO_COMMIT.test(base)) return alone;
  const found = await github
    .list(`compare/${encodeURIComponent(base)}...${head}`, {}, 'commits')
    .catch((error: unknown) => {
      // What was there before a forced push may be gone.
      if (error instanceof GitHubError && error.status === 404) return [];
      throw error;
    });
  const commits = new Map(found.map(commitOf).map((commit) => [commit.sha, commit]));
  const line: Commit[] = [];
  for (let commit = commits.get(head); commit !== undefined; commit = commits.get(commit.parent))
    line.push(commit);
  return line.length === 0 ? alone : line.slice(0, MOST_COMMITS);
};

/** `Merge pull request #7 from …`, `Title (#7)`: as GitHub writes the messages of merges. */
const numbersIn = (message: string): readonly number[] => {
  const [title = ''] = message.split('\n');
  const found = /^Merge pull request #(\d+) /.exec(title) ?? /\(#(\d+)\)$/.exec(title);
  return found === null ? [] : [Number(found[1])];
};

const pullRequestOf = (value: JsonObject): PullRequest => ({
  number: Number(value['number']),
  head: isJsonObject(value['head']) ? asText(value['head']['sha']) : '',
});

/**
 * The pull requests whose merge a push is, or that wait in a merge group; none for any other event. A merge group's
 * commits belong to none yet: its branch and their messages name them. Throws `GitHubError`.
 */
export const pullRequestsOf = async (github: GitHub, event: Event): Promise<readonly PullRequest[]> => {
  const limit = pLimit(AT_ONCE);
  if (event.type === 'push') {
    const line = await mainline(github, event.before, event.after);
    const found = await Promise.all(
      line.map(async ({ sha }) => limit(async () => github.list(`commits/${sha}/pulls`))),
    );
    const merged = found.flat().filter(({ merged_at: at }) => typeof at === 'string');
    return unique(merged.map(pullRequestOf));
  }
  if (event.type === 'merge_group') {
    const line = await mainline(github, event.base, event.head);
    const named = /\/pr-(\d+)-[0-9a-f]+$/.exec(event.ref);
    const numbers = new Set([
      ...(named === null ? [] : [Number(named[1])]),
      ...line.flatMap(({ message }) => numbersIn(message)),
    ]);
    const found = await Promise.all(
      [...numbers].map(async (number) => limit(async () => github.find(`pulls/${number}`))),
    );
    return unique(found.flatMap((value) => (value === undefined ? [] : [pullRequestOf(value)])));
  }
  return [];
};

const unique = (all: readonly PullRequest[]): readonly PullRequest[] =>
  [...new Map(all.map((each) => [each.number, each])).values()].sort((a, b) => a.number - b.number);

export interface Approvals {
  readonly approvals: readonly Approval[];
  /** Why a pull request approves nothing, a line each. */
  readonly problems: readonly string[];
}

/** What the comment of a pull request approves, or why it approves nothing. Throws `GitHubError`. */
const approvalIn = async (
  github: GitHub,
  { number, head }: PullRequest,
  scope: Omit<Scope, 'pullRequest'>,
  apiKey: Secret,
): Promise<Approval | { readonly problem: string; readonly isThere: boolean }> => {
  const [comment] = await ownComments(github, number, markerOf('plan', scope));
  if (comment === undefined) return { problem: 'no comment of this Action shows a plan', isThere: false };
  const read = readApproval(comment.body, { ...scope, pullRequest: number }, apiKey);
  if ('problem' in read) return { ...read, isThere: true };
  const made = `the plan was made for ${read.head.slice(0, 7)}, not for its last commit ${head.slice(0, 7)}`;
  return read.head === head ? read : { problem: made, isThere: true };
};

/**
 * The addresses of what the comment of a pull request shows; undefined where that is not known. One that changes
 * nothing has no comment. Throws `GitHubError`.
 */
export const shownIn = async (
  ...asked: Parameters<typeof approvalIn>
): Promise<ReadonlySet<string> | undefined> => {
  const read = await approvalIn(...asked);
  if ('problem' in read) return read.isThere ? undefined : new Set();
  const steps = Object.keys(read.changes);
  // Of what completes a replacement the address stands before the blank.
  return steps.length === 0 ? undefined : new Set(steps.map((step) => step.replace(/ .*$/, '')));
};

/** What the comments of these pull requests approve. Throws `GitHubError`. */
export const approvalsOf = async (
  github: GitHub,
  pullRequests: readonly PullRequest[],
  scope: Omit<Scope, 'pullRequest'>,
  apiKey: Secret,
): Promise<Approvals> => {
  const approvals: Approval[] = [];
  const problems: string[] = [];
  for (const pullRequest of pullRequests) {
    const read = await approvalIn(github, pullRequest, scope, apiKey);
    if ('problem' in read) problems.push(`#${pullRequest.number}: ${read.problem}`);
    else approvals.push(read);
  }
  return { approvals, problems };
};
