/** What an export finds and would write. */
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import type { Resource } from '../load/desired.js';
import type { LiveObject } from '../live/snapshot.js';
import type { Lookups } from '../plan/resolve.js';
import type { State } from '../state/state.js';
import type { NamedSecret } from './environment-file.js';
import type { Left } from './existing.js';
import type { NotExported, NotSeen } from './others.js';

/** A file that an export writes. */
export interface ExportedFile {
  /** Relative to the folder of the configuration file, with `/`. */
  readonly file: string;
  readonly status: 'added' | 'changed';
  readonly text: string;
  /** What it says now; absent where there is no such file. */
  readonly before?: string;
  /** The resources that it is written for. */
  readonly addresses: readonly Address[];
}

/** A resource that is exported, with its live object: what the state will bind. */
export interface ExportedResource {
  readonly address: Address;
  readonly live: LiveObject;
  readonly status: 'added' | 'changed' | 'same';
  /** Why it is only looked up, for what is added that way. */
  readonly external?: string;
  /** Parts of the manifest still say something else than what lives. */
  readonly partly?: true;
}

/** Resources of a Terraform state, whose names become the keys of what is new. */
export interface KeysFrom {
  /** As somebody named it. */
  readonly file: string;
  /** Those whose objects are exported, under these addresses. */
  readonly found: readonly { readonly address: Address; readonly terraform: string }[];
  /** Those whose objects do not live here, or are of no kind of this version. */
  readonly elsewhere: readonly { readonly terraform: string; readonly id: string }[];
}

export interface Exported {
  readonly organization: { readonly id: string; readonly name: string };
  /** By path. */
  readonly files: readonly ExportedFile[];
  readonly resources: readonly ExportedResource[];
  /** Secrets whose values the API keeps to itself, in manifests that are new. */
  readonly secrets: readonly NamedSecret[];
  /** Differences that stay in manifests, since an overlay or an expression says them. */
  readonly left: readonly Left[];
  /** Manifests whose objects live no more. */
  readonly gone: readonly Resource[];
  /** Live objects without a name: nothing could find them. */
  readonly nameless: readonly LiveObject[];
  /** What no kind of this version covers. Empty where a part was selected. */
  readonly notExported: readonly NotExported[];
  /** What the key may not see. Empty where a part was selected. */
  readonly notSeen: readonly NotSeen[];
  /** Where keys came from a Terraform state. */
  readonly keysFrom?: KeysFrom;
  readonly diagnostics: readonly Diagnostic[];
  /** As it was read, under the addresses of today. */
  readonly state: State;
  /** Ids, keys and names, for what is written into the state. */
  readonly lookups: Lookups;
}
