/** Which field of a model goes to which of a target, by their names. */
import type { SourceField, TargetField } from '../api/enumeration.js';
import { fits } from './field-types.js';

export interface Proposal {
  readonly source: string;
  readonly target: string;
}

/** `First Name`, `FIRST_NAME` and `firstName` are the same name; `Custom__c` is `custom` in Salesforce. */
const plain = (name: string): string =>
  name
    .replace(/__c$/i, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

/**
 * Pairs of fields that bear the same name, case and signs aside, in the order of the target. Each field is used once;
 * what cannot be written, or is of a type that does not fit, is left out. Pure.
 */
export const proposeFields = (
  sources: readonly SourceField[],
  targets: readonly TargetField[],
): readonly Proposal[] => {
  const taken = new Set<string>();
  return targets
    .filter(({ createable, updateable }) => createable !== false || updateable !== false)
    .flatMap(({ id, name, type }) => {
      const wanted = [plain(id), plain(name)].filter((each) => each !== '');
      const free = sources.filter((field) => !taken.has(field.name) && fits(field.type, type));
      const found =
        free.find((field) => field.name === id) ??
        free.find((field) => wanted.includes(plain(field.name))) ??
        free.find((field) => wanted.includes(plain(field.label)));
      if (found === undefined) return [];
      taken.add(found.name);
      return [{ source: found.name, target: id }];
    });
};
