/**
 * Who approved a pull request, as GitHub counts it: docs.github.com, "About pull request reviews" and "About code
 * owners". What cannot be known is no approval.
 */
import { isJsonObject, objectsIn, type Json, type JsonObject } from '../core/json.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { asText } from '../core/text.js';
import type { Change } from '../plan/plan.js';
import { missingApprovals } from '../rules/approval.js';
import type { Review } from '../rules/review.js';
import type { PullRequest } from './approved.js';
import { GitHubError, type GitHub } from './github/client.js';

/** A change as far as its approval goes. */
export type OwnedChange = Pick<Change, 'address' | 'owners'>;

export interface ReviewRead {
  readonly review: Review;
  /** What could not be known. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface Asking {
  readonly github: GitHub;
  /** Asks who belongs to a team. */
  readonly teams: GitHub;
}

const nameIn = (value: Json | undefined, property: string): string =>
  isJsonObject(value) ? asText(value[property]).toLowerCase() : '';

/** What a review decides. One that only comments leaves what was decided before. */
const decides: ReadonlyMap<string, boolean> = new Map([
  ['APPROVED', true],
  ['CHANGES_REQUESTED', false],
  ['DISMISSED', false],
]);

/**
 * Who approved a commit, in lower case: the last decision of each person counts, where it was made on this very commit.
 * Neither the author nor an app approves anything. `reviews` are in the order in which they were made.
 */
export const approversIn = (
  reviews: readonly JsonObject[],
  { head, author }: { readonly head: string; readonly author: string },
): readonly string[] => {
  const last = new Map<string, boolean>();
  for (const { user, state, commit_id: commit } of reviews) {
    const name = nameIn(user, 'login');
    const decision = decides.get(asText(state));
    if (name === '' || nameIn(user, 'type') !== 'user' || decision === undefined) continue;
    last.set(name, decision && commit === head);
  }
  return [...last].flatMap(([name, approved]) => (approved && name !== author.toLowerCase() ? [name] : []));
};

const mayWrite: ReadonlySet<string> = new Set(['admin', 'maintain', 'write']);

/** Whether somebody may write to the repository: nobody else's approval counts. Throws `GitHubError`. */
const isWriter = async (github: GitHub, name: string): Promise<boolean> => {
  const found = await github.find(`collaborators/${encodeURIComponent(name)}/permission`);
  return mayWrite.has(asText(found?.['permission']));
};

const unreadable = (team: string, why: string): Diagnostic => ({
  severity: 'warning',
  code: 'unreadable-team',
  message: `nobody can tell whether one of ${team} has approved: ${why}`,
  hint: 'give the input owners-token a token that may read the members of the organization, of an app or of a person; the token of a workflow may not',
});

/** Whether one of these people belongs to a team, `@organization/team`; or why nobody can tell. */
const hasMember = async (
  teams: GitHub,
  team: string,
  people: readonly string[],
): Promise<boolean | { readonly why: string }> => {
  const [organization = '', slug = ''] = team.slice(1).split('/').map(encodeURIComponent);
  const address = `orgs/${organization}/teams/${slug}`;
  try {
    for (const name of people) {
      const found = await teams.findAnywhere(`${address}/memberships/${encodeURIComponent(name)}`);
      if (found?.['state'] === 'active') return true;
    }
    // GitHub says the same of who is no member, and to who may not know.
    const isSeen = (await teams.findAnywhere(address)) !== undefined;
    return isSeen ? false : { why: `GitHub shows this token no such team` };
  } catch (error) {
    if (error instanceof GitHubError) return { why: error.message };
    throw error;
  }
};

/** Labels of a pull request, and who approved it; of teams only those that are still asked for. Throws `GitHubError`. */
const readOne = async (
  { github, teams }: Asking,
  { number, head }: PullRequest,
  changes: readonly OwnedChange[],
): Promise<ReviewRead> => {
  const [pull, reviews] = await Promise.all([
    github.find(`pulls/${number}`),
    github.list(`pulls/${number}/reviews`),
  ]);
  const people: string[] = [];
  for (const name of approversIn(reviews, { head, author: nameIn(pull?.['user'], 'login') }))
    if (await isWriter(github, name)) people.push(name);
  const approvedBy = people.map((name) => `@${name}`);
  const owned = new Map(changes.map(({ address, owners }) => [address, owners ?? []]));
  const missing = missingApprovals(changes, (address) => owned.get(address) ?? [], { approvedBy });
  const asked = new Set(missing.flatMap(({ owners }) => owners.map((owner) => owner.toLowerCase())));
  const diagnostics: Diagnostic[] = [];
  for (const team of people.length === 0 ? [] : [...asked].filter((owner) => owner.includes('/'))) {
    const found = await hasMember(teams, team, people);
    if (typeof found === 'object') diagnostics.push(unreadable(team, found.why));
    else if (found) approvedBy.push(team);
  }
  return {
    review: { labels: objectsIn(pull?.['labels']).map(({ name }) => asText(name)), approvedBy },
    diagnostics,
  };
};

/** One of several pull requests that are merged at once. */
export interface Part {
  readonly review: Review;
  /** What its plan showed, by address; undefined where nobody knows: it may be anything. */
  readonly shows: ReadonlySet<string> | undefined;
}

const owns = (name: string, { owners = [] }: OwnedChange): boolean =>
  owners.some((owner) => owner.toLowerCase() === name);

/**
 * The review of several pull requests together. A label counts where each of them has it. Who owns something approved
 * it where he approved each of them that showed it: nobody's approval of one is taken for that of another.
 */
export const together = (parts: readonly Part[], changes: readonly OwnedChange[]): Review => {
  const [first] = parts;
  if (first === undefined) return { labels: [], approvedBy: [] };
  if (parts.length === 1) return first.review;
  const names = [...new Set(parts.flatMap(({ review }) => review.approvedBy))];
  const showing = (address: string): readonly Part[] => {
    const those = parts.filter(({ shows }) => shows === undefined || shows.has(address));
    return those.length === 0 ? parts : those;
  };
  const isApproved = (name: string, those: readonly Part[]): boolean =>
    those.every(({ review }) => review.approvedBy.includes(name));
  return {
    labels: first.review.labels.filter((label) => parts.every(({ review }) => review.labels.includes(label))),
    approvedBy: names.filter((name) => {
      const own = changes.filter((change) => owns(name, change));
      return own.length === 0
        ? isApproved(name, parts)
        : own.every(({ address }) => isApproved(name, showing(address)));
    }),
  };
};

/**
 * What people said of pull requests, each as it is at its `head`. `showsOf`: what the plan of one showed, asked where
 * there are several. Throws `GitHubError`.
 */
export const readReviews = async (
  asking: Asking,
  pullRequests: readonly PullRequest[],
  changes: readonly OwnedChange[],
  showsOf: (pullRequest: PullRequest) => Promise<Part['shows']>,
): Promise<ReviewRead> => {
  const parts: (Part & Pick<ReviewRead, 'diagnostics'>)[] = [];
  for (const pullRequest of pullRequests) {
    const { review, diagnostics } = await readOne(asking, pullRequest, changes);
    const shows = pullRequests.length === 1 ? undefined : await showsOf(pullRequest);
    parts.push({ review, shows, diagnostics });
  }
  const told = new Map(parts.flatMap(({ diagnostics }) => diagnostics).map((each) => [each.message, each]));
  return { review: together(parts, changes), diagnostics: [...told.values()] };
};
