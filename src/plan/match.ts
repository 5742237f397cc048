/** Which live object belongs to which manifest. Pure. */
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import type { Desired, Resource } from '../load/desired.js';
import type { Live, LiveObject, Wants } from '../live/snapshot.js';
import type { State } from '../state/state.js';

/** A manifest, and the live object that is its own. */
export interface Match {
  readonly resource: Resource;
  readonly live?: LiveObject;
  /** How it was found; `state` also where the bound object is gone. */
  readonly by: 'id' | 'state' | 'name' | 'nothing';
  /** The state binds it to an object that lives no more. */
  readonly gone?: string;
}

export interface Matched {
  readonly matches: readonly Match[];
  readonly diagnostics: readonly Diagnostic[];
}

const nameOf = ({ document }: Resource): string =>
  typeof document['name'] === 'string' ? document['name'] : '';

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
  return (kind, id, name) => ids.has(id) || names.has(`${kind} ${name}`);
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
    const other = taken.get(object.id);
    if (other !== undefined) {
      problem(
        resource,
        'bound-twice',
        `${resource.address} and ${other} are both bound to ${object.kind.toLowerCase()} ${object.id}`,
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
    if (resource.id !== undefined) {
      const object = byId.get(`${resource.kind} ${resource.id}`);
      if (object !== undefined) bind(resource, object, 'id');
      else
        problem(
          resource,
          'unknown-id',
          `no ${resource.kind.toLowerCase()} has the id ${resource.id}`,
          'correct the id, or remove it to find the object by its name',
        );
      continue;
    }
    const bound = binding === undefined ? undefined : byId.get(`${resource.kind} ${binding.id}`);
    if (bound !== undefined) bind(resource, bound, 'state');
    else waiting.push([resource, binding?.id]);
  }
  // What other addresses are bound to cannot be adopted a second time.
  const owned = new Set(
    Object.entries(state.resources).flatMap(([, { id, kind }]) => (byId.has(`${kind} ${id}`) ? [id] : [])),
  );
  for (const [resource, gone] of waiting) {
    const namesakes = (byName.get(`${resource.kind} ${nameOf(resource)}`) ?? []).filter(
      ({ id }) => !taken.has(id) && !owned.has(id),
    );
    const [first, second] = namesakes;
    if (second !== undefined)
      problem(
        resource,
        'ambiguous-name',
        `${namesakes.length} live ${resource.kind.toLowerCase()}s are called "${nameOf(resource)}": ${namesakes.map(({ id }) => id).join(', ')}`,
        'add id: with the one that this manifest stands for',
      );
    else if (first !== undefined) bind(resource, first, 'name', gone);
    else if (resource.external)
      problem(
        resource,
        'missing-external',
        `no live ${resource.kind.toLowerCase()} is called "${nameOf(resource)}"`,
        'create it in Polytomic, or remove external: true to have it created here',
      );
    else matches.set(resource.address, { resource, by: 'nothing', ...(gone === undefined ? {} : { gone }) });
  }
  return { matches: resources.flatMap(({ address }) => matches.get(address) ?? []), diagnostics };
};
