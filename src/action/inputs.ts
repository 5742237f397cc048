/** What the workflow says to the Action. */
import { getBooleanInput, getInput } from '@actions/core';
import { DiagnosticError } from '../core/diagnostics.js';
import { isJsonObject, type Json } from '../core/json.js';
import { Secret } from '../core/secret.js';
import { didYouMean } from '../core/suggest.js';
import { printable } from '../core/text.js';
import { parseShard, type Shard } from '../core/shard.js';

export const commands = ['plan', 'check', 'apply', 'drift', 'status', 'export', 'validate'] as const;
export type CommandName = (typeof commands)[number];

export interface Inputs {
  readonly command: CommandName | 'auto';
  readonly apiKey: Secret | undefined;
  /** Seals what the state holds of secrets, in place of the API key. */
  readonly stateKey: Secret | undefined;
  readonly apiUrl: string;
  readonly apiVersion: string;
  /** One or several environments of the configuration file; one empty name for none. */
  readonly environments: readonly string[];
  /** Relative to the repository. */
  readonly directory: string;
  readonly config: string;
  readonly state: 'git' | 'file' | 'none';
  /** The part of one of several runners; undefined for the whole. */
  readonly shard: Shard | undefined;
  readonly requireApprovedPlan: boolean;
  readonly allowDeletes: boolean;
  readonly maxDeletes: number | string | undefined;
  readonly comment: boolean;
  readonly token: Secret | undefined;
  /** Reads who belongs to a team, which the token of a workflow may not. */
  readonly ownersToken: Secret | undefined;
  /** `strict`: also where something was changed that no manifest speaks of. */
  readonly failOnDrift: 'true' | 'false' | 'strict';
  readonly failOnFailingSyncs: boolean;
  /** What is run after an apply. */
  readonly run: 'none' | 'changed';
  /** Minutes that those runs are waited for. */
  readonly runTimeout: number;
  /** Values for `${secret:}`. */
  readonly secrets: Readonly<Record<string, string>>;
}

const fail = (name: string, message: string, hint: string): DiagnosticError =>
  new DiagnosticError([
    { severity: 'error', code: 'bad-input', message: `the input ${name} ${message}`, hint },
  ]);

const choice = <T extends string>(name: string, choices: readonly T[]): T => {
  const value = getInput(name);
  const found = choices.find((each) => each === value);
  if (found !== undefined) return found;
  throw fail(name, `is "${printable(value)}"`, didYouMean(value, choices) ?? `one of: ${choices.join(', ')}`);
};

const flag = (name: string): boolean => {
  try {
    return getBooleanInput(name);
  } catch {
    throw fail(name, `is "${printable(getInput(name))}"`, 'write true or false');
  }
};

const limit = (name: string): number | string | undefined => {
  const value = getInput(name);
  if (value === '') return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  if (/^(100|\d{1,2})%$/.test(value)) return value;
  throw fail(name, `is "${printable(value)}"`, 'write a number, or a share such as 10%');
};

/** A week: no job of GitHub is longer. */
const LONGEST_WAIT = 10_080;

const minutes = (name: string): number => {
  const value = getInput(name);
  if (/^\d{1,5}$/.test(value) && Number(value) <= LONGEST_WAIT) return Number(value);
  throw fail(name, `is "${printable(value)}"`, 'write minutes, such as 60');
};

const shardIn = (name: string): Shard | undefined => {
  const value = getInput(name);
  if (value === '') return undefined;
  const shard = parseShard(value);
  if (shard === undefined)
    throw fail(name, `is "${printable(value)}"`, 'write the part and the number of parts, such as 2/5');
  return shard.count === 1 ? undefined : shard;
};

/** Keys of the runner and of Polytomic itself: no manifest has a use for them, and none gets them. */
const withheld = /^(github_token|polytomic_(api|partner|deployment|state)_key)$/i;

const secretsIn = (
  name: string,
  /** Tokens that were handed over under names of the workflow's own. */
  tokens: readonly (Secret | undefined)[],
): Readonly<Record<string, string>> => {
  const text = getInput(name);
  if (text === '') return {};
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw fail(name, 'is not JSON', 'write ${{ toJSON(secrets) }}');
  }
  // `toJSON` of nothing is null.
  if (value === null) return {};
  if (!isJsonObject(value)) throw fail(name, 'is no JSON object', 'write ${{ toJSON(secrets) }}');
  const known = new Set(tokens.flatMap((token) => token?.reveal() ?? []));
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, secret]) =>
      typeof secret === 'string' && !withheld.test(key) && !known.has(secret) ? [[key, secret]] : [],
    ),
  );
};

const secret = (name: string): Secret | undefined => {
  const value = getInput(name);
  return value === '' ? undefined : new Secret(name, value);
};

/** Reads the inputs as the runner hands them over. Throws `DiagnosticError`. */
export const readInputs = (): Inputs => ({
  command: choice('command', ['auto', ...commands]),
  apiKey: secret('api-key'),
  stateKey: secret('state-key'),
  apiUrl: getInput('api-url'),
  apiVersion: getInput('api-version'),
  environments: getInput('environment')
    .split(',')
    .map((name) => name.trim()),
  directory: getInput('working-directory'),
  config: getInput('config'),
  state: choice('state', ['git', 'file', 'none']),
  shard: shardIn('shard'),
  requireApprovedPlan: flag('require-approved-plan'),
  allowDeletes: flag('allow-deletes'),
  maxDeletes: limit('max-deletes'),
  comment: flag('comment'),
  token: secret('github-token'),
  ownersToken: secret('owners-token'),
  failOnDrift: getInput('fail-on-drift') === 'strict' ? 'strict' : flag('fail-on-drift') ? 'true' : 'false',
  failOnFailingSyncs: flag('fail-on-failing-syncs'),
  run: choice('run', ['none', 'changed']),
  runTimeout: minutes('run-timeout'),
  secrets: secretsIn('secrets', [secret('owners-token')]),
});
