/** The reference of what can be written: every field of every kind of document, and of the configuration file. */
import { typeWords } from '../../src/load/json-schema/types.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';
import { code, generated, page, sentence, table } from './markdown.js';

/** The schemas by the names of their files. */
export type Schemas = Readonly<Record<string, JsonObject>>;

interface Row {
  readonly field: string;
  readonly type: string;
  readonly meaning: string;
}

/** Forms that many fields share: told once. */
const shared: Readonly<Record<string, string>> = {
  reference: 'a reference',
  source: 'a field of a model',
  filterFunction: 'a function',
  configuration: 'a free map',
};

const typeNames: Readonly<Record<string, string>> = { ...typeWords, null: 'null' };

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const objectOf = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});
const listOf = (value: Json | undefined): readonly Json[] => (isJsonArray(value) ? value : []);

/** A schema with what it refers to; its own words go first. */
const resolved = (
  schemas: Schemas,
  file: string,
  schema: JsonObject,
): { readonly schema: JsonObject; readonly file: string; readonly name?: string } => {
  const ref = textOf(schema['$ref']);
  if (ref === '') return { schema, file };
  const [named = '', pointer = ''] = ref.split('#');
  const target = named === '' ? file : named.replace('.schema.json', '');
  const steps = pointer.split('/').slice(1);
  const found = steps.reduce<Json | undefined>((at, step) => objectOf(at)[step], schemas[target]);
  const { $ref: _ref, ...own } = schema;
  const name = steps.at(-1);
  return {
    schema: { ...objectOf(found), ...own },
    file: target,
    ...(target === 'common' && name !== undefined ? { name } : {}),
  };
};

const typeOf = (schemas: Schemas, file: string, given: JsonObject): string => {
  const { schema, file: own, name } = resolved(schemas, file, given);
  const known = name === undefined ? undefined : shared[name];
  if (known !== undefined && name !== undefined) return `[${known}](#${name.toLowerCase()})`;
  if (schema['const'] !== undefined) return code(asText(schema['const']));
  const choices = listOf(schema['enum']);
  if (choices.length > 0) return 'a word';
  const alternatives = listOf(schema['anyOf']).filter(isJsonObject);
  if (alternatives.length > 0)
    return alternatives
      .filter((each) => each['required'] === undefined)
      .map((each) => typeOf(schemas, own, each))
      .join(' or ');
  const types = [schema['type'] ?? []].flat().map(String);
  if (types.length === 0) return 'any value';
  const words = types.map((type) => typeNames[type] ?? type);
  const items = objectOf(schema['items']);
  if (types.includes('array') && Object.keys(items).length > 0) {
    const item = resolved(schemas, own, items).schema;
    if (item['properties'] === undefined || resolved(schemas, own, items).name !== undefined)
      return words
        .map((word) => (word === 'a list' ? `a list of ${typeOf(schemas, own, items)}` : word))
        .join(' or ');
  }
  return words.join(' or ');
};

const choicesOf = (schema: JsonObject): string => {
  const choices = listOf(schema['enum']);
  return choices.length === 0 ? '' : ` One of ${choices.map((each) => code(asText(each))).join(', ')}.`;
};

/** The fields below a map, or below the items of a list. */
const rowsOf = (
  schemas: Schemas,
  file: string,
  given: JsonObject,
  prefix: string,
  seen: readonly string[] = [],
): readonly Row[] => {
  const at = resolved(schemas, file, given);
  if (at.name !== undefined && shared[at.name] !== undefined) return [];
  const required = new Set([
    ...listOf(at.schema['required']),
    ...listOf(objectOf(at.schema['else'])['required']),
  ]);
  return [
    ...Object.entries(objectOf(at.schema['properties'])).flatMap(([name, value]): readonly Row[] => {
      const field = `${prefix}${name}`;
      const property = objectOf(value);
      const { schema } = resolved(schemas, at.file, property);
      const ref = textOf(property['$ref']);
      const isRound = ref !== '' && seen.includes(ref);
      return [
        {
          field,
          type: `${typeOf(schemas, at.file, property)}${required.has(name) ? ', **required**' : ''}`,
          meaning: `${sentence(textOf(schema['description']))}${choicesOf(schema)}`,
        },
        ...(isRound ? [] : rowsOf(schemas, at.file, property, `${field}.`, [...seen, ref])),
      ];
    }),
    ...(at.schema['items'] === undefined
      ? []
      : rowsOf(schemas, at.file, objectOf(at.schema['items']), `${prefix.replace(/\.$/, '')}[].`, seen)),
    ...(isJsonObject(at.schema['additionalProperties'])
      ? rowsOf(schemas, at.file, at.schema['additionalProperties'], `${prefix}NAME.`, seen)
      : []),
  ];
};

const fieldTable = (schemas: Schemas, file: string, schema: JsonObject): string =>
  table(
    ['Field', 'Value', 'Meaning'],
    rowsOf(schemas, file, schema, '').map(({ field, type, meaning }) => [code(field), type, meaning]),
  );

const sectionOf = (schemas: Schemas, name: string, level: string): readonly string[] => {
  const schema = objectOf(schemas[name]);
  return [
    `${level} ${textOf(schema['title'])}`,
    sentence(textOf(schema['description'])),
    fieldTable(schemas, name, schema),
  ];
};

const sharedSection = (schemas: Schemas, name: string): readonly string[] => {
  const schema = objectOf(objectOf(objectOf(schemas['common'])['$defs'])[name]);
  const rows = rowsOf({ ...schemas, own: schema }, 'common', schema, '');
  const choices = listOf(schema['enum']);
  return [
    `### ${name}`,
    sentence(textOf(schema['description'])),
    choices.length === 0 ? '' : `One of ${choices.map((each) => code(asText(each))).join(', ')}.`,
    rows.length === 0
      ? ''
      : table(
          ['Field', 'Value', 'Meaning'],
          rows.map(({ field, type, meaning }) => [code(field), type, meaning]),
        ),
  ];
};

/** The page of all documents that a manifest file may hold. `kinds` and `statements` are names of schemas. */
export const fieldsPage = (
  schemas: Schemas,
  kinds: readonly string[],
  statements: readonly string[],
): string =>
  page([
    generated('schemas/', 'outline: [2, 3]'),
    '# Fields of manifests',
    'Every field of every kind, as `validate` and editors know them. A dot leads into a map, `[]` into the items of a list, `NAME` stands for a name of your own. _Required_ holds for resources that this repository manages; with `external: true` only what they are found by is. Which request of the API a field goes into: [Manifests](../manifests.md#which-field-goes-where).',
    '## Kinds',
    ...kinds.flatMap((name) => sectionOf(schemas, name, '###')),
    '## Statements',
    'Documents that say something of other documents, and are no resource themselves.',
    ...statements.flatMap((name) => sectionOf(schemas, name, '###')),
    '## What many fields share',
    ...Object.keys(shared).flatMap((name) => sharedSection(schemas, name)),
  ]);

/** The page of the configuration file. */
export const configurationPage = (schemas: Schemas): string =>
  page([
    generated('schemas/config.schema.json', 'outline: 2'),
    '# Fields of the configuration file',
    'All of `polytomic.config.yaml` ([what it is for](../configuration.md)). A dot leads into a map, `[]` into the items of a list, `NAME` stands for a name of your own.',
    fieldTable(schemas, 'config', objectOf(schemas['config'])),
  ]);
