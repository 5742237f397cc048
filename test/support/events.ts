/** Payloads of events, with what GitHub's documentation says of them and the Action reads. */
import type { GitHubDouble } from './github.js';
import type { RunOptions } from './runner.js';

type Event = RunOptions['event'];

const repositoryOf = ({ repository }: GitHubDouble): object => ({
  full_name: repository,
  default_branch: 'main',
  private: true,
});

export const events = {
  pullRequest: (github: GitHubDouble, number: number): Event => {
    const pull = github.pulls.find((each) => each.number === number)!;
    return {
      name: 'pull_request',
      payload: {
        action: 'synchronize',
        number,
        pull_request: {
          number,
          head: { sha: pull.head.sha, ref: pull.head.ref, repo: { full_name: pull.head.repository } },
          base: { ref: pull.base },
        },
        repository: repositoryOf(github),
      },
    };
  },
  /** Somebody approved it, or took that back. */
  review: (github: GitHubDouble, number: number): Event => {
    const { payload } = events.pullRequest(github, number);
    return { name: 'pull_request_review', payload: { ...payload, action: 'submitted', review: {} } };
  },
  push: (github: GitHubDouble, before: string, after: string, branch = 'main'): Event => ({
    name: 'push',
    payload: { ref: `refs/heads/${branch}`, before, after, repository: repositoryOf(github) },
  }),
  mergeGroup: (github: GitHubDouble, ref: string, head: string): Event => ({
    name: 'merge_group',
    payload: {
      action: 'checks_requested',
      merge_group: {
        head_sha: head,
        head_ref: ref,
        base_ref: 'refs/heads/main',
        base_sha: github.branches.get('main'),
      },
      repository: repositoryOf(github),
    },
  }),
  schedule: (github: GitHubDouble): Event => ({
    name: 'schedule',
    payload: { schedule: '0 6 * * *', repository: repositoryOf(github) },
  }),
  dispatch: (github: GitHubDouble): Event => ({
    name: 'workflow_dispatch',
    payload: { inputs: {}, ref: 'refs/heads/main', repository: repositoryOf(github) },
  }),
  other: (github: GitHubDouble, name: string): Event => ({
    name,
    payload: { repository: repositoryOf(github) },
  }),
};
