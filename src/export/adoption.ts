/** Which live object a manifest is bound to from now on: checked pairs of address and id. Pure. */
import leven from 'leven';
import type { Address } from '../core/address.js';
import type { Diagnostic, Place } from '../core/diagnostics.js';
import { byCodeUnit } from '../core/json.js';
import { didYouMean } from '../core/suggest.js';
import { printable } from '../core/text.js';
import { calledText, identityIn } from '../kinds/identity.js';
import { kindOf } from '../kinds/registry.js';
import type { Desired, Resource } from '../load/desired.js';
import type { Live, LiveObject } from '../live/snapshot.js';
import type { State } from '../state/state.js';

/** What somebody wants to be bound; `place` is where it was written. */
export interface Wish {
  readonly address: string;
  readonly id: string;
  readonly place?: Place;
}

/** A manifest and the object that becomes its own. */
export interface Adoption {
  readonly resource: Resource;
  readonly live: LiveObject;
}

export interface Adoptions {
  readonly adoptions: readonly Adoption[];
  /** Wishes that hold already. */
  readonly bound: readonly Address[];
  /** Manifests for which there is nothing. */
  readonly unmatched: readonly Resource[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What adopting starts from. */
export interface AdoptInput {
  readonly desired: Desired;
  readonly live: Live;
  readonly state: State;
}

const nameOf = ({ kind, document }: Resource): string => identityIn(kindOf(kind), document);

const idsIn = ({ state, live }: AdoptInput): ReadonlyMap<string, Address> => {
  const alive = new Set(live.objects.map(({ kind, id }) => `${kind} ${id}`));
  const bindings = Object.entries(state.resources) as [Address, State['resources'][Address]][];
  return new Map(
    bindings.flatMap(([address, { kind, id }]) =>
      alive.has(`${kind} ${id}`) ? [[id, address] as const] : [],
    ),
  );
};

/** Manifests that are managed, and bound to nothing that lives. */
export const unboundIn = (input: AdoptInput): readonly Resource[] => {
  const bound = new Set(idsIn(input).values());
  return input.desired.resources.filter(({ address, external }) => !external && !bound.has(address));
};

/** Live objects that a manifest could be bound to: those of its name first, then the nearest names. */
export const candidatesFor = (resource: Resource, input: AdoptInput): readonly LiveObject[] => {
  const taken = idsIn(input);
  const name = nameOf(resource);
  const distance = (object: LiveObject): number =>
    object.name === name ? -1 : leven(object.name.toLowerCase(), name.toLowerCase(), { maxDistance: 1000 });
  return input.live.objects
    .filter(
      ({ kind, id, value }) =>
        kind === resource.kind && !taken.has(id) && kindOf(kind).isSystem?.(value) !== true,
    )
    .map((object) => ({ object, far: distance(object) }))
    .sort(
      (a, b) =>
        a.far - b.far || byCodeUnit(a.object.name, b.object.name) || byCodeUnit(a.object.id, b.object.id),
    )
    .map(({ object }) => object);
};

/** Binds each unbound manifest to the one live object that bears its name; `only` these addresses, where given. */
export const adoptByName = (input: AdoptInput, only: readonly string[] = []): Adoptions => {
  const unknown = only.flatMap((address) => unknownAddress({ address, id: '' }, input));
  const chosen = unboundIn(input).filter(({ address }) => only.length === 0 || only.includes(address));
  const wishes: Wish[] = [];
  const unmatched: Resource[] = [];
  const diagnostics: Diagnostic[] = [...unknown];
  for (const resource of chosen) {
    const { address, kind, place, id } = resource;
    const same = candidatesFor(resource, input).filter((object) =>
      id === undefined ? object.name === nameOf(resource) : object.id === id,
    );
    const [first, second] = same;
    if (first === undefined) unmatched.push(resource);
    else if (second === undefined) wishes.push({ address, id: first.id, place });
    else
      diagnostics.push({
        severity: 'error',
        code: 'ambiguous-name',
        message: `${same.length} live ${kindOf(kind).noun.many} are ${calledText(kindOf(kind), nameOf(resource))}: ${same.map((each) => each.id).join(', ')}`,
        hint: `choose one: polytomic-gitops adopt --by id ${address}=ID`,
        address,
        place,
      });
  }
  const checked = adoptByWish(input, wishes);
  return { ...checked, unmatched, diagnostics: [...diagnostics, ...checked.diagnostics] };
};

const unknownAddress = ({ address, place }: Wish, { desired }: AdoptInput): readonly Diagnostic[] =>
  desired.resources.some((resource) => resource.address === address)
    ? []
    : [
        {
          severity: 'error',
          code: 'unknown-address',
          message: `there is no manifest of ${printable(address)}`,
          hint:
            didYouMean(
              address,
              desired.resources.map((resource) => resource.address),
            ) ?? 'an address is KIND.KEY, e.g. connection.warehouse',
          ...(place === undefined ? {} : { place }),
        },
      ];

/** Checks each wish against the manifests, what lives, the state, and the other wishes. */
export const adoptByWish = (input: AdoptInput, wishes: readonly Wish[]): Adoptions => {
  const { desired, live } = input;
  const owners = idsIn(input);
  const adoptions: Adoption[] = [];
  const bound: Address[] = [];
  const diagnostics: Diagnostic[] = [];
  const wished = new Map<string, string>();
  for (const wish of wishes) {
    const resource = desired.resources.find(({ address }) => address === wish.address);
    if (resource === undefined) {
      diagnostics.push(...unknownAddress(wish, input));
      continue;
    }
    const { address } = resource;
    const fail = (code: string, message: string, hint: string): void => {
      diagnostics.push({
        severity: 'error',
        code,
        message,
        hint,
        address,
        place: wish.place ?? resource.place,
      });
    };
    const what = kindOf(resource.kind).noun.one;
    const own = [...owners].find(([, owner]) => owner === address)?.[0];
    const owner = owners.get(wish.id) ?? wished.get(wish.id);
    const object = live.objects.find(({ kind, id }) => kind === resource.kind && id === wish.id);
    const elsewhere = live.objects.find(({ id }) => id === wish.id);
    if (resource.external)
      fail(
        'external-resource',
        `${address} is external: it is looked up, and never bound`,
        'remove external: true to manage it',
      );
    else if (object === undefined)
      fail(
        'unknown-id',
        elsewhere === undefined
          ? `no ${what} has the id ${printable(wish.id)}`
          : `${printable(wish.id)} is a ${kindOf(elsewhere.kind).noun.one}, and ${address} a ${what}`,
        `correct the id of ${address}`,
      );
    else if (own === wish.id) bound.push(address);
    else if (own !== undefined)
      fail(
        'already-bound',
        `${address} is bound to ${what} ${own} already`,
        `polytomic-gitops state rm ${address} lets go of it`,
      );
    else if (owner !== undefined)
      fail(
        'bound-twice',
        `${what} ${wish.id} is bound to ${owner} already`,
        `keep one of the two, or let go of it: polytomic-gitops state rm ${owner}`,
      );
    else if (resource.id !== undefined && resource.id !== wish.id)
      fail(
        'other-id',
        `the manifest of ${address} pins ${resource.id}`,
        'remove id: from the manifest, or adopt that one',
      );
    else if (adoptions.some((each) => each.resource === resource))
      fail('bound-twice', `${address} would be bound to two objects`, 'keep one of the two lines');
    else {
      wished.set(wish.id, address);
      adoptions.push({ resource, live: object });
    }
  }
  return { adoptions, bound, unmatched: [], diagnostics };
};
