// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * Where the manifests are. Default: polytomic/** /*.{yaml,yml}.
 *
 * @minItems 1
 */
export type Globs = [string, ...string[]];
/**
 * Name or id of the organization: the one that the API key must belong to, or, with the key of a partner or of a deployment, the one that is meant.
 */
export type PinnedOrganization = string;
/**
 * Resources of the manifests that this path names, or one of these, as in CODEOWNERS and relative to the configuration file: polytomic/growth/, *.yaml, polytomic/** /ads-*.
 *
 * @minItems 1
 * @maxItems 100
 */
export type Words = string | [string, ...string[]];
/**
 * Resources of this kind, or of one of these.
 *
 * @minItems 1
 * @maxItems 100
 */
export type Words1 = string | [string, ...string[]];
/**
 * Resources with this address, or one of these: sync.ads-*.
 *
 * @minItems 1
 * @maxItems 100
 */
export type Words2 = string | [string, ...string[]];
export type Owner = string;
/**
 * Where the rules are that manifests and plans have to fit. On a pull request those of the base branch count, too.
 *
 * @minItems 1
 */
export type Globs1 = [string, ...string[]];
/**
 * Where the manifests of this environment are, in place of those of all.
 *
 * @minItems 1
 */
export type Globs2 = [string, ...string[]];
/**
 * Where the overlays of this environment are.
 *
 * @minItems 1
 */
export type Globs3 = [string, ...string[]];

/**
 * The configuration file, polytomic.config.yaml.
 */
export interface Config {
  $schema?: string;
  manifests?: Globs;
  /**
   * Base URL of the API, for a deployment of your own. Default: https://app.polytomic.com.
   */
  url?: string;
  /**
   * Version of the API to speak. Default: 2025-09-18.
   */
  version?: '2022-12-12' | '2024-02-08' | '2025-09-18';
  /**
   * How many calls may be under way at once. Default: 8.
   */
  concurrency?: number;
  /**
   * How many seconds one call may take. Default: 60.
   */
  timeout?: number;
  /**
   * A file of further certificate authorities to trust, in PEM.
   */
  ca?: string;
  /**
   * Where the state is kept: a file below .polytomic/state (default), a branch of the repository's remote, or nowhere.
   */
  state?: 'file' | 'git' | 'none';
  /**
   * For state: git, the remote whose branch polytomic-state/ENVIRONMENT holds the state. Default: origin.
   */
  stateRemote?: string;
  organization?: PinnedOrganization;
  /**
   * Where a secret may stand although Polytomic shows the field to everybody who may read the connection: address and JSON pointer, e.g. connection.warehouse/configuration/account. On a pull request what the base branch lists counts.
   */
  allowSecrets?: string[];
  /**
   * Whom resources belong to, as in CODEOWNERS: the last entry that fits counts. On a pull request those of the base branch count.
   *
   * @maxItems 1000
   */
  owners?: Ownership[];
  rules?: Globs1;
  /**
   * What becomes of a live object whose manifest is gone: managed (default) deletes it, never leaves it alone.
   */
  prune?: 'managed' | 'never';
  /**
   * Whether a plan asks sources which columns a changed model would have: its query is run there. Default: true.
   */
  previews?: boolean;
  /**
   * A run that would delete or replace more objects than this stops before it begins: a number, or a share of what is managed, e.g. 10%.
   */
  maxDeletes?: number | string;
  /**
   * A file of NAME=value lines that is not committed, beside the configuration file. Default: .env, where there is one. The environment wins over it.
   */
  envFile?: string;
  variables?: Variables;
  /**
   * What differs between environments, by the name that --env takes.
   */
  environments?: {
    [k: string]: Environment | undefined;
  };
}
/**
 * Whom the resources belong to that fit all of what is said here; nothing said: every resource.
 */
export interface Ownership {
  path?: Words;
  kind?: Words1;
  /**
   * Resources with these labels, as --selector takes them: team=growth,tier.
   */
  selector?: string;
  address?: Words2;
  /**
   * Users and teams of GitHub: @jane, @acme/growth. None: it belongs to nobody.
   *
   * @maxItems 100
   */
  owners?: Owner[];
}
/**
 * Values for ${var:NAME}, in every environment.
 */
export interface Variables {
  [k: string]: unknown | undefined;
}
export interface Environment {
  manifests?: Globs2;
  /**
   * Base URL of the API in this environment.
   */
  url?: string;
  /**
   * The file of NAME=value lines of this environment.
   */
  envFile?: string;
  variables?: Variables1;
  overlays?: Globs3;
  organization?: PinnedOrganization;
}
/**
 * Values for ${var:NAME} in this environment.
 */
export interface Variables1 {
  [k: string]: unknown | undefined;
}
