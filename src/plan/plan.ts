/** Plans: what an apply would do, as stable data. */
import type { Address } from '../core/address.js';
import type { Place } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import type { ValueObject } from '../core/secret.js';
import type { Duplicate } from './duplicates.js';

export type Action = 'create' | 'update' | 'replace' | 'delete' | 'adopt' | 'move' | 'forget';

/** Who made a difference: the manifest, somebody outside since the last apply, or both. */
export type Cause = 'manifest' | 'outside' | 'both';

/** Columns by name, before a change and after it. */
export interface Columns {
  readonly added: readonly { readonly name: string; readonly type: string }[];
  readonly removed: readonly { readonly name: string; readonly type: string }[];
  readonly changed: readonly { readonly name: string; readonly before: string; readonly after: string }[];
  /** Why they are not known: nothing was asked, or nothing answered. */
  readonly unknown?: string;
}

export interface Change {
  readonly address: Address;
  /** The address; with ` (old)` or ` (name)` behind it for what completes a replacement. */
  readonly step: string;
  readonly kind: string;
  /** What Polytomic shows. */
  readonly name: string;
  readonly action: Action;
  /** Id of the live object, where there is one. */
  readonly id?: string;
  /** Id of the object that it takes the place of, where an earlier run made it for that. */
  readonly deposes?: string;
  /** It refers to something that is replaced: the object itself is written, whatever differs. */
  readonly repoints?: true;
  /** The address that its object was bound to. */
  readonly from?: Address;
  /** RFC 6902, from `before` to `after`. */
  readonly patch: readonly JsonObject[];
  /** In the form of comparison: references by key, secrets masked, lists without order as maps by their key. */
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** By JSON pointer of each value that differs; empty where nothing was applied before. */
  readonly causes: Readonly<Record<string, Cause>>;
  /** Secrets whose value cannot be compared with the live one. */
  readonly unknownSecrets: readonly string[];
  /** Hidden values that are left to others, and are sent as they were last applied: an update replaces the whole. */
  readonly carried?: readonly string[];
  readonly reasons: readonly string[];
  /** What it does to the data, in sentences; absent where there is nothing to say. */
  readonly effects?: readonly string[];
  /** What it does to the columns, where they were asked for; no part of what the plan does. */
  readonly columns?: Columns;
  /** Labels of its manifest, or of the last one where it is gone; absent where there are none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Users and teams whom it belongs to; absent where nobody owns it. */
  readonly owners?: readonly string[];
  readonly place?: Place;
  /** Steps that come first. */
  readonly waitsFor: readonly string[];
}

/** A change without what is only told to people: what it would do, and nothing else. */
export const workOf = ({
  place: _place,
  reasons: _reasons,
  causes: _causes,
  effects: _effects,
  columns: _columns,
  labels: _labels,
  owners: _owners,
  ...work
}: Change): JsonObject => work;

/** One change for each address: its own step, or the first of those that complete what an earlier run began. */
export const mainSteps = <T extends { readonly address: string; readonly step: string }>(
  changes: readonly T[],
): readonly T[] => {
  const own = new Set<string>(changes.flatMap(({ step, address }) => (step === address ? [address] : [])));
  const first = new Map<string, T>();
  for (const change of changes) if (!first.has(change.address)) first.set(change.address, change);
  return changes.filter((change) =>
    own.has(change.address) ? change.step === change.address : first.get(change.address) === change,
  );
};

export interface Plan {
  readonly formatVersion: 1;
  readonly organization: { readonly id: string; readonly name: string };
  readonly environment: string | null;
  /** In an order in which they can be done one after the other. */
  readonly changes: readonly Change[];
  /** Managed resources that are as the manifests say. */
  readonly unchanged: number;
  /** What is bound, has no manifest any more, and is left alone all the same. */
  readonly retained: readonly Address[];
  /** Changes that the selection leaves out. */
  readonly excluded: number;
  /** `2/5` where this is the part of one of several runs. */
  readonly shard?: string;
  /** Live objects that belong to no manifest, by kind. */
  readonly unmanaged: Readonly<Record<string, number>>;
  /** Those among them that look like a managed one; absent where there are none. */
  readonly duplicates?: readonly Duplicate[];
  /** `sha256:…` over all that an apply would do; times, places and reasons do not count. */
  readonly digest: string;
}

/** What an apply needs besides the plan, and no plan shows: documents with their secrets. */
export interface Work {
  /** Whole documents to send by step, references by key or `{id}`. */
  readonly documents: ReadonlyMap<string, ValueObject>;
  /** Manifests with the ids of what they refer to by name: what is remembered of them. */
  readonly resolved: ReadonlyMap<Address, ValueObject>;
  /** Ids of all that is bound, what is only looked up included. */
  readonly ids: ReadonlyMap<Address, string>;
  /** Ids of every live object that the plan knew. */
  readonly known: ReadonlySet<string>;
  /** Live objects that the plan compared, by id, as the API answered. */
  readonly seen: ReadonlyMap<string, JsonObject>;
}
