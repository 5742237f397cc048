/** From values to YAML text, in the way that people write manifests. Pure. */
import { Document, Scalar, stringify, YAMLMap, YAMLSeq, type Node } from 'yaml';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';

/** Longer maps go over several lines. */
const LONGEST = 76;
const MOST = 5;

const options = { lineWidth: 0, indentSeq: true } as const;

const isScalarValue = (value: Json): boolean => !isJsonArray(value) && !isJsonObject(value);

/** Whether a map is short enough for one line, as `{ source: customers.email, target: EMAIL }`. */
const isShort = (value: JsonObject): boolean => {
  const items = Object.values(value);
  const small = (item: Json): boolean =>
    isScalarValue(item) || (isJsonObject(item) && Object.values(item).every(isScalarValue));
  return (
    items.length > 0 &&
    items.length <= MOST &&
    items.every(small) &&
    JSON.stringify(value).length <= LONGEST &&
    !items.some((item) => typeof item === 'string' && /\n|\$\{secret:/.test(item))
  );
};

export interface NodeOptions {
  /** Whether short maps below stand on one line. */
  readonly flow: boolean;
}

/** A syntax tree of a value. */
export const nodeOf = (value: Json, { flow }: NodeOptions): Node => {
  if (isJsonArray(value)) {
    const list = new YAMLSeq();
    list.items = value.map((item) => nodeOf(item, { flow: true }));
    if (value.length === 0) list.flow = true;
    return list;
  }
  if (!isJsonObject(value)) return new Scalar(value);
  const map = new YAMLMap();
  for (const [name, item] of Object.entries(value))
    map.add({ key: name, value: nodeOf(item, { flow: true }) });
  map.flow = Object.keys(value).length === 0 || (flow && isShort(value));
  return map;
};

const textOf = (node: Node): string => {
  const document = new Document();
  document.contents = node;
  return document.toString(options);
};

/** A configuration is what a manifest is about: more than one line of it stands below each other; so do instances. */
const mayBeShort = (name: string, value: Json): boolean =>
  (name !== 'configuration' && name !== 'instances') ||
  !isJsonObject(value) ||
  Object.keys(value).length === 1;

/** The text of one document, with comments before the field that each is about, or at its end. */
export const documentText = (
  document: JsonObject,
  comments: readonly { readonly before?: string; readonly text: string }[],
): string => {
  const map = new YAMLMap();
  for (const [name, value] of Object.entries(document)) {
    const key = new Scalar(name);
    const own = comments.filter(({ before }) => before === name).map(({ text }) => ` ${text}`);
    if (own.length > 0) key.commentBefore = own.join('\n');
    map.add({ key, value: nodeOf(value, { flow: mayBeShort(name, value) }) });
  }
  const last = comments.filter(({ before }) => before === undefined || !Object.hasOwn(document, before));
  const text = textOf(map);
  return `${text}${last.map((comment) => `# ${comment.text}\n`).join('')}`;
};

/** `value` on one line, as it stands inside of brackets. */
export const flowText = (value: Json): string => {
  const node = new YAMLSeq();
  node.items = [nodeOf(value, { flow: true })];
  node.flow = true;
  return textOf(node).trimEnd().slice(1, -1).trim();
};

const shift = (text: string, column: number): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line, index) => (index === 0 || line === '' ? line : `${' '.repeat(column)}${line}`))
    .join('\n');

/** `name: value`, whose first line stands at `column` already. */
export const pairText = (name: string, value: Json, column: number, flow = true): string => {
  const map = new YAMLMap();
  map.add({ key: name, value: nodeOf(value, { flow: flow && mayBeShort(name, value) }) });
  return shift(textOf(map), column);
};

/** `- value`, whose first line stands at `column` already. */
export const itemText = (value: Json, column: number, flow: boolean): string => {
  const list = new YAMLSeq();
  list.items = [nodeOf(value, { flow })];
  return shift(textOf(list), column);
};

/** A scalar in the way that the one in its place was quoted. */
export const scalarText = (value: Json, like: Scalar.Type | undefined): string => {
  const scalar = new Scalar(value);
  if (typeof value === 'string' && (like === 'QUOTE_SINGLE' || like === 'QUOTE_DOUBLE')) scalar.type = like;
  return stringify(scalar, options).trimEnd();
};
