/** A resource as it is after everything, each value with the place that it comes from. */
import { Document, isCollection, isMap, isScalar, isSeq } from 'yaml';
import type { Place } from '../core/diagnostics.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { escapePointer } from '../core/secret.js';
import { printable } from '../core/text.js';

/** The pointers of the values that hold no others, in document order. */
const leavesOf = (value: Json, pointer = ''): readonly string[] => {
  const below = isJsonArray(value)
    ? value.map((item, index) => [String(index), item] as const)
    : isJsonObject(value)
      ? Object.entries(value)
      : [];
  return below.length === 0
    ? [pointer]
    : below.flatMap(([name, item]) => leavesOf(item, `${pointer}/${escapePointer(name)}`));
};

/** The place of each value, by its JSON pointer. */
export const placesIn = (
  document: JsonObject,
  placeOf: (pointer: string) => Place,
): Readonly<Record<string, Place>> =>
  Object.fromEntries(leavesOf(document).map((pointer) => [pointer, placeOf(pointer)]));

/** YAML, with the place of each value behind it, which `placeOf` gives by a JSON pointer. Ends with a newline. */
export const explainText = (document: JsonObject, placeOf: (pointer: string) => Place): string => {
  const annotate = (node: unknown, pointer: string): void => {
    if (isMap(node) && node.items.length > 0)
      for (const { key, value } of node.items)
        annotate(value, `${pointer}/${escapePointer(isScalar(key) ? String(key.value) : '')}`);
    else if (isSeq(node) && node.items.length > 0)
      for (const [index, item] of node.items.entries()) annotate(item, `${pointer}/${index}`);
    else if (isScalar(node) || isCollection(node)) {
      const { file, line } = placeOf(pointer);
      node.comment = ` ${printable(file)}:${line}`;
    }
  };
  const drawn = new Document(document);
  annotate(drawn.contents, '');
  // A comment behind the last value ends without one.
  return `${drawn.toString({ lineWidth: 0 }).trimEnd()}\n`;
};
