/** The short form of a field of a model, wherever one can stand. Pure. */
import { isValueObject, type Value, type ValueObject } from '../core/secret.js';
import type { Kind } from './kind.js';
import { isUnder, mapDocument } from './paths.js';

/** `customers.email` is short for `{model: customers, field: email}`. A key holds no dot, a field may. */
export const longField = (value: Value): Value => {
  if (typeof value !== 'string') return value;
  const dot = value.indexOf('.');
  return dot < 1 ? value : { model: value.slice(0, dot), field: value.slice(dot + 1) };
};

/** `{model: customers, field: email}` as `customers.email`, where the model is one of this repository. */
export const shortField = (value: Value): Value =>
  isValueObject(value) &&
  typeof value['model'] === 'string' &&
  typeof value['field'] === 'string' &&
  /^.+$/u.test(value['field'])
    ? `${value['model']}.${value['field']}`
    : value;

/** The document with the fields' own names. Where both are written, both stay: a check tells. */
export const acceptAliases = ({ aliases }: Kind, document: ValueObject): ValueObject =>
  aliases.reduce(
    (whole, { path, alias, name }) =>
      mapDocument(whole, path, (object) =>
        object[alias] === undefined || object[name] !== undefined
          ? object
          : Object.fromEntries(
              Object.entries(object).map(([key, value]) => [key === alias ? name : key, value]),
            ),
      ),
    document,
  );

/** The path as the manifest has it, for one into the document with the fields' own names. */
export const aliasedPath = (
  { aliases }: Kind,
  segments: readonly string[],
  isWritten: (path: readonly string[]) => boolean,
): readonly string[] => {
  const found = aliases.find(
    ({ path, name }) =>
      segments[path.length] === name &&
      isUnder(segments.slice(0, path.length), path) &&
      !isWritten(segments.slice(0, path.length + 1)),
  );
  return found === undefined
    ? segments
    : segments.map((segment, index) => (index === found.path.length ? found.alias : segment));
};
