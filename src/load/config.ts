/** The configuration file and the environment: found, checked, and made into settings. */
import { lstat, readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { Explorer } from 'cosmiconfig/dist/Explorer.js';
import type { Attempt } from '../api/observe.js';
import { DEFAULT_VERSION } from '../api/versions.js';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import type { Json } from '../core/json.js';
import { pointerSegments, Secret } from '../core/secret.js';
import { didYouMean } from '../core/suggest.js';
import type { Config, Ownership } from '../generated/config.js';
import { checkOwners } from './owners.js';
import { parseFile } from './parse.js';
import type { UserCache } from './parsed-cache.js';
import { createLocate } from './positions.js';
import type { RuleText } from './rules.js';
import { checkSchema } from './schema.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** All that a run is set to. */
export interface Settings {
  /** Absolute path of the configuration file's folder, or of the working folder where there is no file. */
  readonly root: string;
  /** Absolute path, where there is one. */
  readonly configFile?: string;
  readonly environmentName?: string;
  readonly manifests: readonly string[];
  readonly overlays: readonly string[];
  /** The overlays of every environment. */
  readonly allOverlays: readonly string[];
  readonly variables: Readonly<Record<string, Json>>;
  /** The environment over the dotenv file. */
  readonly environment: Environment;
  /**
   * The environment without the dotenv file, which is part of the work tree: for the programs that are called.
   */
  readonly processEnvironment: Environment;
  /** Where HTTPS_PROXY and its like are read: the place that the key comes from. */
  readonly proxyEnvironment: Environment;
  /** Globs of the files of rules. */
  readonly rules: readonly string[];
  /** The rules of the base branch, which count, too; absent: there is none. Not set by the configuration file. */
  readonly baseRules?: readonly RuleText[];
  /** The day that `until` is compared with, as 2027-01-31 in UTC. Default: today. Not set by the configuration file. */
  readonly today?: string;
  /** Names of the configuration file's environments. */
  readonly environments: readonly string[];
  /** Places (`ADDRESS/POINTER`) where a secret may stand although the API shows the field. */
  readonly allowSecrets: readonly string[];
  /** Whom resources belong to: the last entry that fits counts. */
  readonly owners: readonly Ownership[];
  /** Values for `${secret:}` alone, before those of the environment. */
  readonly secrets: Environment;
  readonly url: string;
  readonly apiKey?: Secret;
  /** Seals what the state holds of secrets; in place of the API key. */
  readonly stateKey?: Secret;
  readonly version: string;
  readonly concurrency: number;
  /** Milliseconds. */
  readonly timeout: number;
  /** Further certificate authorities, in PEM. */
  readonly ca?: string;
  readonly state: 'file' | 'git' | 'none';
  /** For `git`: name or address of the remote. */
  readonly stateRemote: string;
  /** Variables for Git alone, such as the way in. Not set by the configuration file. */
  readonly gitVariables?: Environment;
  /** Name or id of the organization that the key must belong to, or that is meant where the key acts in many. */
  readonly organization?: string;
  /** Names of organizations that are not there yet, with the environment of this run that is about to make each. */
  readonly coming?: ReadonlyMap<string, string>;
  readonly prune: 'managed' | 'never';
  /** False: a plan runs no query on a source to see the columns of what changes. */
  readonly previews: boolean;
  /** Deletes and replacements at the most: a number, or a share of what is managed (`10%`). */
  readonly maxDeletes?: number | string;
  /** Milliseconds before the first retry of a call. Not set by the configuration file. */
  readonly retryDelay?: number;
  /** Milliseconds before a job is asked about for the first time. Not set by the configuration file. */
  readonly jobInterval?: number;
  /** Makes keys of passphrases, slowly. Not set by the configuration file. */
  readonly derive?: (text: string, salt: Buffer) => Promise<Buffer>;
  /** Caches of this user, outside of any work tree. Not set by the configuration file. */
  readonly userCache?: () => Promise<UserCache>;
  /** Sees every attempt of a call. Not set by the configuration file. */
  readonly onAttempt?: (attempt: Attempt) => void;
}

export interface SettingsOptions {
  readonly cwd: string;
  /** Path of the configuration file, relative to `cwd`. Searched for upwards where absent. */
  readonly config?: string;
  /** One of the configuration file's environments. */
  readonly environmentName?: string;
  /** As `process.env`. */
  readonly environment: Environment;
  /** Values for `${secret:}` alone, before those of the environment. */
  readonly secrets?: Environment;
  /** False: no dotenv file is read; one in a pull request is a stranger's. */
  readonly dotenv?: boolean;
}

const NAME = 'polytomic.config';
const DEFAULT_URL = 'https://app.polytomic.com';
const DEFAULT_MANIFESTS = ['polytomic/**/*.{yaml,yml}'];

const fail = (diagnostic: Omit<Diagnostic, 'severity'>): DiagnosticError =>
  new DiagnosticError([{ severity: 'error', ...diagnostic }]);

/** What a configuration file may end in: data, never code, since a pull request may bring its own. */
const ENDINGS: readonly string[] = ['.yaml', '.yml', '.json'];

/** What it is called where nobody says another name. */
export const configNames: readonly string[] = ENDINGS.map((ending) => `${NAME}${ending}`);

/**
 * The library's search without its front door: `cosmiconfig()` first reads a configuration of its own
 * (`.config/config.js`, `package.json`) out of the working folder with loaders that run code, in every version
 * from 8 on, and lets it name further files. This class has all of its options from here, and no loader but one
 * that returns the text.
 */
const createExplorer = (): Explorer =>
  new Explorer({
    moduleName: 'polytomic',
    searchPlaces: [...configNames],
    loaders: { default: (_file, content) => ({ content }) },
    transform: (found) => found,
    searchStrategy: 'global',
    ignoreEmptySearchPlaces: true,
    cache: false,
  });

const unreadable = (
  config: string,
  why: string,
  hint = 'check the path that --config gives',
): DiagnosticError =>
  fail({ code: 'unreadable-config', message: `the configuration file ${config} cannot be read${why}`, hint });

const find = async ({
  cwd,
  config,
}: Pick<SettingsOptions, 'cwd' | 'config'>): Promise<
  { readonly file: string; readonly text: string } | undefined
> => {
  if (config !== undefined && !ENDINGS.includes(path.extname(config).toLowerCase()))
    throw unreadable(
      config,
      ': it is neither YAML nor JSON',
      `give it one of the endings ${ENDINGS.join(', ')}`,
    );
  const explorer = createExplorer();
  try {
    const found =
      config === undefined ? await explorer.search(cwd) : await explorer.load(path.resolve(cwd, config));
    // The library looks last among the user's own settings, under other names; and of a package it takes a part.
    if (found === null || (config === undefined && !path.basename(found.filepath).startsWith(`${NAME}.`))) {
      if (config === undefined) return undefined;
      throw unreadable(
        config,
        ': a package has no configuration of this tool',
        'write it into a file of its own',
      );
    }
    if ((await lstat(found.filepath)).isSymbolicLink())
      throw unreadable(path.basename(found.filepath), ': it is a link', 'put the file itself here');
    return {
      file: found.filepath,
      text: found.isEmpty === true ? '' : (found.config as { content: string }).content,
    };
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw unreadable(config ?? NAME, reason);
  }
};

/** The names of the configuration file's environments, in its order. Throws `DiagnosticError`. */
export const listEnvironments = async (
  options: Pick<SettingsOptions, 'cwd' | 'config'>,
): Promise<readonly string[]> => {
  const found = await find(options);
  const config = found === undefined ? {} : parseConfig(path.basename(found.file), found.text);
  return Object.keys(config.environments ?? {});
};

/** What a configuration file's text lists under `allowSecrets`, `rules` and `owners`; nothing where it is none. */
export const trustedIn = (
  file: string,
  text: string,
): Pick<Settings, 'allowSecrets' | 'rules' | 'owners'> => {
  try {
    const { allowSecrets = [], rules = [], owners = [] } = parseConfig(file, text);
    return { allowSecrets, rules, owners };
  } catch (error) {
    if (error instanceof DiagnosticError) return { allowSecrets: [], rules: [], owners: [] };
    throw error;
  }
};

/** Reads the configuration file and the environment. Throws `DiagnosticError` with all that is wrong. */
export const loadSettings = async (options: SettingsOptions): Promise<Settings> => {
  const folder = await stat(options.cwd).catch(() => undefined);
  if (folder?.isDirectory() !== true)
    throw fail({
      code: 'no-folder',
      message: `there is no folder ${options.cwd}`,
      hint: 'check the path that --chdir gives',
    });
  const found = await find(options);
  const root = found === undefined ? options.cwd : path.dirname(found.file);
  const config = found === undefined ? {} : parseConfig(path.basename(found.file), found.text);
  const { environmentName: name } = options;
  const environments = config.environments ?? {};
  if (name !== undefined && !Object.hasOwn(environments, name))
    throw fail({
      code: 'unknown-environment',
      message: `the configuration file has no environment "${name}"`,
      hint: didYouMean(name, Object.keys(environments)) ?? 'add it under environments',
    });
  const chosen = name === undefined ? {} : (environments[name] ?? {});
  const dotenv = options.dotenv === false ? {} : await readDotenv(root, chosen.envFile ?? config.envFile);
  const environment = { ...dotenv, ...options.environment };
  const { url, apiKey, stateKey } = destination(options.environment, dotenv, chosen.url ?? config.url);
  return {
    root,
    ...(found === undefined ? {} : { configFile: found.file }),
    ...(name === undefined ? {} : { environmentName: name }),
    manifests: chosen.manifests ?? config.manifests ?? DEFAULT_MANIFESTS,
    overlays: chosen.overlays ?? [],
    allOverlays: Object.values(environments).flatMap((each) => each?.overlays ?? []),
    variables: { ...config.variables, ...chosen.variables } as Record<string, Json>,
    environment,
    processEnvironment: options.environment,
    proxyEnvironment: keysIn(options.environment).length > 0 ? options.environment : environment,
    rules: config.rules ?? [],
    environments: Object.keys(environments),
    allowSecrets: config.allowSecrets ?? [],
    owners: config.owners ?? [],
    secrets: options.secrets ?? {},
    url,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(stateKey === undefined ? {} : { stateKey }),
    version: config.version ?? DEFAULT_VERSION,
    concurrency: config.concurrency ?? 8,
    timeout: (config.timeout ?? 60) * 1000,
    ...(config.ca === undefined ? {} : { ca: await readCa(root, config.ca) }),
    state: config.state ?? 'file',
    stateRemote: config.stateRemote ?? 'origin',
    ...pinned(chosen.organization ?? config.organization),
    prune: config.prune ?? 'managed',
    previews: config.previews ?? true,
    ...(config.maxDeletes === undefined ? {} : { maxDeletes: config.maxDeletes }),
  };
};

const pinned = (organization: string | undefined): Pick<Settings, 'organization'> =>
  organization === undefined ? {} : { organization };

const parseConfig = (file: string, text: string): Config => {
  if (text.trim() === '') return {};
  const { documents, diagnostics } = parseFile(file, text);
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
  const value = documents[0]?.value;
  const locate = createLocate(() => text);
  const schema = checkSchema('Config', (value ?? null) as Json);
  const problems =
    schema.length > 0
      ? schema
      : checkOwners((value as Config).owners ?? []).map((each) => ({ ...each, at: 'value' as const }));
  if (problems.length > 0)
    throw new DiagnosticError(
      problems.map(({ pointer, at, ...problem }) => ({
        severity: 'error',
        ...problem,
        place: locate(file, 0, pointerSegments(pointer), at).place,
      })),
    );
  return value as Config;
};

const inside = async (root: string, file: string, what: string): Promise<string> => {
  const absolute = path.resolve(root, file);
  const real = await realpath(absolute).catch(() => absolute);
  const relative = path.relative(await realpath(root), real);
  if (!relative.startsWith('..') && !path.isAbsolute(relative)) return absolute;
  throw fail({
    code: 'outside-repository',
    message: `${what} ${file} leads out of the folder of the configuration file`,
    hint: 'put the file beside the configuration file',
  });
};

const readDotenv = async (root: string, file: string | undefined): Promise<Environment> => {
  const absolute = await inside(root, file ?? '.env', 'envFile');
  try {
    return parseEnv(await readFile(absolute, 'utf8'));
  } catch {
    // The default one need not exist, and an environment's may exist on one machine only.
    return {};
  }
};

const readCa = async (root: string, file: string): Promise<string> => {
  try {
    return await readFile(await inside(root, file, 'ca'), 'utf8');
  } catch (error) {
    if (error instanceof DiagnosticError) throw error;
    throw fail({
      code: 'unreadable-ca',
      message: `the certificate file ${file} cannot be read`,
      hint: 'ca in the configuration file is the path of a PEM file',
    });
  }
};

/** Whose key it may be, by the names that Polytomic's own tools have: of one organization, or of all that one looks after. */
const KEYS = ['POLYTOMIC_API_KEY', 'POLYTOMIC_PARTNER_KEY', 'POLYTOMIC_DEPLOYMENT_KEY'] as const;

/** The keys that an environment has a value for. */
const keysIn = (environment: Environment): readonly string[] =>
  KEYS.filter((name) => environment[name] !== undefined && environment[name] !== '');

const isOwnHost = (url: URL): boolean =>
  (url.protocol === 'https:' &&
    (url.hostname === 'polytomic.com' || url.hostname.endsWith('.polytomic.com'))) ||
  ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);

