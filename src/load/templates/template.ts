/** Templates: resources with parameters, checked once, however many instances there are. Pure. */
import type { Diagnostic, Place } from '../../core/diagnostics.js';
import { isJsonArray, isJsonObject, objectsIn, type JsonObject } from '../../core/json.js';
import { didYouMean } from '../../core/suggest.js';
import { asText } from '../../core/text.js';
import { unknownKind } from '../../kinds/names.js';
import { kinds } from '../../kinds/registry.js';
import { partsOf } from '../json-schema/parts.js';
import { compilePatterns, type Patterns } from '../json-schema/patterns.js';
import { budgetFor } from '../json-schema/schema.js';
import type { ParsedDocument } from '../parse.js';
import { checkSchema } from '../schema.js';
import { INSTANCES, KEY, MOST_DEEP, TEMPLATE, type Parameter, type Template } from './instance.js';
import { checkParameter, checkParameterSchema } from './parameters.js';
import { shapeOf } from './shape.js';

/** The place of a JSON pointer into a document. */
export type PlaceOf = (document: ParsedDocument, pointer: string, what: 'key' | 'value') => Place;

const kindNames = kinds.map(({ name }) => name);

type Fail = (code: string, pointer: string, message: string, hint: string, at?: 'key' | 'value') => void;

const parameterOf = (name: string, schema: JsonObject, patterns: Patterns, fail: Fail): Parameter => {
  const pointer = `/parameters/${name}`;
  const problems = checkParameterSchema(schema, patterns);
  for (const problem of problems)
    fail(
      problem.code,
      `${pointer}${problem.pointer}`,
      problem.message,
      problem.hint ?? 'correct it',
      problem.at,
    );
  const { default: preset } = schema;
  const parameter = { schema, ...(preset === undefined ? {} : { preset }) };
  if (preset !== undefined && preset !== null && problems.length === 0)
    for (const { message, hint } of checkParameter(name, parameter, preset, patterns, budgetFor(0)))
      fail(
        'bad-default',
        `${pointer}/default`,
        `the default is not as the schema says: ${message}`,
        hint ?? 'correct one of them',
      );
  return parameter;
};

/** The regular expressions of the parameters of a document, whatever it holds. */
const patternsIn = ({ value }: ParsedDocument): readonly string[] => {
  const parameters = isJsonObject(value) ? value['parameters'] : undefined;
  return isJsonObject(parameters)
    ? Object.values(parameters).flatMap((schema) =>
        isJsonObject(schema) ? partsOf(schema).patterns.map(([source]) => source) : [],
      )
    : [];
};

const readTemplate = (
  document: ParsedDocument,
  patterns: Patterns,
  placeOf: PlaceOf,
): { readonly template: Template | undefined; readonly diagnostics: readonly Diagnostic[] } => {
  const value = document.value as JsonObject;
  const diagnostics: Diagnostic[] = [];
  const problems = checkSchema(TEMPLATE, value);
  for (const { pointer, at, ...problem } of problems)
    diagnostics.push({ severity: 'error', ...problem, place: placeOf(document, pointer, at) });
  const key = typeof value['key'] === 'string' ? value['key'] : undefined;
  const nothing = {
    document,
    parameters: new Map<string, Parameter>(),
    patterns,
    keyFrom: [],
    resources: [],
  };
  if (problems.length > 0 || key === undefined)
    return { template: key === undefined ? undefined : { ...nothing, key, isSound: false }, diagnostics };
  const fail: Fail = (code, pointer, message, hint, at = 'value') => {
    diagnostics.push({ severity: 'error', code, message, hint, place: placeOf(document, pointer, at) });
  };
  const declared = isJsonObject(value['parameters']) ? value['parameters'] : {};
  const parameters = new Map(
    Object.entries(declared).map(([name, schema]) => [
      name,
      parameterOf(name, schema as JsonObject, patterns, fail),
    ]),
  );
  const used = new Set<string>();
  const resources = (isJsonArray(value['resources']) ? value['resources'] : []).map((resource, index) => {
    const at = `/resources/${index}`;
    const { shape, mentions } = shapeOf(resource);
    for (const { parameter, text, pointer } of mentions) {
      if (parameter === undefined)
        fail(
          'bad-expression',
          `${at}${pointer}`,
          `${text} is no expression`,
          'write ${param.NAME}; $${ stands for a plain ${',
        );
      else if (parameter !== KEY && !parameters.has(parameter))
        fail(
          'unknown-parameter',
          `${at}${pointer}`,
          `the template has no parameter ${parameter}`,
          didYouMean(parameter, [...parameters.keys(), KEY]) ?? 'add it under parameters',
        );
      else used.add(parameter);
    }
    checkResource(resource as JsonObject, at, fail);
    return shape;
  });
  const keyFrom = (isJsonArray(value['key_from']) ? value['key_from'] : []).map(asText);
  for (const [index, name] of keyFrom.entries()) {
    if (parameters.has(name) && name !== KEY) used.add(name);
    else
      fail(
        'unknown-parameter',
        `/key_from/${index}`,
        name === KEY ? 'a key cannot be made of itself' : `the template has no parameter ${name}`,
        didYouMean(
          name,
          [...parameters.keys()].filter((each) => each !== KEY),
        ) ?? 'add it under parameters',
      );
  }
  const isSound = diagnostics.length === 0;
  for (const name of parameters.keys())
    if (isSound && !used.has(name) && name !== KEY)
      diagnostics.push({
        severity: 'warning',
        code: 'unused-parameter',
        message: `nothing in the template uses the parameter ${name}`,
        hint: `write \${param.${name}} where it belongs, or remove it`,
        place: placeOf(document, `/parameters/${name}`, 'key'),
      });
  return { template: { key, document, parameters, patterns, keyFrom, resources, isSound }, diagnostics };
};

