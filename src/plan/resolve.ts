/** References to live objects by name and id. Pure. */
import type { Diagnostic } from '../core/diagnostics.js';
import type { ValueObject } from '../core/secret.js';
import type { Kind } from '../kinds/kind.js';
import { calledText } from '../kinds/identity.js';
import { mapReferences, referencesOf } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import type { Resource } from '../load/desired.js';
import type { Context } from './context.js';

/** What references are looked up in. */
export type Lookups = Pick<Context, 'keyOf' | 'findByName' | 'liveOf' | 'isRead' | 'desired'>;

/** `{name: …}` and `{id: …}` become the key of what is managed, or `{id: …}`. */
export const resolveReferences = (
  kind: Kind,
  resource: Resource,
  { keyOf, findByName, liveOf, isRead, desired }: Lookups,
): { readonly document: ValueObject; readonly diagnostics: readonly Diagnostic[] } => {
  const diagnostics: Diagnostic[] = [];
  const pointers = referencesOf(kind, resource.document);
  const document = mapReferences(kind, resource.document, (reference, rule) => {
    if (reference.to === 'key') return reference.key;
    const fail = (code: string, message: string, hint: string): void => {
      const pointer =
        pointers.find(
          (found) => found.rule === rule && JSON.stringify(found.reference) === JSON.stringify(reference),
        )?.pointer ?? '';
      diagnostics.push({
        severity: 'error',
        code,
        message,
        hint,
        address: resource.address,
        ...desired.cite(resource.address, pointer),
      });
    };
    const other = kindOf(rule.kind);
    const what = other.noun.one;
    if (reference.to === 'id') {
      if (isRead(rule.kind) && liveOf(rule.kind, reference.id) === undefined)
        fail(
          'unknown-id',
          `no ${what} has the id ${reference.id}`,
          'correct the id, or refer to it by {name: …}',
        );
      return keyOf(rule.kind, reference.id) ?? { id: reference.id };
    }
    const found = findByName(rule.kind, reference.name);
    if (found.length === 0)
      fail(
        'unknown-name',
        `no live ${what} is ${calledText(other, reference.name)}`,
        'correct the name, or create it first',
      );
    if (found.length > 1)
      fail(
        'ambiguous-name',
        `${found.length} live ${other.noun.many} are ${calledText(other, reference.name)}: ${found.join(', ')}`,
        'refer to one of them by {id: …}',
      );
    const id = found[0] ?? '';
    return keyOf(rule.kind, id) ?? { id };
  });
  return { document, diagnostics };
};
