/** What planning starts from, and what it looks up all along. */
import type { Address } from '../core/address.js';
import type { Caller } from '../kinds/kind.js';
import type { Desired } from '../load/desired.js';
import type { Live, LiveObject } from '../live/snapshot.js';
import type { State } from '../state/state.js';
import type { SecretStatus } from './diff.js';
import type { Selection } from './select.js';

export interface PlanInput {
  readonly desired: Desired;
  readonly live: Live;
  readonly state: State;
  /** Whether bindings outlive the run; without, nothing is adopted or forgotten. */
  readonly durable: boolean;
  readonly organization: { readonly id: string; readonly name: string };
  readonly environment?: string;
  readonly secretStatus: (address: Address, pointer: string) => SecretStatus;
  /** Who the key belongs to; absent where nobody asked. */
  readonly caller?: Caller;
  /** What becomes of bound objects whose manifests are gone. */
  readonly prune: 'managed' | 'never';
  readonly maxDeletes?: number | string;
  readonly selection?: Selection;
}

/** The input with its indexes; `state` has moves applied. */
export interface Context extends PlanInput {
  readonly keyOf: (kind: string, id: string) => string | undefined;
  /** As `keyOf`, and of what was replaced the key of what took its place. */
  readonly keyWas: (kind: string, id: string) => string | undefined;
  /** Ids of the live objects that a reference by name can mean: not of those that are on their way out. */
  readonly findByName: (kind: string, name: string) => readonly string[];
  /** Ids of the live objects that bear a name. */
  readonly bearersOf: (kind: string, name: string) => readonly string[];
  /** Ids of what an address has taken the place of, the first replaced first; it may live no more. */
  readonly deposedOf: (address: Address) => readonly string[];
  readonly liveOf: (kind: string, id: string) => LiveObject | undefined;
  /** Whether the objects of a kind were read: else nobody knows what lives. */
  readonly isRead: (kind: string) => boolean;
  /** The old address of what moved, by the new one. */
  readonly movedFrom: ReadonlyMap<Address, Address>;
}
