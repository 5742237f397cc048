/** Manifests that stand for the same object, as far as that can be told before anything is read. Pure. */
import type { Diagnostic } from '../core/diagnostics.js';
import { bearsUniqueName, isSingleton, titleOf } from '../kinds/identity.js';
import type { Kind } from '../kinds/kind.js';
import { kindOf } from '../kinds/registry.js';
import type { Resource } from './desired.js';

/** What a manifest's object is known by, where only one can be; undefined where that tells nothing. */
const knownBy = (kind: Kind, { document }: Resource): string | undefined => {
  if (isSingleton(kind)) return '';
  // Names are passed on from one object to the next, which a plan puts into an order.
  if (!kind.identity.unique || bearsUniqueName(kind)) return undefined;
  const title = titleOf(kind, document);
  return kind.identity.caseless === true ? title.toLowerCase() : title;
};

/** A finding at each manifest of an object that has one already. */
export const secondManifests = (
  resources: readonly Resource[],
  of: (name: string) => Kind = kindOf,
): readonly Diagnostic[] => {
  const first = new Map<string, Resource>();
  return resources
    .filter(({ external }) => !external)
    .flatMap((resource): readonly Diagnostic[] => {
      const kind = of(resource.kind);
      const known = knownBy(kind, resource);
      if (known === undefined) return [];
      const own = `${kind.name} ${known}`;
      const other = first.get(own);
      if (other === undefined) {
        first.set(own, resource);
        return [];
      }
      const what = isSingleton(kind)
        ? `an organization has one ${kind.noun.one}`
        : `there is one ${kind.noun.one} for "${known}"`;
      return [
        {
          severity: 'error',
          code: 'second-manifest',
          message: `${what}, and ${other.address} stands for it already`,
          hint: `say all of it in ${other.address}, and remove this manifest`,
          address: resource.address,
          place: resource.place,
          related: [{ message: 'the first', place: other.place }],
        },
      ];
    });
};
