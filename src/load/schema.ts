/** Checks documents against the JSON Schemas, and says what is wrong in words that help. */
import type { ErrorObject } from 'ajv';
import type { Json } from '../core/json.js';
import { escapePointer } from '../core/secret.js';
import { didYouMean, nearest } from '../core/suggest.js';
import type { Validate } from './ajv.js';
import { typeWords } from './json-schema/types.js';
import { validatorOf } from './validators.js';
import { asText } from '../core/text.js';

/** A finding of the schema, with a pointer to the value; `at: 'key'` where the key itself is wrong. */
export interface SchemaFinding {
  readonly code: string;
  readonly pointer: string;
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
}

/** What the schema of `name` (`Connection`, `Overlay`, `Config` …) finds in a value; nothing for a valid one. */
export const checkSchema = (name: string, value: Json): readonly SchemaFinding[] => {
  return findingsOf(validatorOf(name), value);
};

/** As `checkSchema`, for any validator. */
export const findingsOf = (validate: Validate, value: Json): readonly SchemaFinding[] => {
  if (validate(value)) return [];
  const errors = (validate.errors ?? []) as readonly ErrorObject[];
  const findings = errors.flatMap((error) => {
    const finding = translate(error);
    return finding === undefined ? [] : [finding];
  });
  const seen = new Set<string>();
  return findings.filter(({ pointer, message }) => {
    const id = `${pointer} ${message}`;
    return seen.has(id) ? false : seen.add(id);
  });
};

/** The schema around the failing keyword, as `verbose` gives it. */
const parentOf = (error: ErrorObject): { readonly properties?: object; readonly title?: string } =>
  (error.parentSchema ?? {}) as { readonly properties?: object; readonly title?: string };

const lastName = (pointer: string): string =>
  pointer.split('/').findLast((part) => !/^\d*$/.test(part)) ?? 'the document';

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? 'nothing' : text.length > 60 ? `${text.slice(0, 59)}…` : text;
};

/** As a manifest writes it. */
const typeNames: Readonly<Record<string, string>> = { ...typeWords, null: 'null' };

const kindOfValue = (value: unknown): string =>
  value === null ? 'nothing' : Array.isArray(value) ? 'a list' : (typeNames[typeof value] ?? typeof value);

type Words = Omit<SchemaFinding, 'pointer' | 'at'> & { readonly pointer?: string; readonly at?: 'key' };
type Translate = (error: ErrorObject, name: string) => Words | undefined;

/** How a text is written, by the title of its schema. */
const formats: Readonly<Record<string, string>> = {
  Source: 'write MODEL.FIELD, or {model: …, field: …}',
  Key: 'use letters, digits, "-" and "_", at most 128, and begin with a letter or a digit',
  RuleName: 'use small letters and digits, with "-" between the words',
  Day: 'write a day as YYYY-MM-DD',
  Link: 'write an address that begins with https://',
};

const reference = 'a reference is a key, {id: …} or {name: …}';
const requirements = 'add one of: resource, change, plan, approval, obfuscated';

/** Maps with too few entries, and with too many, by the title of their schema. */
const tooFew: Readonly<Record<string, Pick<Words, 'message' | 'hint'>>> = {
  Overlay: { message: 'the overlay changes nothing', hint: 'add merge: {…} or patch: […]' },
  Require: { message: 'the rule requires nothing', hint: requirements },
  Most: {
    message: 'the rule limits nothing',
    hint: 'add one of: changes, creates, updates, replaces, deletes',
  },
  NeededApproval: { message: 'the rule needs nobody', hint: 'add label: NAME or owners: true' },
  Obfuscated: { message: 'the rule names no column', hint: 'add columns: [NAME] or label: NAME' },
};
const tooMany: Readonly<Record<string, Pick<Words, 'message' | 'hint'>>> = {
  Overlay: { message: 'the overlay has both merge and patch', hint: 'write two documents' },
};

