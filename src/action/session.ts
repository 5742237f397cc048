/** What each command of the Action works with: one environment of one configuration file. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { proxyFrom } from '../api/network.js';
import { DiagnosticError, type Place } from '../core/diagnostics.js';
import { isJsonObject, type Json } from '../core/json.js';
import { createScrubber } from '../core/scrub.js';
import { Secret } from '../core/secret.js';
import { asText } from '../core/text.js';
import { listEnvironments, loadSettings, type Environment, type Settings } from '../load/config.js';
import type { Selection } from '../plan/select.js';
import { shardText, type Shard } from '../core/shard.js';
import type { RunOptions } from '../workspace.js';
import type { Scope } from './approval.js';
import { trustedSettings } from './base.js';
import { eventOf, type Event } from './event.js';
import { checkRemote, gitVariables } from './git.js';
import { createGitHub, type GitHub } from './github/client.js';
import type { Inputs } from './inputs.js';

/** The run on GitHub, the same for all environments. */
export interface Run {
  readonly inputs: Inputs;
  readonly event: Event;
  readonly environment: Environment;
  /** Absolute. */
  readonly repositoryRoot: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly server: string;
  readonly defaultBranch: string;
  /** The commit that is looked at. */
  readonly sha: string;
  readonly runUrl: string;
  /** Where files for later steps go. Absolute. */
  readonly temporary: string;
  /** Absent without a token. */
  readonly github?: GitHub;
  /** What asks who belongs to a team: with a token of its own, where one was given. */
  readonly teams?: GitHub;
  /** Removes the value of every secret of the workflow from a text. */
  readonly scrub: (text: string) => string;
  /** Organizations that a plan of this run would make, with the environment of each. */
  readonly coming: Map<string, string>;
  /** Pauses, and what is slow on purpose, other than for people: where nobody waits, as in tests. */
  readonly pace: Pick<Settings, 'retryDelay' | 'jobInterval' | 'derive' | 'today'>;
}

export interface Session extends Run {
  readonly settings: Settings;
  /** For people: environment and folder, as far as there are any. */
  readonly title: string;
  readonly scope: Omit<Scope, 'pullRequest'>;
  /** What the inputs say of a plan. */
  readonly part: Pick<RunOptions, 'prune' | 'maxDeletes' | 'selection'>;
  /** Path of a place relative to the repository. */
  readonly locate: (place: Place) => string;
  /** Address of a place on GitHub. */
  readonly linkTo: (place: Place) => string;
}

const variable = (environment: Environment, name: string): string => {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new DiagnosticError([
    {
      severity: 'error',
      code: 'no-runner',
      message: `${name} has no value: this is no run of GitHub Actions`,
      hint: 'elsewhere use the command line, polytomic-gitops',
    },
  ]);
};

/** The run that the environment of a runner describes. Throws `DiagnosticError`. */
export const readRun = async (
  inputs: Inputs,
  environment: Environment,
): Promise<Omit<Run, 'pace' | 'coming'>> => {
  const read = variable.bind(undefined, environment);
  const payload = JSON.parse(await readFile(read('GITHUB_EVENT_PATH'), 'utf8')) as Json;
  const event = eventOf(read('GITHUB_EVENT_NAME'), isJsonObject(payload) ? payload : {});
  const about = isJsonObject(payload) ? payload['repository'] : undefined;
  const repository = read('GITHUB_REPOSITORY');
  const server = read('GITHUB_SERVER_URL');
  const proxy = proxyFrom(environment);
  const { token, ownersToken, apiKey, stateKey, secrets } = inputs;
  const clientOf = (secret: Secret): GitHub =>
    createGitHub({
      url: read('GITHUB_API_URL'),
      graphqlUrl: read('GITHUB_GRAPHQL_URL'),
      token: secret.reveal(),
      repository,
      ...(proxy === undefined ? {} : { proxy }),
    });
  const github = token === undefined ? undefined : clientOf(token);
  const teams = ownersToken === undefined ? github : clientOf(ownersToken);
  const known = Object.entries(secrets).map(([name, value]) => new Secret(name, value));
  return {
    inputs,
    event,
    environment,
    repositoryRoot: read('GITHUB_WORKSPACE'),
    repository,
    server,
    defaultBranch: isJsonObject(about) ? asText(about['default_branch']) : '',
    sha: event.type === 'pull_request' ? event.head : read('GITHUB_SHA'),
    runUrl: `${server}/${repository}/actions/runs/${read('GITHUB_RUN_ID')}`,
    temporary: read('RUNNER_TEMP'),
    scrub: createScrubber([
      ...known,
      ...[token, ownersToken, apiKey, stateKey].flatMap((secret) => secret ?? []),
    ]),
    ...(github === undefined ? {} : { github }),
    ...(teams === undefined ? {} : { teams }),
  };
};