/** What makes the kind of things that a template makes is the same for all of its instances. */
const checkResource = (resource: JsonObject, at: string, fail: Fail): void => {
  const kind = asText(resource['kind']);
  if (kind === INSTANCES) {
    if (asText(resource['template']).includes('${'))
      fail(
        'fixed-field',
        `${at}/template`,
        'which template is used cannot depend on a parameter',
        'write the key of a template',
      );
  } else if (!kindNames.includes(kind))
    fail(
      'unknown-kind',
      `${at}/kind`,
      `a template makes no ${JSON.stringify(kind)}`,
      unknownKind(kind, [...kindNames, INSTANCES]).hint,
    );
  else if (!Object.hasOwn(resource, KEY))
    fail('missing-field', at, 'the field "key" is missing', 'add key: ${param.key}');
};

/** The templates that a template's resources name. */
const namedBy = ({ document }: Template): readonly (readonly [index: number, template: string])[] => {
  const { resources } = document.value as JsonObject;
  return objectsIn(resources).flatMap((resource, index) =>
    resource['kind'] === INSTANCES ? [[index, asText(resource['template'])] as const] : [],
  );
};

/** Templates that use each other in a circle would make resources for ever: a finding at each that closes one. */
const circles = (templates: ReadonlyMap<string, Template>, placeOf: PlaceOf): readonly Diagnostic[] => {
  const diagnostics: Diagnostic[] = [];
  const done = new Set<string>();
  const visit = (template: Template, path: readonly string[]): void => {
    if (done.has(template.key)) return;
    const way = [...path, template.key];
    for (const [index, name] of template.isSound ? namedBy(template) : []) {
      const next = templates.get(name);
      if (way.includes(name))
        diagnostics.push({
          severity: 'error',
          code: 'template-cycle',
          message: `templates use each other in a circle: ${[...way.slice(way.indexOf(name)), name].join(' → ')}`,
          hint: 'take one of them out of the other',
          place: placeOf(template.document, `/resources/${index}/template`, 'value'),
        });
      else if (next !== undefined && way.length < MOST_DEEP) visit(next, way);
      else if (next !== undefined)
        diagnostics.push({
          severity: 'error',
          code: 'template-cycle',
          message: `templates use each other more than ${MOST_DEEP} deep`,
          hint: 'use fewer levels',
          place: placeOf(template.document, `/resources/${index}/template`, 'value'),
        });
    }
    done.add(template.key);
  };
  for (const template of templates.values()) visit(template, []);
  return diagnostics;
};

export interface Templates {
  readonly templates: ReadonlyMap<string, Template>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks the documents of kind `Template`. */
export const readTemplates = async (
  documents: readonly ParsedDocument[],
  placeOf: PlaceOf,
): Promise<Templates> => {
  const patterns = await compilePatterns(new Set(documents.flatMap(patternsIn)));
  const templates = new Map<string, Template>();
  const diagnostics: Diagnostic[] = [];
  for (const document of documents) {
    const read = readTemplate(document, patterns, placeOf);
    diagnostics.push(...read.diagnostics);
    const { template } = read;
    if (template === undefined) continue;
    const first = templates.get(template.key);
    if (first === undefined) templates.set(template.key, template);
    else
      diagnostics.push({
        severity: 'error',
        code: 'second-template',
        message: `a second template ${template.key}`,
        hint: 'give one of them another key',
        place: document.place,
        related: [{ message: 'the first', place: first.document.place }],
      });
  }
  const circular = circles(templates, placeOf);
  // What is made in a circle has no end.
  const sound = circular.length === 0;
  return {
    templates: sound
      ? templates
      : new Map([...templates].map(([key, template]) => [key, { ...template, isSound: false }])),
    diagnostics: [...diagnostics, ...circular],
  };
};