const parseUrl = (text: string): URL => {
  try {
    return new URL(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`);
  } catch {
    throw fail({
      code: 'bad-url',
      message: `the url ${JSON.stringify(text)} is none`,
      hint: 'write https://HOST',
    });
  }
};

/**
 * Where the key goes to. The key and the address come from the same place: a configuration file, which a
 * pull request may change, cannot send the key of the environment to a host of its own. Nor can a dotenv file say
 * what the state of such a run is sealed with.
 */
const destination = (
  real: Environment,
  dotenv: Environment,
  configured: string | undefined,
): { readonly url: string; readonly apiKey?: Secret; readonly stateKey?: Secret } => {
  const source = keysIn(real).length > 0 ? real : dotenv;
  const [name, second] = keysIn(source);
  if (name !== undefined && second !== undefined)
    throw fail({
      code: 'several-keys',
      message: `${name} and ${second} are both set, and a run has one key`,
      hint: `unset one of them: ${name} is for one organization where it is POLYTOMIC_API_KEY, the others act in many`,
    });
  const key = name === undefined ? undefined : source[name];
  const stateKey = source['POLYTOMIC_STATE_KEY'];
  const named = source['POLYTOMIC_URL'] ?? real['POLYTOMIC_URL'];
  const url = parseUrl(configured ?? (named === undefined || named === '' ? DEFAULT_URL : named));
  const trusted =
    isOwnHost(url) || (named !== undefined && named !== '' && parseUrl(named).origin === url.origin);
  if (!trusted && key !== undefined)
    throw fail({
      code: 'untrusted-url',
      message: `the configuration file sends the API key to ${url.host}`,
      hint: `set POLYTOMIC_URL=${url.origin} beside ${name ?? ''}, if this is your deployment of Polytomic`,
    });
  return {
    url: url.href.replace(/\/+$/, ''),
    ...(name === undefined || key === undefined ? {} : { apiKey: new Secret(name, key) }),
    ...(stateKey === undefined || stateKey === ''
      ? {}
      : { stateKey: new Secret('POLYTOMIC_STATE_KEY', stateKey) }),
  };
};
