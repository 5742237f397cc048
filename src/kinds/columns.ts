/** Which columns leave their source, and whether anybody can read them afterwards. Pure. */
import type { Value, ValueObject } from '../core/secret.js';
import { isValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { items } from './paths.js';
import { parseReference } from './reference.js';
import { mappingsOf } from './sync-identities.js';

/** The kinds of what columns come from. */
const MODEL = 'Model';
const CONNECTION = 'Connection';

/** A column that a document moves, or (`column` absent) all of a place that it does not name. */
export interface MovedColumn {
  /** Where the document says it, as a JSON pointer. */
  readonly pointer: string;
  readonly column?: string;
  /** What the column is of, in the words of its source: `public.users`; absent where only `from` is known. */
  readonly table?: string;
  /** What it comes from, where this repository has it. */
  readonly from?: { readonly kind: string; readonly key: string };
  /** Its values are made unreadable on the way. */
  readonly hidden: boolean;
  /** Columns of the same place that the document does name. */
  readonly named?: readonly string[];
}

const fromOf = (kind: string, value: Value | undefined): Pick<MovedColumn, 'from'> => {
  const reference = parseReference(value);
  return reference?.to === 'key' ? { from: { kind, key: reference.key } } : {};
};

const moved = (source: Value | undefined, pointer: string, hidden: boolean): readonly MovedColumn[] =>
  isValueObject(source)
    ? [{ pointer, column: asText(source['field']), ...fromOf(MODEL, source['model']), hidden }]
    : [];

/** Fields of models that are mapped, or written to find records by. */
export const syncColumns = (document: ValueObject): readonly MovedColumn[] => [
  ...items(document['fields']).flatMap(({ source, encryption_enabled: encrypts }, index) =>
    moved(source, `/fields/${index}/source`, encrypts === true),
  ),
  ...mappingsOf(document).flatMap(({ source }, index) =>
    moved(source, `/identities/mappings/${index}/source`, false),
  ),
];

/** Fields of schemas that are copied; and what else of a schema, where it is not said that nothing is. */
export const bulkColumns = (document: ValueObject): readonly MovedColumn[] => {
  const from = fromOf(CONNECTION, document['source_connection']);
  return items(document['schemas']).flatMap((schema, index): readonly MovedColumn[] => {
    if (schema['enabled'] === false) return [];
    const table = asText(schema['id']);
    const pointer = `/schemas/${index}`;
    const fields = items(schema['fields']);
    const rest: MovedColumn = {
      pointer,
      table,
      ...from,
      hidden: false,
      named: fields.map(({ id }) => asText(id)),
    };
    return [
      ...fields.flatMap(({ id, enabled, obfuscate }, at): readonly MovedColumn[] =>
        enabled === false
          ? []
          : [
              {
                pointer: `${pointer}/fields/${at}`,
                column: asText(id),
                table,
                ...from,
                hidden: obfuscate === true,
              },
            ],
      ),
      ...(schema['other_fields'] === 'disabled' ? [] : [rest]),
    ];
  });
};
