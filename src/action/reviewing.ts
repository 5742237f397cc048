/** What people said of the pull requests that a run is about, read once it is known what would change. */
import type { Diagnostic } from '../core/diagnostics.js';
import type { Review } from '../rules/review.js';
import { pullRequestsOf, shownIn, type PullRequest } from './approved.js';
import { readReviews, type OwnedChange } from './reviews.js';
import type { Session } from './session.js';

export interface Reviewing {
  /** Throws `GitHubError`. */
  readonly read: (changes: readonly OwnedChange[]) => Promise<Review>;
  /** What could not be known, so far. */
  readonly diagnostics: () => readonly Diagnostic[];
}

const nobody: Review = { labels: [], approvedBy: [] };

const pullRequestsIn = async ({ event, github }: Session): Promise<readonly PullRequest[]> => {
  // What is planned is the commit of the event: whoever approved another one did not see this plan.
  if (event.type === 'pull_request') return [{ number: event.number, head: event.head }];
  return github === undefined ? [] : pullRequestsOf(github, event);
};

/** Who approved what a run does. Without a pull request, or without a token, nobody did. */
export const reviewingOf = (session: Session): Reviewing => {
  const { github, teams = github, scope, settings } = session;
  let told: readonly Diagnostic[] = [];
  return {
    diagnostics: () => told,
    read: async (changes) => {
      const pullRequests = await pullRequestsIn(session);
      if (github === undefined || teams === undefined || pullRequests.length === 0) return nobody;
      const { apiKey } = settings;
      const { review, diagnostics } = await readReviews(
        { github, teams },
        pullRequests,
        changes,
        async (pullRequest) =>
          apiKey === undefined ? undefined : shownIn(github, pullRequest, scope, apiKey),
      );
      told = diagnostics;
      return review;
    },
  };
};
