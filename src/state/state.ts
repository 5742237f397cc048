/** The state: which address is bound to which live object, and what was last applied to it. No secrets. */
import type { Address } from '../core/address.js';
import {
  byCodeUnit,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
  sortKeys,
} from '../core/json.js';
import type { Fingerprint } from './fingerprint.js';
import { isKeyring, type Keyring } from './keyring.js';

export interface Binding {
  readonly kind: string;
  readonly id: string;
  /** The manifest that was last applied, secrets redacted. */
  readonly applied: JsonObject;
  /** By JSON pointer into the document. */
  readonly secrets: Readonly<Record<string, Fingerprint>>;
  /** `lifecycle.prevent_destroy` of that manifest: it holds when the manifest is gone, too. */
  readonly protected?: true;
  /** `labels` of that manifest: what is deleted can be selected by them. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The file of that manifest, relative to the configuration file: what is deleted still belongs to its owners. */
  readonly file?: string;
  /** `lifecycle.ignore_changes` of that manifest: what is left to others is no drift. */
  readonly ignored?: readonly string[];
  /** `updated_at` after the last write: as long as it is the same, what an answer hides is what was applied. */
  readonly written?: string;
  /** What the object held beyond its manifest when it was last applied, in the form of comparison. */
  readonly silent?: JsonObject;
  /** Objects that it took the place of, and that are still to be deleted. */
  readonly deposed?: readonly string[];
  /** The number of the apply that last sent its manifest. */
  readonly apply?: number;
  /** `updated_at` of the answer to that, where it told. */
  readonly sent?: string;
}

export interface State {
  readonly formatVersion: 3;
  /** Grows by one with each write. */
  readonly serial: number;
  /** The one that it belongs to; absent before the first apply. The name is empty where it is not known. */
  readonly organization?: { readonly id: string; readonly name: string };
  readonly resources: Readonly<Record<Address, Binding>>;
  /** The keys of all fingerprints; absent where there are none. */
  readonly keyring?: Keyring;
  /** The last apply that had something to do. */
  readonly lastApply?: LastApply;
}

export interface LastApply {
  /** Each has the next one; what goes on after a failure has that of the one that failed. */
  readonly number: number;
  /** Not all of it was done: the next apply belongs to it. */
  readonly unfinished?: true;
}

export const emptyState: State = { formatVersion: 3, serial: 0, resources: {} };

/** The state with bindings set, or removed where they are undefined; of one address the last counts. */
export const withBindings = (
  state: State,
  bindings: Iterable<readonly [Address, Binding | undefined]>,
): State => {
  const resources = new Map<string, Binding>(Object.entries(state.resources));
  for (const [address, binding] of bindings) {
    resources.delete(address);
    if (binding !== undefined) resources.set(address, binding);
  }
  return { ...state, resources: Object.fromEntries(resources) };
};

/** As `withBindings`, for one: it copies the whole map, and is not for a loop over thousands. */
export const withBinding = (state: State, address: Address, binding: Binding | undefined): State =>
  withBindings(state, [[address, binding]]);

const textOf = (value: Json): string => JSON.stringify(sortKeys(value), null, 2);

const texts = new WeakMap<Binding, string>();

/** Of a binding at its place. Each write of a run has them all, and hardly one is another than before. */
const bindingText = (binding: Binding): string => {
  const known = texts.get(binding);
  if (known !== undefined) return known;
  const text = textOf(binding as unknown as Json).replaceAll('\n', '\n    ');
  texts.set(binding, text);
  return text;
};

/** Stable text: keys sorted, one line a value, so that Git shows what changed. */
export const serializeState = ({ resources, ...rest }: State): string => {
  const entries = (Object.entries(resources) as [Address, Binding][]).sort(([a], [b]) => byCodeUnit(a, b));
  const all = entries.map(([address, binding]) => `    ${JSON.stringify(address)}: ${bindingText(binding)}`);
  // The rest is small; the one place is where the sorted keys have it.
  return `${textOf({ ...rest, resources: {} } as unknown as Json)}\n`.replace(
    '\n  "resources": {}',
    () => `\n  "resources": ${all.length === 0 ? '{}' : `{\n${all.join(',\n')}\n  }`}`,
  );
};

export interface StateProblem {
  readonly problem: string;
  readonly newer?: true;
}

/** Brings a state of an older format to the one after it; the index is the format that it comes from. */
const migrations: Readonly<Record<number, (state: JsonObject) => JsonObject>> = {
  // Format 1 knew the organization by its id alone.
  1: ({ organization, ...rest }) => ({
    ...rest,
    formatVersion: 2,
    ...(typeof organization === 'string' ? { organization: { id: organization, name: '' } } : {}),
  }),
  // Fingerprints of format 2 had no keys; they are compared as they are, until the next apply makes others.
  2: (state) => ({ ...state, formatVersion: 3 }),
};

const migrated = (state: JsonObject): JsonObject => {
  const migrate = typeof state['formatVersion'] === 'number' ? migrations[state['formatVersion']] : undefined;
  return migrate === undefined ? state : migrated(migrate(state));
};

const isFingerprint = (value: Json): boolean =>
  isJsonObject(value) &&
  (['salt', 'hash'].every((name) => typeof value[name] === 'string') ||
    ['key', 'nonce', 'mac'].every((name) => typeof value[name] === 'string'));

const isBinding = (value: Json | undefined): boolean =>
  isJsonObject(value) &&
  typeof value['id'] === 'string' &&
  typeof value['kind'] === 'string' &&
  isJsonObject(value['applied']) &&
  isJsonObject(value['secrets']) &&
  Object.values(value['secrets']).every(isFingerprint) &&
  (value['labels'] === undefined || isJsonObject(value['labels'])) &&
  (value['file'] === undefined || typeof value['file'] === 'string') &&
  (value['ignored'] === undefined || isJsonArray(value['ignored'])) &&
  (value['silent'] === undefined || isJsonObject(value['silent'])) &&
  (value['apply'] === undefined || typeof value['apply'] === 'number') &&
  (value['sent'] === undefined || typeof value['sent'] === 'string');

/** A state from its text, migrated where it is older, or what is wrong with it. */
export const parseState = (text: string): State | StateProblem => {
  let parsed: unknown;
  try {
    parsed = parseJson(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  if (!isJsonObject(parsed)) return { problem: 'it is no map' };
  const value = migrated(parsed);
  const { formatVersion, serial, organization, resources, keyring, lastApply: last } = value;
  if (typeof formatVersion === 'number' && formatVersion > 3)
    return { problem: `its format version is ${formatVersion}, and this version reads 3`, newer: true };
  if (formatVersion !== 3) return { problem: `its format version is ${JSON.stringify(formatVersion)}` };
  if (typeof serial !== 'number' || !isJsonObject(resources))
    return { problem: 'serial or resources are missing' };
  if (organization !== undefined && !(isJsonObject(organization) && typeof organization['id'] === 'string'))
    return { problem: 'the organization has no id' };
  if (keyring !== undefined && !isKeyring(keyring)) return { problem: 'the keyring is not complete' };
  if (last !== undefined && !(isJsonObject(last) && typeof last['number'] === 'number'))
    return { problem: 'the last apply has no number' };
  const broken = Object.keys(resources)
    .sort(byCodeUnit)
    .find((address) => !isBinding(resources[address]));
  if (broken !== undefined) return { problem: `the binding of ${broken} is not complete` };
  return value as unknown as State;
};
