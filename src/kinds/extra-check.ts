/** Fields of a manifest that this version does not know: what can be said of them all the same. Pure. */
import { escapePointer, isValueArray, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { EXTRA, extraOf, namesAt } from './extra.js';
import type { Finding, Kind } from './kind.js';
import { isMask } from './mask.js';
import type { Path } from './paths.js';

/** What is wrong with the extras of a manifest, and that the rest of them is not checked. */
export const checkExtra = (kind: Kind, document: ValueObject): readonly Finding[] => {
  const findings: Finding[] = [];
  const what = `a ${kind.noun.one}`;
  for (const level of kind.levels) {
    const known = namesAt(kind, level);
    eachObject(document, level.path, (object, at) => {
      for (const [name, value] of Object.entries(extraOf(object))) {
        const pointer = `${at}/${EXTRA}/${escapePointer(name)}`;
        const where =
          level.path.length === 0 ? '' : `${level.path.filter((each) => each !== '*').join('.')} of `;
        if (level.server.includes(name))
          findings.push({
            severity: 'error',
            code: 'read-only-field',
            pointer,
            message: `${name} is set by the server and cannot be written`,
            hint: 'remove the line',
          });
        else if (known.has(name))
          findings.push({
            severity: 'error',
            code: 'known-field',
            pointer,
            message: `${name} is a field of ${where}${what} that this version knows`,
            hint: `write ${name}: … beside extra, not below it`,
          });
        else if (isMask(value))
          findings.push({
            severity: 'error',
            code: 'mask-in-manifest',
            pointer,
            message: `${name} is a mask, not a value: the API shows asterisks in the place of a secret`,
            hint: 'remove the line',
          });
        else
          findings.push({
            severity: 'warning',
            code: 'extra-field',
            pointer,
            message: `this version does not know ${name} of ${where}${what}: it is sent as it is, and not checked`,
          });
      }
    });
  }
  return findings;
};

const eachObject = (
  value: Value,
  [head, ...rest]: Path,
  visit: (object: ValueObject, at: string) => void,
  at = '',
): void => {
  if (head === undefined) {
    if (isValueObject(value)) visit(value, at);
  } else if (head === '*') {
    if (isValueArray(value))
      value.forEach((item, index) => {
        eachObject(item, rest, visit, `${at}/${index}`);
      });
  } else if (isValueObject(value) && value[head] !== undefined)
    eachObject(value[head], rest, visit, `${at}/${head}`);
};
