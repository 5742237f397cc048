/** A team at work: a repository with a remote, GitHub, Polytomic, and the Action between them. */
import { onTestFinished } from 'vitest';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { events } from './events.js';
import { startGitHub, type GitHubDouble } from './github.js';
import { teamRepository, type Checkout, type TeamRepository } from './repository.js';
import { runAction, type ActionRun } from './runner.js';

export const teamSecrets: Readonly<Record<string, string>> = {
  DB_PASSWORD: 'canary-database-5f1e',
  WAREHOUSE_PASSWORD: 'canary-warehouse-77aa',
  POLYTOMIC_API_KEY: 'sandbox-key',
  github_token: 'ghs-bot',
  UNUSED: 'canary-unused-0c0c',
};

interface Given {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly token?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Team {
  readonly github: GitHubDouble;
  readonly sandbox: Sandbox;
  readonly repository: TeamRepository;
  /** Runs the Action in a checkout, for an event. */
  readonly run: (
    checkout: Checkout,
    event: Parameters<typeof runAction>[0]['event'],
    given?: Given,
  ) => Promise<ActionRun>;
  /** As for a pull request that was opened or changed. */
  readonly plan: (number: number, given?: Given) => Promise<ActionRun>;
  /** Merges a pull request, and runs what the push to main starts. */
  readonly merge: (number: number, given?: Given, how?: 'merge' | 'squash') => Promise<ActionRun>;
  readonly drift: (given?: Given) => Promise<ActionRun>;
  /** Opens a pull request with these changes; gives its number. */
  readonly propose: (
    branch: string,
    files: Readonly<Record<string, string | null>>,
    from?: string,
  ) => Promise<number>;
}

export const team = async (
  files: Readonly<Record<string, string>>,
  options: { readonly sandbox?: SandboxOptions } = {},
): Promise<Team> => {
  const [github, sandbox] = await Promise.all([
    startGitHub(),
    startSandbox({ jobPolls: 1, ...options.sandbox }),
  ]);
  onTestFinished(async () => {
    await Promise.all([github.close(), sandbox.close()]);
  });
  const repository = await teamRepository(files, github);
  const run: Team['run'] = async (checkout, event, { inputs = {}, token, environment = {} } = {}) =>
    runAction({
      workspace: checkout.folder,
      sha: checkout.sha,
      event,
      github,
      token: token ?? github.tokens.bot,
      inputs: {
        'api-key': sandbox.apiKey,
        'api-url': sandbox.url,
        secrets: JSON.stringify(teamSecrets),
        ...inputs,
      },
      environment,
    });
  return {
    github,
    sandbox,
    repository,
    run,
    plan: async (number, given) =>
      run(await repository.checkoutMerge(number), events.pullRequest(github, number), given),
    merge: async (number, given, how) => {
      const { before, after } = await repository.merge(number, how);
      return run(await repository.checkout('main'), events.push(github, before, after), given);
    },
    drift: async (given) => run(await repository.checkout('main'), events.schedule(github), given),
    propose: async (branch, changed, from) => {
      await repository.commit(branch, changed);
      return repository.open(branch, from);
    },
  };
};

/** A team whose manifests are applied: the first pull request was merged. */
export const established = async (
  files: Readonly<Record<string, string>>,
  options?: Parameters<typeof team>[1],
): Promise<Team> => {
  const acme = await team({ 'README.md': 'Data\n' }, options);
  const number = await acme.propose('first', files);
  await acme.plan(number);
  const run = await acme.merge(number);
  if (run.code !== 0) throw new Error(run.raw);
  acme.github.comments.splice(0);
  acme.github.requests.splice(0);
  return acme;
};
