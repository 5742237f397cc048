/** What loading starts from, and a manifest on its way. */
import type { Json, JsonObject } from '../core/json.js';
import type { Step } from './overlay.js';
import type { ParsedDocument } from './parse.js';
import type { UserCache } from './parsed-cache.js';
import type { Made } from './templates/instance.js';

export interface LoadOptions {
  /** Folder of the configuration file; all paths are relative to it. */
  readonly root: string;
  readonly manifests: readonly string[];
  /** Globs of the overlays of the chosen environment. */
  readonly overlays: readonly string[];
  readonly variables: Readonly<Record<string, Json>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values for `${secret:}` alone, before those of the environment. */
  readonly secrets?: Readonly<Record<string, string | undefined>>;
  readonly withoutSecrets?: boolean;
  readonly environmentName?: string;
  /** Where what was parsed before is kept. Default: nowhere. */
  readonly userCache?: () => Promise<UserCache>;
}

/** A manifest on its way: its values, and how to find where each was written. */
export interface Draft {
  readonly document: ParsedDocument;
  readonly value: JsonObject;
  readonly steps: readonly Step[];
  /** The instance of a template that makes it. */
  readonly made?: Made;
}
