/** Live objects that belong to no manifest, and look like one that does: made twice, by whomever. Pure. */
import type { Address } from '../core/address.js';
import { canonicalJson } from '../core/json.js';
import { comparable } from '../kinds/normalise.js';
import { kindOf } from '../kinds/registry.js';
import type { LiveObject } from '../live/snapshot.js';
import type { Match } from './match.js';

export interface Duplicate {
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  /** What it looks like, and the id that this is bound to. */
  readonly of: Address;
  readonly bound: string;
}

/** The same for objects of one kind, name and content; ids, times and secrets do not count. */
const contentOf = ({ kind: name, value }: LiveObject): string => {
  const kind = kindOf(name);
  return `${name} ${canonicalJson(comparable(kind, kind.fromLive(value).document))}`;
};

/** Those of `unmanaged` that have the kind, the name and the content of a managed object. */
export const duplicatesOf = (
  unmanaged: readonly LiveObject[],
  matches: readonly Match[],
): readonly Duplicate[] => {
  const names = new Set(unmanaged.map(({ kind, name }) => `${kind} ${name}`));
  // Contents are made of namesakes alone: of nearly all objects there is one.
  const managed = new Map(
    matches.flatMap(({ resource, live }) =>
      live === undefined || resource.external || !names.has(`${live.kind} ${live.name}`)
        ? []
        : [[contentOf(live), { of: resource.address, bound: live.id }] as const],
    ),
  );
  const namesakes = new Set(
    matches.flatMap(({ live }) => (live === undefined ? [] : [`${live.kind} ${live.name}`])),
  );
  return unmanaged.flatMap((object) => {
    const { kind, name, id } = object;
    const like = namesakes.has(`${kind} ${name}`) ? managed.get(contentOf(object)) : undefined;
    return like === undefined ? [] : [{ kind, name, id, ...like }];
  });
};
