/** What the manifests ask for. */
import type { Address } from '../core/address.js';
import type { Place } from '../core/diagnostics.js';
import type { ValueObject } from '../core/secret.js';

/** One resource, after overlays, expressions and short forms. */
export interface Resource {
  readonly address: Address;
  readonly kind: string;
  readonly key: string;
  /** The manifest pins the live object by its id. */
  readonly id?: string;
  /** Looked up and never changed. */
  readonly external: boolean;
  /** In the manifest's terms (references by key), without `kind`, `key`, `id` and `external`. */
  readonly document: ValueObject;
  /** Where its document begins. */
  readonly place: Place;
}

/** All resources, by address in code unit order. */
export interface Desired {
  readonly resources: readonly Resource[];
  /** The place of a value, by a JSON pointer into the document of a resource. */
  readonly locate: (address: Address, pointer: string) => Place;
}
