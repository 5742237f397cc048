/** Rules: what they are about, what they require, and what came of them. */
import type { Address } from '../core/address.js';
import type { Diagnostic, Place } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import type { Action } from '../plan/plan.js';
import type { Schema } from '../load/json-schema/schema.js';

/** What a rule is about; a list that is empty is about everything. */
export interface Match {
  readonly kinds: readonly string[];
  readonly labels: readonly { readonly name: string; readonly value?: string }[];
  readonly environments: readonly string[];
  readonly folders: readonly string[];
  readonly actions: readonly Action[];
}

/** What a plan may count of; `changes` are all of them. */
export const counted = {
  changes: undefined,
  creates: 'create',
  updates: 'update',
  replaces: 'replace',
  deletes: 'delete',
  adopts: 'adopt',
  moves: 'move',
  forgets: 'forget',
} as const satisfies Readonly<Record<string, Action | undefined>>;

export type Counted = keyof typeof counted;

export type Requirement =
  | { readonly is: 'resource'; readonly schema: Schema }
  | { readonly is: 'change'; readonly schema: Schema }
  | { readonly is: 'plan'; readonly most: Readonly<Partial<Record<Counted, number>>> }
  | { readonly is: 'approval'; readonly label?: string; readonly owners: boolean }
  | { readonly is: 'obfuscated'; readonly columns: readonly string[]; readonly label?: string };

export interface Rule {
  readonly name: string;
  readonly description?: string;
  readonly match: Match;
  readonly requires: Requirement;
  readonly message?: string;
  readonly severity: Diagnostic['severity'];
  readonly link?: string;
  /** The last day on which it counts, as `2027-01-31`. */
  readonly until?: string;
  /** It counts because the base branch has it: the proposal has another one of this name, or none. */
  readonly base?: true;
  /** Of its name; of a rule of the base branch in the file as it is there. */
  readonly place: Place;
  /** As it was written. */
  readonly document: JsonObject;
}

/** A finding that an exception took away. */
export interface Excepted {
  readonly rule: string;
  readonly address: Address;
  /** What the finding said. */
  readonly message: string;
  readonly reason: string;
  readonly until?: string;
  /** Of the exception. */
  readonly place?: Place;
}

/** A rule that a proposal brings, takes away, or writes in another way. */
export interface RuleChange {
  readonly name: string;
  readonly was: 'added' | 'removed' | 'changed';
}

/** What came of rules. */
export interface Ruled {
  readonly findings: readonly Diagnostic[];
  /** Those because of which nothing may be applied: also what a plan only warns of, since nobody could approve it. */
  readonly stops: readonly Diagnostic[];
  readonly excepted: readonly Excepted[];
}

/** What reports tell of rules beside findings. */
export interface RuleReport {
  readonly excepted: readonly Excepted[];
  /** What a proposal does to the rules of its base branch. */
  readonly changes: readonly RuleChange[];
}

/** Findings that stop an apply by themselves. */
export const stopping = (findings: readonly Diagnostic[]): readonly Diagnostic[] =>
  findings.filter(({ severity }) => severity === 'error');