const translations: Readonly<Record<string, Translate>> = {
  additionalProperties: (error) => {
    const property = String(error.params['additionalProperty']);
    const fields = Object.keys(parentOf(error).properties ?? {});
    const hint =
      nearest(property, fields) === undefined && fields.includes('extra')
        ? `where the API has it and this version does not know it yet: extra: {${property}: …}`
        : didYouMean(property, fields);
    return {
      code: 'unknown-field',
      at: 'key',
      pointer: `${error.instancePath}/${escapePointer(property)}`,
      message: `unknown field "${property}"`,
      ...(hint === undefined ? {} : { hint }),
    };
  },
  required: (error) => ({
    code: 'missing-field',
    message: `the field "${String(error.params['missingProperty'])}" is missing`,
    hint: `add ${String(error.params['missingProperty'])}: …`,
  }),
  enum: (error, name) => {
    const allowed = (error.params['allowedValues'] as readonly unknown[]).map(String);
    return {
      code: 'unknown-value',
      message: `${name} cannot be ${shown(error.data)}`,
      hint:
        (typeof error.data === 'string' ? didYouMean(error.data, allowed) : undefined) ??
        `one of: ${allowed.join(', ')}`,
    };
  },
  const: (error, name) => ({
    code: 'unknown-value',
    message: `${name} must be ${shown(error.params['allowedValue'])}`,
  }),
  type: (error, name) => {
    const wanted = [error.params['type'] as string | readonly string[]]
      .flat()
      .map((type) => typeNames[type] ?? type);
    return {
      code: 'wrong-type',
      message: `${name} must be ${wanted.join(' or ')}, and is ${kindOfValue(error.data)}`,
      ...(wanted[0] === 'text' && typeof error.data !== 'object'
        ? { hint: `put it in quotes: "${asText(error.data)}"` }
        : {}),
    };
  },
  format: (error, name) => ({
    code: 'wrong-format',
    message: `${name} is no ${String(error.params['format'])}: ${shown(error.data)}`,
  }),
  pattern: (error, name) => ({
    code: 'wrong-format',
    message: `${name} cannot be ${shown(error.data)}`,
    hint: formats[parentOf(error).title ?? ''] ?? `it has to match ${String(error.params['pattern'])}`,
  }),
  minLength: (_, name) => ({
    code: 'empty-value',
    message: `${name} is empty`,
    hint: 'give it a value, or remove the line',
  }),
  minItems: (_, name) => ({
    code: 'empty-value',
    message: `${name} is empty`,
    hint: 'give it an item, or remove the line',
  }),
  uniqueItems: (error, name) => ({
    code: 'duplicate-item',
    message: `${name} has the same item twice (positions ${String(error.params['j'])} and ${String(error.params['i'])})`,
  }),
  minProperties: (error) => ({
    code: 'missing-field',
    message: 'the map is empty',
    hint: reference,
    ...tooFew[parentOf(error).title ?? ''],
  }),
  maxProperties: (error) => ({
    code: 'too-many-fields',
    message: 'the map has more than one entry',
    hint: reference,
    ...tooMany[parentOf(error).title ?? ''],
  }),
  anyOf: (error) =>
    parentOf(error).title === 'FieldMapping'
      ? {
          code: 'missing-field',
          message: 'the field mapping has neither source nor override_value',
          hint: 'add source: MODEL.FIELD',
        }
      : undefined,
  propertyNames: (error) => ({
    code: 'wrong-format',
    at: 'key',
    pointer: `${error.instancePath}/${escapePointer(String(error.params['propertyName']))}`,
    message: `the name "${String(error.params['propertyName'])}" is not allowed here`,
    hint: 'use letters, digits and "_"',
  }),
};

const translate = (error: ErrorObject): SchemaFinding | undefined => {
  // What failed inside a condition, a choice or a name is told by the keyword around it.
  if (error.keyword === 'if' || error.schemaPath.includes('/anyOf/') || error.propertyName !== undefined)
    return undefined;
  const words = translations[error.keyword]?.(error, lastName(error.instancePath)) ?? {
    code: 'invalid',
    message: `${lastName(error.instancePath)} ${error.message ?? 'is not valid'}`,
  };
  if (error.keyword === 'anyOf' && words.code === 'invalid') return undefined;
  return { pointer: error.instancePath, at: 'value', ...words };
};
