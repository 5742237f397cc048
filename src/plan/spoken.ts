/** What manifests and the state speak of: which kinds and objects, and which of their parts. Pure. */
import type { Address } from '../core/address.js';
import type { ValueObject } from '../core/secret.js';
import { fieldsIn, identityIn, madeId } from '../kinds/identity.js';
import type { Kind } from '../kinds/kind.js';
import { referencesOf } from '../kinds/references.js';
import { kindOf, kinds } from '../kinds/registry.js';
import type { Desired } from '../load/desired.js';
import type { LiveOptions } from '../live/snapshot.js';
import type { Binding, State } from '../state/state.js';
import { finalName } from './interim.js';
import { idsIn, matchLive } from './match.js';

type Manifests = Pick<Desired, 'resources'>;

const bindingsOf = ({ resources }: State): readonly (readonly [Address, Binding])[] =>
  Object.entries(resources) as [Address, Binding][];

/** The kinds that a repository needs to see: those of its manifests and bindings, and what is referred to by name. */
export const usedKinds = ({ resources }: Manifests, state: State): readonly Kind[] => {
  const used = new Set([
    ...resources.map(({ kind }) => kind),
    ...bindingsOf(state).map(([, { kind }]) => kind),
    ...resources.flatMap(({ kind, document }) =>
      referencesOf(kindOf(kind), document).flatMap(({ rule, reference }) =>
        reference.to === 'name' ? [rule.kind] : [],
      ),
    ),
  ]);
  return kinds.filter(({ name, read }) => read === 'always' || used.has(name));
};

/**
 * What is said of the parts of each object: by its manifest, and by what was last applied. `more` are objects of which
 * everything is to be read.
 */
export const spokenParts = (
  { resources }: Manifests,
  state: State,
  more: ReadonlySet<string> = new Set(),
): NonNullable<LiveOptions['spoken']> => {
  const byId = new Map<string, ValueObject[]>();
  const byName = new Map<string, ValueObject[]>();
  const say = (said: Map<string, ValueObject[]>, of: string, document: ValueObject): unknown =>
    said.set(of, [...(said.get(of) ?? []), document]);
  const hasParts = (kind: string): boolean => kindOf(kind).parts.length > 0;
  for (const { address, kind, id, document, external } of resources) {
    if (external || !hasParts(kind)) continue;
    const bound = id ?? state.resources[address]?.id;
    if (bound !== undefined) say(byId, bound, document);
    say(byName, `${kind} ${identityIn(kindOf(kind), document)}`, document);
  }
  for (const [, { kind, id, applied }] of bindingsOf(state)) if (hasParts(kind)) say(byId, id, applied);
  return (kind, id, name) =>
    more.has(id) ? 'all' : [...(byId.get(id) ?? []), ...(byName.get(`${kind} ${finalName(name)}`) ?? [])];
};

/** Which objects of a kind that no list holds are spoken of: by the ids of what they belong to, as far as that lives. */
export const unlistedObjects =
  (desired: Desired, state: State): NonNullable<LiveOptions['unlisted']> =>
  (kind, listed) => {
    const isOwn = (each: { readonly kind: string }): boolean => each.kind === kind.name;
    const own = desired.resources.filter(isOwn);
    const bound = bindingsOf(state).flatMap(([, binding]) =>
      isOwn(binding) ? [binding.id, ...(binding.deposed ?? [])] : [],
    );
    if (own.length === 0) return bound;
    const others = { ...desired, resources: desired.resources.filter((each) => !isOwn(each)) };
    const live = { objects: listed };
    const idOf = idsIn(matchLive(others, live, state).matches, live);
    const spoken = own.flatMap(({ id, document }) => {
      if (id !== undefined) return [id];
      const fields = fieldsIn(kind, document, idOf);
      return Object.values(fields).includes('') ? [] : [madeId(kind, fields)];
    });
    return [...new Set([...bound, ...spoken])];
  };
