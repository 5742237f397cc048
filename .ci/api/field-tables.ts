/** Which field of which kind goes where: the tables of docs/manifests.md. */
import common from '../../schemas/common.schema.json' with { type: 'json' };
import { kinds } from '../../src/kinds/registry.js';
import { parseReasons, type Group } from './explained.js';
import { ownDescription } from './own.js';
import { manifestsOf, writableFields, type Manifests, type WritableField } from './writable.js';

const code = (text: string): string => `\`${text}\``;

const joined = (texts: readonly string[]): string => [...new Set(texts)].join(', ');

const plain = (path: string): string => path.replaceAll(/\{\w*\}/g, '{}');

/** What of an address follows the object itself: `/error-handling`; empty for the object and its collection. */
const partOf = ({ one }: Manifests, operation: string): string => {
  const path = plain(operation.split(' ')[1] ?? '');
  return one !== undefined && path.startsWith(plain(one)) ? path.slice(plain(one).length) : '';
};

const sentWith = (kind: Manifests, { sent }: WritableField): string =>
  joined(
    sent.map(({ operation }) => {
      const [method = ''] = operation.split(' ');
      const part = partOf(kind, operation);
      return code(part === '' ? method : `${method} …${part}`);
    }),
  );

const isTop = (row: string): boolean => row.split('.').length === 2;

const inApi = (kind: Manifests, { row, wire, sent }: WritableField): string =>
  wire === ''
    ? 'said by which request it is'
    : !isTop(row)
      ? joined(sent.flatMap(({ types }) => types.map((type) => code(`${type}.${wire}`))))
      : sent.every(({ operation }) => partOf(kind, operation) !== '')
        ? 'a body of its own'
        : code(wire);

/** The fields of a kind that its manifests have no place for, with the reason of the file; without one, an empty text. */
export const leftOut = (
  fields: readonly WritableField[],
  groups: readonly Group[],
): readonly { readonly row: string; readonly reason: string }[] =>
  fields
    .filter(({ isManaged }) => !isManaged)
    .map(({ row }) => ({
      row,
      reason: groups.find(({ unmanaged = [] }) => unmanaged.includes(row))?.reason.trim() ?? '',
    }));

const tableOf = (kind: Manifests, fields: readonly WritableField[], groups: readonly Group[]): string => {
  const short = (row: string): string => row.slice(kind.name.length + 1);
  const top = fields.filter(({ row }) => isTop(row)).flatMap(({ sent }) => sent);
  const operations = [...new Set(top.map(({ operation }) => operation))].filter(
    (operation) => partOf(kind, operation) === '',
  );
  const intro = operations.map((operation) => {
    const types = top.filter((each) => each.operation === operation).flatMap((each) => each.types);
    return `${code(operation)} takes ${joined(types.map(code))}`;
  });
  const table = [
    ['Field', 'In the API', 'Sent with'],
    ['---', '---', '---'],
    ...fields
      .filter(({ isManaged }) => isManaged)
      .map((field) => [code(short(field.row)), inApi(kind, field), sentWith(kind, field)]),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  const rest = leftOut(fields, groups).map(({ row, reason }) => `- ${code(short(row))}: ${reason}`);
  return [
    `### ${kind.name}`,
    `${intro.join(', ')}.`,
    table,
    ...(rest.length === 0
      ? []
      : ['The API takes these, too, and a manifest has no place for them:', rest.join('\n')]),
  ].join('\n\n');
};

const all = (): readonly Manifests[] => kinds.flatMap((kind) => manifestsOf(kind) ?? []);

/** Every field that the newest version of the API takes for resources of these kinds. */
export const fieldsByKind = (
  manifests: readonly Manifests[] = all(),
): readonly (readonly [Manifests, readonly WritableField[]])[] => {
  const description = ownDescription();
  return manifests.map((kind) => [kind, writableFields(kind, common.$defs, description)]);
};

/** The tables as Markdown. `reasons`: the text of the file of reasons. */
export const fieldTables = (reasons: string, manifests: readonly Manifests[] = all()): string => {
  const groups = parseReasons(reasons);
  return fieldsByKind(manifests)
    .map(([kind, fields]) => tableOf(kind, fields, groups))
    .join('\n\n');
};
