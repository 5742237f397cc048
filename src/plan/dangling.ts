/** References that deletes would leave behind, of kinds whose objects the API deletes whoever refers to them. Pure. */
import { keyIn } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { titleOf } from '../kinds/identity.js';
import type { Kind } from '../kinds/kind.js';
import { referencesFromLive, referencesOf } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import type { Context } from './context.js';
import type { Change } from './plan.js';

/** Whether a document refers to what a change deletes, by its id or by the key that it had. */
const refersTo = (kind: Kind, document: Parameters<typeof referencesOf>[1], deleted: Change): boolean =>
  referencesOf(kind, document).some(
    ({ rule, reference }) =>
      rule.kind === deleted.kind &&
      (reference.to === 'id'
        ? reference.id === deleted.id
        : reference.to === 'key' && reference.key === keyIn(deleted.address)),
  );

/**
 * Findings for what still refers to something that these changes delete: an error where its manifest says so, and else a
 * warning, since nobody here can change it.
 */
export const dangling = (changes: readonly Change[], context: Context): readonly Diagnostic[] => {
  const deletes = changes.filter(
    ({ action, kind }) => action === 'delete' && kindOf(kind).leavesReferences === true,
  );
  if (deletes.length === 0) return [];
  const ownChange = new Map(
    changes.flatMap((change) => (change.id === undefined ? [] : [[`${change.kind} ${change.id}`, change]])),
  );
  const places = new Map(
    context.desired.resources.map((resource) => [`${resource.kind} ${resource.key}`, resource]),
  );
  return context.live.objects.flatMap(({ kind: name, id, value }): readonly Diagnostic[] => {
    const kind = kindOf(name);
    if (!kind.references.some((rule) => deletes.some((deleted) => deleted.kind === rule.kind))) return [];
    const lives = referencesFromLive(kind, kind.fromLive(value).document, () => undefined);
    const change = ownChange.get(`${name} ${id}`);
    const resource = places.get(`${name} ${context.keyOf(name, id) ?? ''}`);
    return deletes.flatMap((deleted): readonly Diagnostic[] => {
      if (!refersTo(kind, lives, deleted)) return [];
      if (change !== undefined && !refersTo(kind, change.after ?? {}, deleted)) return [];
      const what = `${deleted.address} is deleted, and`;
      return resource === undefined || resource.external
        ? [
            {
              severity: 'warning',
              code: 'left-reference',
              message: `${what} the ${kind.noun.one} "${titleOf(kind, lives)}" (${id}) goes on naming it: nobody manages that here`,
              hint: 'change it in Polytomic',
              address: deleted.address,
            },
          ]
        : [
            {
              severity: 'error',
              code: 'left-reference',
              message: `${what} ${resource.address} goes on naming it`,
              hint: 'remove the reference, and apply both together',
              address: resource.address,
              place: resource.place,
            },
          ];
    });
  });
};