/** What the Action adds to the environment of a run: the key and its address come from the workflow alone. */
const environmentOf = ({ environment, inputs: { apiKey, stateKey, apiUrl } }: Run): Environment => ({
  ...environment,
  ...(apiKey === undefined ? {} : { POLYTOMIC_API_KEY: apiKey.reveal() }),
  ...(stateKey === undefined ? {} : { POLYTOMIC_STATE_KEY: stateKey.reveal() }),
  ...(apiUrl === '' ? {} : { POLYTOMIC_URL: apiUrl }),
});

/** All of one runner's part. */
export const shardOnly = (shard: Shard): Selection => ({
  targets: [],
  exclude: [],
  kinds: [],
  labels: [],
  shard,
});

/** The environments of a run: those of its input, or all that the configuration file has. Throws `DiagnosticError`. */
export const environmentsIn = async ({ inputs, repositoryRoot }: Run): Promise<readonly string[]> => {
  if (inputs.environments.length !== 1 || inputs.environments[0] !== 'all') return inputs.environments;
  const there = await listEnvironments({
    cwd: path.join(repositoryRoot, inputs.directory),
    ...(inputs.config === '' ? {} : { config: inputs.config }),
  });
  return there.length === 0 || there.includes('all') ? inputs.environments : there;
};

/** A session for one environment; the empty name for none. Throws `DiagnosticError`. */
export const openSession = async (run: Run, environmentName: string): Promise<Session> => {
  const { inputs, repositoryRoot, server, repository, sha, event } = run;
  const environment = environmentOf(run);
  const loaded = await loadSettings({
    cwd: path.join(repositoryRoot, inputs.directory),
    environment,
    // A fork's manifests may name what they like: they get nothing.
    secrets: event.type === 'pull_request' && event.fork ? {} : inputs.secrets,
    dotenv: false,
    ...(inputs.config === '' ? {} : { config: inputs.config }),
    ...(environmentName === '' ? {} : { environmentName }),
  });
  if (inputs.state === 'git') checkRemote(loaded.stateRemote);
  const trusted = await trustedSettings(run, loaded);
  const shard = inputs.shard === undefined ? '' : shardText(inputs.shard);
  const directory = path.relative(repositoryRoot, loaded.root).split(path.sep).join('/');
  const locate = ({ file }: Place): string => path.posix.join(directory, file);
  return {
    ...run,
    settings: {
      ...loaded,
      ...run.pace,
      coming: run.coming,
      ...trusted,
      state: inputs.state,
      ...(inputs.apiVersion === '' ? {} : { version: inputs.apiVersion }),
      ...(inputs.state === 'git'
        ? {
            gitVariables: await gitVariables({ root: loaded.root, server, token: inputs.token, environment }),
          }
        : {}),
    },
    title: [
      [environmentName, directory].filter((part) => part !== '').join(' in '),
      shard === '' ? '' : `part ${shard}`,
    ]
      .filter((part) => part !== '')
      .join(', '),
    scope: { repository, environment: environmentName, directory, shard },
    part: {
      ...(inputs.shard === undefined ? {} : { selection: shardOnly(inputs.shard) }),
      ...(inputs.allowDeletes ? {} : { prune: 'never' as const }),
      ...(inputs.allowDeletes
        ? inputs.maxDeletes === undefined
          ? {}
          : { maxDeletes: inputs.maxDeletes }
        : { maxDeletes: 0 }),
    },
    locate,
    linkTo: (place) =>
      `${server}/${repository}/blob/${sha}/${locate(place).split('/').map(encodeURIComponent).join('/')}#L${place.line}`,
  };
};
