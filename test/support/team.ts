/** A team at work: a repository with a remote, GitHub, Polytomic, and the Action between them. */
import { cp, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { inject, onTestFinished } from 'vitest';
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

/** A team with all that it had at some time. */
interface Prepared {
  readonly folder: string;
  readonly github: Pick<GitHubDouble, (typeof kept)[number] | 'branches'>;
}

const kept = ['issues', 'pulls', 'commits'] as const;

/** The sandbox's file in such a folder. */
const dataIn = (folder: string): string => path.join(folder, 'sandbox.jsonl');

/** A team that begins with these files, or with what was prepared. */
export const team = async (
  begin: Readonly<Record<string, string>> | { readonly prepared: Prepared },
  options: {
    readonly sandbox?: SandboxOptions;
    /** The Action is the bundle, in processes of its own. */
    readonly real?: boolean;
  } = {},
): Promise<Team> => {
  const prepared = isPrepared(begin) ? begin.prepared : undefined;
  const github = await startGitHub();
  onTestFinished(github.close);
  for (const list of kept) (github[list] as unknown[]).push(...structuredClone(prepared?.github[list] ?? []));
  for (const [branch, sha] of prepared?.github.branches ?? []) github.branches.set(branch, sha);
  const repository = await teamRepository(
    isPrepared(begin) ? { copyOf: begin.prepared.folder } : { files: begin },
    github,
  );
  if (prepared !== undefined) await cp(dataIn(prepared.folder), dataIn(repository.folder));
  const sandbox = await startSandbox({
    jobPolls: 1,
    ...(prepared === undefined ? {} : { data: dataIn(repository.folder) }),
    ...options.sandbox,
  });
  onTestFinished(sandbox.close);
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
      real: options.real === true,
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

const isPrepared = (begin: Parameters<typeof team>[0]): begin is { readonly prepared: Prepared } =>
  typeof begin.prepared === 'object';

const prepare = async (files: Readonly<Record<string, string>>, real: boolean): Promise<Prepared> => {
  const folder = await mkdtemp(path.join(inject('shared'), 'prepared-'));
  const acme = await team({ 'README.md': 'Data\n' }, { sandbox: { data: dataIn(folder) }, real });
  const number = await acme.propose('first', files);
  await acme.plan(number);
  const run = await acme.merge(number);
  if (run.code !== 0) throw new Error(run.raw);
  await acme.sandbox.close();
  for (const part of ['remote.git', 'work'])
    await cp(path.join(acme.repository.folder, part), path.join(folder, part), { recursive: true });
  return { folder, github: acme.github };
};

const preparations = new Map<string, Promise<Prepared>>();

/** A team whose manifests are applied: the first pull request was merged. Prepared once for all tests of a process. */
export const established = async (
  files: Readonly<Record<string, string>>,
  { real = false }: { readonly real?: boolean } = {},
): Promise<Team> => {
  const key = JSON.stringify([real, files]);
  const prepared = preparations.get(key) ?? prepare(files, real);
  preparations.set(key, prepared);
  return team({ prepared: await prepared }, { real });
};
