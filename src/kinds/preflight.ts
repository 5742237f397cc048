/** What a kind checks against what lives, and what it may ask for that: reading, and nothing else. */
import type { BulkDestination, BulkSource } from '../api/bulk.js';
import type { Capabilities } from '../api/connection-types.js';
import type { Chosen, Levels, SourceField, Target, TargetObjects } from '../api/enumeration.js';
import type { Dialect } from '../api/dialect.js';
import { byCodeUnit, type JsonObject } from '../core/json.js';
import type { Value, ValueObject } from '../core/secret.js';
import { didYouMean } from '../core/suggest.js';
import type { Finding } from './finding.js';
import type { Column } from './preview.js';

/** A resource that is referred to: as it lives, as the manifests want it, or both. */
export interface Neighbour {
  /** As the API answered. */
  readonly live?: JsonObject;
  /** The whole document that this repository wants; absent where it manages no such resource. */
  readonly desired?: ValueObject;
  /** The columns that a preview says it will have once the plan is applied. */
  readonly previewed?: readonly Column[];
}

/**
 * What can be known beyond a document. `undefined` is 'not known': not live yet, about to change, or not answered
 * (which is reported once). References are as documents hold them.
 */
export interface Outlook {
  readonly neighbour: (kind: string, reference: Value | undefined) => Neighbour | undefined;
  /** Findings of a type's JSON Schema, with pointers below `/configuration`. */
  readonly configuration: (
    type: string,
    configuration: ValueObject,
  ) => Promise<ConfigurationFacts | 'no-type' | undefined>;
  readonly capabilities: (connection: Value | undefined) => Promise<Capabilities | undefined>;
  readonly source: (connection: Value | undefined, chosen: Chosen) => Promise<Levels | undefined>;
  readonly sourceFields: (
    connection: Value | undefined,
    chosen: Chosen,
  ) => Promise<readonly SourceField[] | undefined>;
  readonly target: (
    connection: Value | undefined,
    object: string,
    refresh?: boolean,
  ) => Promise<Target | 'missing' | undefined>;
  readonly targetObjects: (connection: Value | undefined) => Promise<TargetObjects | undefined>;
  /** Where the schemas are not cached yet they are waited for: `early` when that takes too long. */
  readonly bulkSource: (
    connection: Value | undefined,
    withFields: boolean,
  ) => Promise<BulkSource | 'early' | Refused | undefined>;
  readonly bulkDestination: (connection: Value | undefined) => Promise<BulkDestination | Refused | undefined>;
  /** What the version that is spoken can be told of bulk syncs. */
  readonly bulk: Dialect['bulk'];
  /** In which forms the version that is spoken has identities and filters of syncs. */
  readonly syncForms: Dialect['syncForms'];
  readonly idOf: (kind: string, reference: Value | undefined) => string | undefined;
  /** The columns that a preview says the one who asks will have once the plan is applied. */
  readonly previewed: () => readonly Column[] | undefined;
  /** Whole documents of what this repository has before it, by `Kind.after`. */
  readonly first: () => readonly ValueObject[];
}

/** Why a connection is no end of a bulk sync, in the API's words. */
export interface Refused {
  readonly refused: string;
}

/** What a type's schema says of a configuration. */
export interface ConfigurationFacts {
  readonly findings: readonly Finding[];
  readonly properties: readonly string[];
  readonly readOnly: readonly string[];
  readonly secret: readonly string[];
  /** Pointers of parts of the schema that nobody has seen yet. */
  readonly strange: readonly string[];
}

export interface Preflight {
  /** `document` is whole, `own` what the manifest says of it. */
  readonly check: (
    document: ValueObject,
    outlook: Outlook,
    live: JsonObject | undefined,
    own: ValueObject,
  ) => Promise<readonly Finding[]>;
  /** A change of this field changes what the API would answer: until it is applied, nothing is known. */
  readonly reaches?: string;
  /** Whether what refers to it has to be checked again when it changes. */
  readonly shapes: boolean;
}

/** For kinds of which everything is told by their documents. */
export const noPreflight: Preflight = { check: async () => Promise.resolve([]), shapes: false };

/** A finding as the checks write it. */
export const finding = (
  severity: Finding['severity'],
  code: string,
  pointer: string,
  message: string,
  hint?: string,
): Finding => ({ severity, code, pointer, message, ...(hint === undefined ? {} : { hint }) });

/** A name that is none of those there are, with the nearest of them. */
export const unknownName = (
  severity: Finding['severity'],
  code: string,
  pointer: string,
  message: string,
  name: string,
  candidates: readonly string[],
): Finding =>
  // The API answers fields in any order.
  finding(severity, code, pointer, message, didYouMean(name, [...candidates].sort(byCodeUnit)));
