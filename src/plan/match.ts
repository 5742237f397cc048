/** Which live object belongs to which manifest. Pure. */
import { addressOf, type Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import type { Desired, Resource } from '../load/desired.js';
import type { Live, LiveObject, Wants } from '../live/snapshot.js';
import { bearsUniqueName, calledText, identityIn, isToldByReferences, type IdOf } from '../kinds/identity.js';
import { valueAt } from '../kinds/paths.js';
import { kindOf } from '../kinds/registry.js';
import { jsonEqual, type Json } from '../core/json.js';
import type { State } from '../state/state.js';
import { finalName, interimName } from './interim.js';

/** A manifest, and the live object that is its own. */
export interface Match {
  readonly resource: Resource;
  readonly live?: LiveObject;
  /** How it was found; `state` also where the bound object is gone, `interim` by a name between. */
  readonly by: 'id' | 'state' | 'name' | 'interim' | 'nothing';
  /** The state binds it to an object that lives no more. */
  readonly gone?: string;
  /** What `live` was made to take the place of, by a run of which no state knows. */
  readonly replaces?: LiveObject;
}

export interface Matched {
  readonly matches: readonly Match[];
  readonly diagnostics: readonly Diagnostic[];
}

const nameOf = ({ kind, document }: Resource, idOf?: IdOf): string =>
  identityIn(kindOf(kind), document, idOf);

/**
 * Which details a plan needs: of what the state or an id binds, and of what bears a manifest's name: that may be what
 * is meant, or have been made twice.
 */
export const wantedLive = ({ resources }: Desired, state: State): Wants => {
  const ids = new Set(Object.values(state.resources).flatMap(({ id, deposed = [] }) => [id, ...deposed]));
  const names = new Set<string>();
  for (const resource of resources) {
    if (resource.external) continue;
    if (resource.id !== undefined) ids.add(resource.id);
    names.add(`${resource.kind} ${nameOf(resource)}`);
  }
  return (kind, id, name) => ids.has(id) || names.has(`${kind} ${finalName(name)}`);
};

/** A function that gives the ids that references lead to, by what manifests are matched with. */
export const idsIn = (matches: Iterable<Match>, { objects }: Live): IdOf => {
  const ids = new Map<Address, string>();
  for (const { resource, live } of matches) if (live !== undefined) ids.set(resource.address, live.id);
  return (reference, { kind }) => {
    if (reference.to === 'id') return reference.id;
    if (reference.to === 'key') return ids.get(addressOf(kind, reference.key));
    const [first, second] = objects.filter((each) => each.kind === kind && each.name === reference.name);
    return second === undefined ? first?.id : undefined;
  };
};

/** Binds manifests to live objects: by `id:`, by the state, by a name that exactly one bears. */
export const matchLive = ({ resources }: Desired, live: Live, state: State): Matched => {
  const byId = new Map(live.objects.map((object) => [`${object.kind} ${object.id}`, object]));
  const byName = new Map<string, LiveObject[]>();
  for (const object of live.objects) {
    const name = `${object.kind} ${object.name}`;
    const namesakes = byName.get(name);
    if (namesakes === undefined) byName.set(name, [object]);
    else namesakes.push(object);
  }
  const taken = new Map<string, Address>();
  const diagnostics: Diagnostic[] = [];
  const matches = new Map<Address, Match>();
  const problem = (resource: Resource, code: string, message: string, hint: string): void => {
    diagnostics.push({
      severity: 'error',
      code,
      message,
      hint,
      address: resource.address,
      place: resource.place,
    });
  };
  const bind = (resource: Resource, object: LiveObject, by: Match['by'], gone?: string): void => {
    if (!resource.external && isSystem(object)) {
      const { one } = kindOf(resource.kind).noun;
      problem(
        resource,
        'system-object',
        `${resource.address} stands for a ${one} that Polytomic keeps itself (${object.id}), and that nobody can change`,
        `refer to it by {name: …} and remove the manifest, or say external: true`,
      );
      return;
    }
    const other = taken.get(object.id);
    if (other !== undefined) {
      problem(
        resource,
        'bound-twice',
        `${resource.address} and ${other} are both bound to ${kindOf(object.kind).noun.one} ${object.id}`,
        'remove one of the two, or give one another id',
      );
      return;
    }
    taken.set(object.id, resource.address);
    matches.set(resource.address, { resource, live: object, by, ...(gone === undefined ? {} : { gone }) });
  };
  const waiting: [Resource, string | undefined][] = [];
  for (const resource of resources) {
    const binding = state.resources[resource.address];
    const next = binding === undefined ? undefined : byId.get(`${resource.kind} ${binding.id}`);
    // What the id names was replaced, and is on its way out.
    const leaves = resource.id !== undefined && binding?.deposed?.includes(resource.id) === true;
    if (resource.id !== undefined && !(leaves && next !== undefined)) {
      const object = byId.get(`${resource.kind} ${resource.id}`);
      if (object !== undefined) bind(resource, object, 'id');
      else
        problem(
          resource,
          'unknown-id',
          `no ${kindOf(resource.kind).noun.one} has the id ${resource.id}`,
          'correct the id, or remove it to find the object by its name',
        );
      continue;
    }
    if (next !== undefined) bind(resource, next, 'state');
    else waiting.push([resource, binding?.id]);
  }
  // What other addresses are bound to cannot be adopted a second time.
  const owned = new Set(
    Object.values(state.resources).flatMap(({ id, kind, deposed = [] }) =>
      [id, ...deposed].filter((each) => byId.has(`${kind} ${each}`)),
    ),
  );
  const isNobodys = ({ id }: LiveObject): boolean => !taken.has(id) && !owned.has(id);
  const halfMade = halfMadeIn(live);
  // What is told by its references waits for those.
  const last = waiting.filter(([{ kind }]) => isToldByReferences(kindOf(kind)));
  const inTurn = last.length === 0 ? waiting : [...waiting.filter((each) => !last.includes(each)), ...last];
  for (const [resource, gone] of inTurn) {
    const kind = kindOf(resource.kind);
    const name = isToldByReferences(kind)
      ? nameOf(resource, idsIn(matches.values(), live))
      : nameOf(resource);
    const namesakes = (byName.get(`${resource.kind} ${name}`) ?? []).filter(isNobodys);
    const [first, second] = namesakes;
    const unfinished = resource.external ? [] : halfMade(resource).filter(isNobodys);
    if (second !== undefined)
      problem(
        resource,
        'ambiguous-name',
        `${namesakes.length} live ${kind.noun.many} are ${calledText(kind, name)}: ${namesakes.map(({ id }) => id).join(', ')}`,
        'add id: with the one that this manifest stands for',
      );
    else if (first !== undefined) bind(resource, first, 'name', gone);
    else if (unfinished.length === 1) unfinished.forEach((object) => bind(resource, object, 'interim', gone));
    else if (resource.external)
      problem(
        resource,
        'missing-external',
        `no live ${kind.noun.one} is ${calledText(kind, name)}`,
        'create it in Polytomic, or remove external: true to have it created here',
      );
    else matches.set(resource.address, { resource, by: 'nothing', ...(gone === undefined ? {} : { gone }) });
  }
  for (const match of matches.values()) {
    const next = takesItsPlace(match, halfMade(match.resource).filter(isNobodys));
    if (next === undefined) continue;
    taken.set(next.id, match.resource.address);
    matches.set(match.resource.address, {
      ...match,
      live: next,
      by: 'interim',
      ...(match.live === undefined ? {} : { replaces: match.live }),
    });
  }
  return { matches: resources.flatMap(({ address }) => matches.get(address) ?? []), diagnostics };
};

const isSystem = ({ kind, value }: LiveObject): boolean => kindOf(kind).isSystem?.(value) === true;

/** Live objects under a name between, by the name that they are to get; of kinds whose names are unique. */
const halfMadeIn = ({ objects }: Live): ((resource: Resource) => readonly LiveObject[]) => {
  const found = new Map<string, LiveObject[]>();
  for (const object of objects) {
    const name = finalName(object.name);
    if (name === object.name || !bearsUniqueName(kindOf(object.kind))) continue;
    found.set(`${object.kind} ${name}`, [...(found.get(`${object.kind} ${name}`) ?? []), object]);
  }
  return (resource) => found.get(`${resource.kind} ${nameOf(resource)}`) ?? [];
};

/**
 * What an earlier run made in the place of an object that cannot become what its manifest says: nobody noted it, but
 * its name tells of which object it is.
 */
const takesItsPlace = (
  { resource, live }: Match,
  candidates: readonly LiveObject[],
): LiveObject | undefined => {
  if (live === undefined || resource.external || candidates.length === 0) return undefined;
  const kind = kindOf(resource.kind);
  const { document } = kind.fromLive(live.value);
  const mustGo = kind.immutable.some((path) => {
    const wanted = valueAt(resource.document, path);
    return wanted !== undefined && !jsonEqual(wanted as Json, valueAt(document, path) as Json | undefined);
  });
  return mustGo ? candidates.find(({ name }) => name === interimName(nameOf(resource), live.id)) : undefined;
};
