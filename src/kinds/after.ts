/** What comes before an object that no reference names, out of the tables of the kinds. Pure. */
import { redact, isValueArray, type Value, type ValueObject } from '../core/secret.js';
import type { After, Kind } from './kind.js';
import { kinds } from './registry.js';

const label = ({ kind, same }: After, document: ValueObject, name: Value | undefined): string =>
  JSON.stringify([
    kind,
    ...[...same.map((field) => document[field]), name].map((held) => redact(held ?? null)),
  ]);

/** What comes before the object of a document: a text for each, which is among the labels of what it means. */
export const awaitedBy = ({ after = [] }: Kind, document: ValueObject): readonly string[] =>
  after.flatMap((rule) => {
    const named = document[rule.list];
    return isValueArray(named) ? named.map((name) => label(rule, document, name)) : [];
  });

/** What the object of a document is awaited as. */
export const labelsOf = ({ name }: Kind, document: ValueObject): readonly string[] =>
  kinds.flatMap(({ after = [] }) =>
    after.filter(({ kind }) => kind === name).map((rule) => label(rule, document, document[rule.as])),
  );
