/** Instances: the manifests that a template makes of each set of parameters. */
import { addressOf } from '../../core/address.js';
import type { Diagnostic, Place } from '../../core/diagnostics.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../core/json.js';
import { pointerSegments } from '../../core/secret.js';
import { slugOf } from '../../core/slug.js';
import { didYouMean } from '../../core/suggest.js';
import { asText, grouped } from '../../core/text.js';
import { budgetFor } from '../json-schema/schema.js';
import { checkSchema } from '../schema.js';
import { INSTANCES, instancesAround, KEY, MOST_DEEP, type Instance, type Template } from './instance.js';
import { checkParameter, type ParameterProblem } from './parameters.js';
import {
  failIn,
  MOST_INSTANCES,
  parameterHere,
  readIn,
  writtenIn,
  type Fail,
  type Given,
  type Making,
  type Source,
} from './sets.js';
import { fillShape, TooLarge } from './shape.js';

/** Values and characters of all that is made: more than ten thousand syncs of forty fields each. */
export const MOST_MADE = 50_000_000;

const keyPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** What an instance is called; a finding where nothing tells. */
const keyFor = (
  given: Given,
  all: ReadonlyMap<string, Json>,
  template: Template,
  fail: Fail,
): string | undefined => {
  const own = given.key ?? all.get(KEY);
  if (own !== undefined) {
    if (typeof own === 'string' && keyPattern.test(own)) return own;
    fail({
      code: 'wrong-format',
      message: `key cannot be ${JSON.stringify(own).slice(0, 60)}`,
      hint: 'use letters, digits, "-" and "_", at most 128, and begin with a letter or a digit; a number in quotes',
      place: given.placeOf(KEY, 'value'),
    });
    return undefined;
  }
  if (template.keyFrom.length > 0)
    return slugOf(template.keyFrom.map((name) => asText(all.get(name) ?? null)).join('-'), 'instance');
  fail({
    code: 'missing-field',
    message: `the instance has no key, and the template ${template.key} does not say what to make it of`,
    hint: 'add key: …, write the instances as a map by their keys, or add key_from: [PARAMETER] to the template',
    place: given.place,
    related: [{ message: 'the template', place: template.document.place }],
  });
  return undefined;
};

/** The instances that are as the template's parameters say. */
const checked = (
  sets: readonly Given[],
  template: Template,
  parent: Instance | undefined,
  making: Making,
): readonly Instance[] => {
  const fail = failIn(making);
  const names = [...template.parameters.keys()];
  const budget = budgetFor(sets.length);
  const problemsOf = ({ values }: Given): readonly (readonly [string, ParameterProblem])[] =>
    [...values].flatMap(([name, value]) => {
      const parameter = template.parameters.get(name);
      // An expression is read later, and null is what may be left out.
      const isOpen = typeof value === 'string' && value.includes('${');
      if (parameter === undefined || isOpen || (value === null && parameter.preset === null)) return [];
      return checkParameter(name, parameter, value, template.patterns, budget).map(
        (problem) => [name, problem] as const,
      );
    });
  const problems = sets.map(problemsOf);
  if (budget.left < 0) {
    fail({
      code: 'too-costly-schema',
      message: `the schemas of the parameters of ${template.key} look at more values than a run may`,
      hint: 'look for references that lead round in a circle, and for choices within choices',
      place: template.document.place,
    });
    return [];
  }
  return sets.flatMap((given, index): readonly Instance[] => {
    const before = making.diagnostics.length;
    for (const name of given.values.keys())
      if (name !== KEY && !template.parameters.has(name))
        fail({
          code: 'unknown-parameter',
          message: `the template ${template.key} has no parameter ${JSON.stringify(name)}`,
          ...hintOf(didYouMean(name, [...names, KEY])),
          place: given.placeOf(name, 'key'),
          related: parameterHere(template, name, making),
        });
    for (const [name, { preset }] of template.parameters)
      if (preset === undefined && name !== KEY && !given.values.has(name))
        fail({
          code: 'missing-parameter',
          message: `the parameter ${name} is missing`,
          hint: `add ${name}: …, or give it a default in the template`,
          place: given.place,
          related: parameterHere(template, name, making),
        });
    for (const [name, problem] of problems[index] ?? [])
      fail({
        ...problem,
        place: given.placeOf(name, 'value'),
        related: parameterHere(template, name, making),
      });
    const all = new Map<string, Json>();
    for (const [name, { preset }] of template.parameters) if (preset !== undefined) all.set(name, preset);
    for (const [name, value] of given.values) all.set(name, value);
    const key = making.diagnostics.length > before ? undefined : keyFor(given, all, template, fail);
    if (key === undefined) return [];
    all.set(KEY, key);
    return [
      {
        key,
        template,
        parameters: all,
        place: given.place,
        placeOf: (name) =>
          given.values.has(name) || (name === KEY && given.key !== undefined)
            ? name === KEY && given.key !== undefined
              ? given.place
              : given.placeOf(name, 'value')
            : undefined,
        ...(parent === undefined ? {} : { parent }),
      },
    ];
  });
};

