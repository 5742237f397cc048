/** What lives in an organization, kind by kind, and which manifest stands for what. Writes nothing. */
import { createReader } from '../api/client.js';
import type { Address } from '../core/address.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { unsupported } from '../kinds/endpoints.js';
import { identityOf, isToldByReferences } from '../kinds/identity.js';
import type { Kind } from '../kinds/kind.js';
import { kindOf, kinds } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import { noManifests } from '../load/desired.js';
import { load } from '../load/load.js';
import { readLive, type LiveObject } from '../live/snapshot.js';
import { matchLive } from '../plan/match.js';
import { applyMoves } from '../plan/moves.js';
import { unlistedObjects } from '../plan/spoken.js';
import { openAccess } from './access.js';
import { checkPinned } from './organization.js';
import { openStore } from './stores.js';

/** A live object, as a list of its kind tells of it. */
export interface ListedObject {
  readonly kind: string;
  readonly id: string;
  /** What it is known by; empty where an organization has one. */
  readonly name: string;
  /** Of the manifest, or the binding, that it is managed by. */
  readonly address?: Address;
  /** Polytomic keeps it itself: it can be referred to, and not changed. */
  readonly system: boolean;
}

export interface ListedObjects {
  readonly objects: readonly ListedObject[];
  /** Kinds that the key may not see, and why. */
  readonly refused: readonly { readonly kind: string; readonly problem: string }[];
  /** Kinds that the API lists nowhere: of those, only what somebody speaks of is there. */
  readonly unlisted: readonly string[];
}

/** The objects of these kinds; manifests that are wrong stand for nothing. Throws `DiagnosticError`. */
export const listLive = async (
  settings: Settings,
  asked: readonly Kind[] = kinds,
): Promise<ListedObjects> => {
  const [{ desired = noManifests }, stored, { options, caller }] = await Promise.all([
    load({ ...settings, withoutSecrets: true }),
    openStore(settings).read(),
    openAccess(settings, []),
  ]);
  checkPinned(caller.organization, settings);
  const [only, more] = asked;
  if (only !== undefined && more === undefined && only.endpoints(options.dialect) === undefined)
    throw new DiagnosticError([unsupported(only, options.dialect)]);
  const own = (stored.organization?.id ?? caller.organization.id) === caller.organization.id;
  const state = own ? applyMoves(desired, stored).state : { ...stored, resources: {} };
  const live = await readLive(createReader(options), () => false, settings.concurrency, {
    kinds: asked,
    mayRefuse: () => asked.length > 1,
    unlisted: unlistedObjects(desired, state),
  });
  const bound = new Map<string, Address>([
    ...(Object.entries(state.resources) as [Address, (typeof state.resources)[Address]][]).map(
      ([address, { kind, id }]) => [`${kind} ${id}`, address] as const,
    ),
    ...matchLive(desired, live, state).matches.flatMap(({ resource, live: object }) =>
      object === undefined ? [] : [[`${object.kind} ${object.id}`, resource.address] as const],
    ),
  ]);
  // What is told by ids of others is called by their names.
  const names = new Map(live.objects.map(({ id, name }) => [id, name]));
  const called = ({ name }: LiveObject): string =>
    name
      .split(' / ')
      .map((part) => names.get(part) ?? part)
      .join(' / ');
  return {
    objects: live.objects.map((object) => ({
      ...listed(object, bound.get(`${object.kind} ${object.id}`)),
      ...(isToldByReferences(kindOf(object.kind)) ? { name: called(object) } : {}),
    })),
    refused: [...(live.refused ?? [])].map(([kind, problem]) => ({ kind, problem })),
    unlisted: asked.flatMap((kind) =>
      kind.endpoints(options.dialect) !== undefined && kind.endpoints(options.dialect)?.list === undefined
        ? [kind.name]
        : [],
    ),
  };
};

const listed = ({ kind, id, value }: LiveObject, address: Address | undefined): ListedObject => ({
  kind,
  id,
  name: identityOf(kindOf(kind), value),
  ...(address === undefined ? {} : { address }),
  system: kindOf(kind).isSystem?.(value) === true,
});
