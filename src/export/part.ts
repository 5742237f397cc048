/** Which live objects are exported, what they are called, and how others refer to them. Pure. */
import { keyIn, type Address } from '../core/address.js';
import { connection } from '../kinds/connection.js';
import { keyName } from '../kinds/identity.js';
import { kindOf } from '../kinds/registry.js';
import type { Desired } from '../load/desired.js';
import { accountOf, type Live, type LiveObject } from '../live/snapshot.js';
import type { Lookups } from '../plan/resolve.js';
import type { State } from '../state/state.js';
import { contentOf, type ReferTo } from './document.js';
import type { Pair } from './existing.js';
import { connectionIdsOf, isNamed } from './fresh.js';
import { assignKeys } from './keys.js';
import type { createSelect } from './select.js';

export interface Part {
  readonly takes: (object: LiveObject) => boolean;
  /** Selected, and without a manifest. */
  readonly fresh: readonly LiveObject[];
  readonly keys: ReadonlyMap<string, string>;
  readonly nameless: readonly LiveObject[];
}

/** Whether nobody would write a manifest of it: Polytomic keeps it itself, or it says nothing. */
const isNobodys = ({ kind: name, value }: LiveObject): boolean => {
  const kind = kindOf(name);
  return kind.isSystem?.(value) === true || kind.isUnset?.(value) === true;
};

/** Whether it belongs to the account of a partner, and not into a repository of this organization. */
const isOfAccount = ({ kind, id }: LiveObject, live: Live, organization: string): boolean =>
  kindOf(kind).ofAccount === true && (id === organization || accountOf(live) !== organization);

/** What is selected, and the keys of what is new. `wanted`: the keys that some of it should have, by `KIND ID`. */
export const parted = (
  { resources, moves, removals }: Desired,
  live: Live,
  state: State,
  pairs: readonly Pair[],
  select: ReturnType<typeof createSelect>,
  /** Id of the organization that is exported. */
  organization: string,
  wanted: ReadonlyMap<string, { readonly key: string }> = new Map(),
): Part => {
  const alive = new Map(live.objects.map((object) => [`${object.kind} ${object.id}`, object]));
  const find = (kind: string, id: string): LiveObject | undefined => alive.get(`${kind} ${id}`);
  const nameOf = (kind: string, id: string): string => find(kind, id)?.name ?? id;
  const keyOfPair = new Map(pairs.map(({ resource, live: { kind, id } }) => [`${kind} ${id}`, resource.key]));
  const takes = (object: LiveObject): boolean => {
    const { kind, id, name } = object;
    const connections = (): readonly string[] =>
      (kind === connection.name ? [id] : connectionIdsOf(object, find)).flatMap((each) => [
        each,
        nameOf(connection.name, each),
        keyOfPair.get(`${connection.name} ${each}`) ?? '',
      ]);
    return select({ kind, id, name, connections });
  };
  // What a document says will leave has no manifest on purpose.
  const leaving = new Set(removals.map(({ from }) => state.resources[from]?.id));
  const without = live.objects.filter(
    (object) =>
      !keyOfPair.has(`${object.kind} ${object.id}`) &&
      !leaving.has(object.id) &&
      !isNobodys(object) &&
      !isOfAccount(object, live, organization) &&
      takes(object),
  );
  const fresh = without.filter(isNamed);
  // A manifest that was deleted comes back under its own key.
  const known = new Map(
    (Object.entries(state.resources) as [Address, State['resources'][Address]][]).map(
      ([address, { kind, id }]) => [`${kind} ${id}`, keyIn(address)],
    ),
  );
  const spoken = [
    ...resources.map(({ address }) => address),
    ...Object.keys(state.resources),
    ...moves.map(({ from }) => from),
    ...removals.map(({ from }) => from),
  ];
  const kindNamed = (address: string): string => {
    const word = address.slice(0, address.indexOf('.'));
    return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  };
  const assigned = assignKeys(
    fresh
      .filter(({ kind, id }) => !known.has(`${kind} ${id}`))
      .map(({ kind, id, value }) => {
        const own = wanted.get(`${kind} ${id}`);
        return {
          kind,
          id,
          name: keyName(kindOf(kind), value),
          content: contentOf(kindOf(kind), value, nameOf),
          ...(own === undefined ? {} : { wanted: own.key }),
        };
      }),
    new Set(spoken.map((address) => `${kindNamed(address)} ${keyIn(address)}`)),
  );
  const keys = new Map(
    fresh.map(({ kind, id }) => {
      const own = `${kind} ${id}`;
      return [own, known.get(own) ?? assigned.get(own) ?? ''];
    }),
  );
  return { takes, fresh, keys, nameless: without.filter((object) => !isNamed(object)) };
};

/** As a plan looks things up, with what is new. */
export const lookupsOf = (
  desired: Desired,
  { objects, kinds: read }: Live,
  pairs: readonly Pair[],
  fresh: ReadonlyMap<string, string>,
): Lookups => {
  const keys = new Map(fresh);
  for (const { resource, live } of pairs) keys.set(`${live.kind} ${live.id}`, resource.key);
  const alive = new Map(objects.map((object) => [`${object.kind} ${object.id}`, object]));
  const byName = new Map<string, string[]>();
  for (const { kind, id, name } of objects) {
    const own = `${kind} ${name}`;
    const ids = byName.get(own);
    if (ids === undefined) byName.set(own, [id]);
    else ids.push(id);
  }
  return {
    desired,
    keyOf: (kind, id) => keys.get(`${kind} ${id}`),
    findByName: (kind, name) => byName.get(`${kind} ${name}`) ?? [],
    liveOf: (kind, id) => alive.get(`${kind} ${id}`),
    isRead: (kind) => read?.has(kind) ?? true,
  };
};

/** A key where there is a manifest, else the name where one object alone bears it. */
export const referToOf = ({ keyOf, findByName }: Lookups, { objects }: Live): ReferTo => {
  const names = new Map(objects.map(({ kind, id, name }) => [`${kind} ${id}`, name]));
  return (kind, id) => {
    const key = keyOf(kind, id);
    const name = names.get(`${kind} ${id}`) ?? '';
    return key ?? (name !== '' && findByName(kind, name).length === 1 ? { name } : undefined);
  };
};
