/** The state: which address is bound to which live object, and what was last applied to it. No secrets. */
import type { Address } from '../core/address.js';
import { byCodeUnit, isJsonObject, sortKeys, type Json, type JsonObject } from '../core/json.js';
import type { Fingerprint } from './fingerprint.js';

export interface Binding {
  readonly kind: string;
  readonly id: string;
  /** The manifest that was last applied, secrets redacted. */
  readonly applied: JsonObject;
  /** By JSON pointer into the document. */
  readonly secrets: Readonly<Record<string, Fingerprint>>;
}

export interface State {
  readonly formatVersion: 1;
  /** Grows by one with each write. */
  readonly serial: number;
  /** Id of the organization; absent before the first apply. */
  readonly organization?: string;
  readonly resources: Readonly<Record<Address, Binding>>;
}

export const emptyState: State = { formatVersion: 1, serial: 0, resources: {} };

/** The state with one binding set, or removed where it is undefined. */
export const withBinding = (state: State, address: Address, binding: Binding | undefined): State => {
  const rest = Object.fromEntries(Object.entries(state.resources).filter(([key]) => key !== address));
  return { ...state, resources: binding === undefined ? rest : { ...rest, [address]: binding } };
};

/** Stable text: keys sorted, one line a value, so that Git shows what changed. */
export const serializeState = (state: State): string =>
  `${JSON.stringify(sortKeys(state as unknown as Json), null, 2)}\n`;

/** A state from its text, or what is wrong with it. */
export const parseState = (text: string): State | { readonly problem: string } => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  if (!isJsonObject(value)) return { problem: 'it is no map' };
  const { formatVersion, serial, organization, resources } = value;
  if (formatVersion !== 1)
    return { problem: `its format version is ${JSON.stringify(formatVersion)}, and this version reads 1` };
  if (typeof serial !== 'number' || !isJsonObject(resources))
    return { problem: 'serial or resources are missing' };
  for (const address of Object.keys(resources).sort(byCodeUnit)) {
    const binding = resources[address];
    if (
      !isJsonObject(binding) ||
      typeof binding['id'] !== 'string' ||
      typeof binding['kind'] !== 'string' ||
      !isJsonObject(binding['applied'])
    )
      return { problem: `the binding of ${address} is not complete` };
  }
  return {
    formatVersion: 1,
    serial,
    ...(typeof organization === 'string' ? { organization } : {}),
    resources: resources as unknown as State['resources'],
  };
};
