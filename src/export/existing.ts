/** Manifests that are there already, beside what lives: which of them have to change, and how. Pure. */
import type { Address } from '../core/address.js';
import type { Place } from '../core/diagnostics.js';
import { jsonEqual, type JsonObject } from '../core/json.js';
import { kindOf } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import type { Desired, Resource } from '../load/desired.js';
import { parseFile } from '../load/parse.js';
import { finish } from '../load/resource.js';
import type { LiveObject } from '../live/snapshot.js';
import { diff, type Diff } from '../plan/diff.js';
import { resolveReferences, type Lookups } from '../plan/resolve.js';
import type { State } from '../state/state.js';
import { changesOf, type Unwritten } from './changes.js';
import { documentOf, type ReferTo } from './document.js';
import { editFile } from './edit.js';

/** A manifest and the live object that it stands for. */
export interface Pair {
  readonly resource: Resource;
  readonly live: LiveObject;
}

/** A manifest that a plan would find to differ from what lives. */
export interface Differing extends Pair {
  readonly compared: Diff;
}

const compare = ({ resource, live }: Pair, state: State, lookups: Lookups): Diff => {
  const kind = kindOf(resource.kind);
  return diff({
    kind,
    desired: resolveReferences(kind, resource, lookups).document,
    live: live.value,
    applied: state.resources[resource.address]?.applied,
    keyOf: lookups.keyOf,
    // The API shows none of them.
    secretStatus: () => 'same',
    ignore: resource.ignoreChanges,
  });
};

/** Those of the pairs that differ. */
export const differing = (pairs: readonly Pair[], state: State, lookups: Lookups): readonly Differing[] =>
  pairs.flatMap((pair) => {
    const compared = compare(pair, state, lookups);
    return compared.patch.length === 0 ? [] : [{ ...pair, compared }];
  });

/** A difference that stays in a manifest, and why. */
export interface Left extends Unwritten {
  readonly address: Address;
  readonly place: Place;
}

export interface EditInput {
  /** Manifests of one file. */
  readonly differing: readonly Differing[];
  readonly file: string;
  readonly text: string;
  /** The manifests without overlays; absent where they make sense with them alone. */
  readonly base: Desired | undefined;
  readonly state: State;
  readonly lookups: Lookups;
  readonly referTo: ReferTo;
  readonly settings: Settings;
}

export interface EditedFile {
  readonly text: string;
  /** The resources as the file says them now. */
  readonly resources: readonly Resource[];
  readonly left: readonly Left[];
}

const isOf = (value: unknown, { kind, key }: Resource): value is JsonObject =>
  typeof value === 'object' &&
  value !== null &&
  'kind' in value &&
  value.kind === kind &&
  'key' in value &&
  value.key === key;

/** The file with every difference written into it that a plain value of it says. */
export const editExisting = (input: EditInput): EditedFile => {
  const { file, state, lookups, base, settings } = input;
  let { text } = input;
  const left: Left[] = [];
  const resources: Resource[] = [];
  for (const { resource, live, compared } of input.differing) {
    const { address } = resource;
    const stays = (unwritten: Unwritten): void => {
      left.push({ ...unwritten, address, place: lookups.desired.locate(address, unwritten.pointer) });
    };
    const kind = kindOf(resource.kind);
    const plain = base?.resources.find((candidate) => candidate.address === address);
    // What a template makes stands in no document of its own.
    const document =
      resource.template === undefined
        ? parseFile(file, text).documents.find(({ value }) => isOf(value, resource))
        : undefined;
    if (plain === undefined || document === undefined) {
      stays({ pointer: '', why: resource.template === undefined ? 'overlay' : 'template' });
      continue;
    }
    const own = plain === resource ? compared : compare({ resource: plain, live }, state, lookups);
    const { document: written, whole } = documentOf(kind, live.value, input.referTo, () => 'SECRET');
    const { edits, unwritten } = changesOf({
      kind,
      raw: document.value as JsonObject,
      desired: resolveReferences(kind, plain, lookups).document,
      base: own.after,
      overlaid: compared.after,
      live: own.before,
      written,
      whole,
    });
    const after = editFile(text, document.index, edits);
    const changed = parseFile(file, after).documents.find(({ value }) => isOf(value, resource));
    const finished =
      changed === undefined
        ? undefined
        : finish(
            address,
            {
              document: changed,
              value: lookups.desired.fill(file, changed.value as JsonObject),
              steps: [],
            },
            {
              ...settings,
              withoutSecrets: true,
            },
          );
    if (finished?.resource === undefined) {
      stays({ pointer: '', why: 'elsewhere' });
      continue;
    }
    text = after;
    resources.push(finished.resource);
    unwritten.forEach(stays);
    const rest = compare({ resource: finished.resource, live }, state, lookups);
    // What is still not as it lives, and nobody has said so.
    if (unwritten.length === 0 && plain === resource && !jsonEqual(rest.before, rest.after))
      stays({ pointer: '', why: 'elsewhere' });
  }
  return { text, resources, left };
};
