/** What the manifests ask for. */
import type { Address } from '../core/address.js';
import type { Diagnostic, Place } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import type { ValueObject } from '../core/secret.js';
import type { RuleException } from './exception.js';
import type { Move, Removal } from './statements.js';

/** One resource, after overlays, expressions and short forms. */
export interface Resource {
  readonly address: Address;
  readonly kind: string;
  readonly key: string;
  /** The manifest pins the live object by its id. */
  readonly id?: string;
  /** Looked up and never changed. */
  readonly external: boolean;
  /** A plan that would delete or replace it is an error. */
  readonly preventDestroy: boolean;
  /** JSON pointers of fields that stay as they live. */
  readonly ignoreChanges: readonly string[];
  /** Rules that it need not fit; absent where there are none. */
  readonly exceptions?: readonly RuleException[];
  /** Values of the document that were written as one expression each, by JSON pointer. */
  readonly expressions: Readonly<Record<string, string>>;
  /** What it can be selected by; a label without a value has an empty one. */
  readonly labels: Readonly<Record<string, string>>;
  /** In the manifest's terms (references by key), without what is said of the resource itself. */
  readonly document: ValueObject;
  /** The key of the template that makes it. */
  readonly template?: string;
  /** It says something in a form that has a newer one. */
  readonly older?: true;
  /** Where its document begins. */
  readonly place: Place;
}

/** All resources, by address in code unit order. */
export interface Desired {
  readonly resources: readonly Resource[];
  readonly moves: readonly Move[];
  readonly removals: readonly Removal[];
  /** A manifest of a file with the defaults of its folders. */
  readonly fill: (file: string, manifest: JsonObject) => JsonObject;
  /** As `locate`, for a finding: with the instance of a template, or the alias, that it is found through. */
  readonly cite: (
    address: Address,
    pointer: string,
    what?: 'key' | 'value',
  ) => { readonly place: Place } & Pick<Diagnostic, 'related'>;
  /** The place of a value, or of its key, by a JSON pointer into the document of a resource. Default: the key. */
  readonly locate: (address: Address, pointer: string, what?: 'key' | 'value') => Place;
}

const nowhere: Place = { file: '', line: 1, column: 1 };

/** No manifests at all: a beginning. */
export const noManifests: Desired = {
  resources: [],
  moves: [],
  removals: [],
  fill: (_file, manifest) => manifest,
  cite: () => ({ place: nowhere }),
  locate: () => nowhere,
};