const hintOf = (hint: string | undefined): Pick<Diagnostic, 'hint'> => (hint === undefined ? {} : { hint });

const depthOf = ({ parent }: Pick<Instance, 'parent'>): number =>
  parent === undefined ? 0 : 1 + depthOf(parent);

/** The manifests of an instance, and those of the instances that its template has in turn. */
export const makeInstance = async (instance: Instance, file: string, making: Making): Promise<void> => {
  for (const [index, shape] of instance.template.resources.entries()) {
    const value = fillShape(shape, instance.parameters, making.budget) as JsonObject;
    if (value['kind'] !== INSTANCES) {
      making.made.push({ value, instance, shape, index, file });
      continue;
    }
    const { document } = instance.template;
    await makeInstances(
      { value, origin: document, from: ['resources', String(index)], file, parent: instance },
      making,
    );
  }
};

/** Makes all that a document of kind `Instances` asks for. Throws `TooLarge` beyond all measure. */
const makeInstances = async (source: Source, making: Making): Promise<void> => {
  const { value, origin, from, file, parent } = source;
  const fail = failIn(making);
  const placeAt = (pointer: string, what: 'key' | 'value'): Place =>
    making.place(origin, [...from, ...pointerSegments(pointer)], what);
  const around = relatedOf(parent);
  const problems = checkSchema(INSTANCES, value);
  for (const { pointer, at, ...problem } of problems)
    fail({ ...problem, place: placeAt(pointer, at), ...around });
  if (problems.length > 0) return;
  if (('csv' in value ? 1 : 0) + ('instances' in value ? 1 : 0) !== 1) {
    fail({
      code: 'missing-field',
      message: 'csv' in value ? 'the document has both instances and csv' : 'the document has no instances',
      hint: 'write instances: with a list or a map, or csv: FILE',
      place: placeAt('', 'value'),
      ...around,
    });
    return;
  }
  const name = asText(value['template']);
  const template = making.templates.get(name);
  if (template === undefined) {
    fail({
      code: 'unknown-template',
      message: `there is no template ${name}`,
      hint:
        didYouMean(name, [...making.templates.keys()]) ??
        `add a document with kind: Template and key: ${name}`,
      place: placeAt('/template', 'value'),
      ...around,
    });
    return;
  }
  if (!template.isSound || depthOf(source) > MOST_DEEP) return;
  const sets = 'csv' in value ? await readIn(source, template, making) : writtenIn(source, making);
  if (sets.length > MOST_INSTANCES) throw new TooLarge('too many instances');
  const instances = checked(sets, template, parent, making);
  making.instances.push(...instances);
  if (making.instances.length > MOST_INSTANCES) throw new TooLarge('too many instances');
  const before = making.made.length;
  for (const instance of instances) await makeInstance(instance, file, making);
  // Where an instance is missing, an overlay of it would only be told of twice.
  if (instances.length < sets.length) return;
  const addresses = making.made.slice(before).map(({ value: made }) => addressIn(made));
  const overlays = isJsonArray(value['overlays']) ? value['overlays'].filter(isJsonObject) : [];
  for (const [index, overlay] of overlays.entries()) {
    const target = asText(overlay['target']);
    if (addresses.includes(target))
      making.overlays.push({
        value: { kind: 'Overlay', ...overlay },
        origin,
        from: [...from, 'overlays', String(index)],
      });
    else
      fail({
        code: 'unknown-target',
        message: `these instances make no ${target}`,
        hint:
          didYouMean(target, addresses) ?? 'the target is the address of what an instance makes: KIND.KEY',
        place: placeAt(`/overlays/${index}/target`, 'value'),
        ...around,
      });
  }
};

/** The address of what is made, whether or not it can be one. */
export const addressIn = (value: JsonObject): string =>
  addressOf(asText(value['kind']), asText(value['key']));

const relatedOf = (instance: Instance | undefined): Pick<Diagnostic, 'related'> =>
  instance === undefined ? {} : { related: instancesAround(instance) };

/** All that the documents of kind `Instances` of a repository make; more than anybody means is a finding. */
export const makeAll = async (
  documents: readonly { readonly file: string; readonly index: number; readonly value: JsonObject }[],
  making: Making,
): Promise<void> => {
  for (const { file, index, value } of documents) {
    const origin = { file, index };
    try {
      await makeInstances({ value, origin, from: [], file }, making);
    } catch (error) {
      if (!(error instanceof TooLarge)) throw error;
      failIn(making)({
        code: 'too-many-instances',
        message: `the templates make more than ${grouped(MOST_INSTANCES)} instances, or more than ${grouped(MOST_MADE)} values and characters`,
        hint: 'write fewer instances, or smaller templates',
        place: making.place(origin, [], 'value'),
      });
      return;
    }
  }
};
