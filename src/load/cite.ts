/** Where a value of a manifest was written, for a finding: through overlays, defaults, templates and aliases. */
import type { Diagnostic, Place } from '../core/diagnostics.js';
import { pointerSegments } from '../core/secret.js';
import type { Draft } from './draft.js';
import { originOf } from './overlay.js';
import type { Locate } from './positions.js';
import { instancesAround } from './templates/instance.js';
import { parametersAt } from './templates/shape.js';

export interface Cited extends Pick<Diagnostic, 'related'> {
  readonly place: Place;
  /** It stands in a template, and is the same for all of its instances. */
  readonly isShared?: true;
}

type Related = NonNullable<Diagnostic['related']>;

/**
 * A function that tells where the value at a JSON pointer of a manifest was written. In a template that is its line,
 * with the instance beside it; or, where the value is one that the instance gives, the other way round.
 */
export const createCite =
  (locate: Locate) =>
  (draft: Draft, pointer: string, what: 'key' | 'value'): Cited => {
    const { origin, segments } = originOf(draft.steps, pointerSegments(pointer));
    const { file, index } = origin ?? draft.document;
    const { place, usedAt } = locate(file, index, segments, what);
    const used: Related = usedAt === undefined ? [] : [{ message: 'used here', place: usedAt }];
    const { made } = draft;
    const document = made?.instance.template.document;
    if (made === undefined || file !== document?.file || index !== document.index)
      return used.length === 0 ? { place } : { place, related: used };
    const { instance, shape } = made;
    // The first two segments are those of the resource in the template.
    const names = parametersAt(shape, segments.slice(2));
    const given = names.length === 1 ? instance.placeOf(names[0] ?? '') : undefined;
    if (given === undefined)
      return { place, related: [...used, ...instancesAround(instance)], isShared: true };
    return {
      place: given,
      related: [
        { message: `in the template ${instance.template.key}`, place },
        ...instancesAround(instance.parent),
      ],
    };
  };

/** What is wrong with a template is told once, for the first of its instances. */
export const oncePerTemplate = (
  findings: readonly { readonly diagnostic: Diagnostic; readonly isShared: boolean }[],
): readonly Diagnostic[] => {
  const numbers = new Map<string, number>();
  const idOf = ({ code, severity, place }: Diagnostic): string => JSON.stringify([severity, code, place]);
  for (const { diagnostic, isShared } of findings)
    if (isShared) numbers.set(idOf(diagnostic), (numbers.get(idOf(diagnostic)) ?? 0) + 1);
  const told = new Set<string>();
  return findings.flatMap(({ diagnostic, isShared }): readonly Diagnostic[] => {
    const id = idOf(diagnostic);
    if (!isShared) return [diagnostic];
    if (told.has(id)) return [];
    told.add(id);
    const more = (numbers.get(id) ?? 1) - 1;
    return [
      more === 0
        ? diagnostic
        : {
            ...diagnostic,
            message: `${diagnostic.message} (and for ${more} more ${more === 1 ? 'instance' : 'instances'})`,
          },
    ];
  });
};
