/** From documents to rules: what their schema cannot say is checked here, and what the base branch has is added. */
import { hasErrors, type Diagnostic } from '../core/diagnostics.js';
import { byCodeUnit, canonicalJson, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { didYouMean } from '../core/suggest.js';
import { asText } from '../core/text.js';
import { unknownKind } from '../kinds/names.js';
import { kinds } from '../kinds/registry.js';
import type { RuleDocument, RuleDocuments } from '../load/rules.js';
import type { Action } from '../plan/plan.js';
import { labelsIn } from '../plan/select.js';
import { compilePatterns, type Patterns } from '../load/json-schema/patterns.js';
import { counted, type Counted, type Requirement, type Rule, type RuleChange } from './rule.js';
import { partsOf, schemaProblems } from '../load/json-schema/parts.js';
import { tableOf, type Schema } from '../load/json-schema/schema.js';

/** The rules of a run. */
export interface RuleSet {
  /** By name in code unit order; of one name the proposal's first. */
  readonly rules: readonly Rule[];
  readonly patterns: Patterns;
  /** What a proposal does to the rules of its base branch; empty where it does nothing, or is none. */
  readonly changes: readonly RuleChange[];
  readonly diagnostics: readonly Diagnostic[];
}

const wordsIn = (value: Json | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat().map(asText);

const objectIn = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {});

/** `./polytomic/crm/` as `polytomic/crm`. */
const folderOf = (text: string): string => text.replace(/^(\.?\/)+/, '').replace(/\/+$/, '');

const isCounted = (name: string): name is Counted => Object.hasOwn(counted, name);

const readers: Readonly<Record<Requirement['is'], (value: Json) => Requirement>> = {
  resource: (schema) => ({ is: 'resource', schema: schema as Schema }),
  change: (schema) => ({ is: 'change', schema: schema as Schema }),
  plan: (most) => ({
    is: 'plan',
    most: Object.fromEntries(tableOf(most).filter(([name]) => isCounted(name))),
  }),
  approval: (value) => {
    const { label, owners } = objectIn(value);
    return {
      is: 'approval',
      ...(typeof label === 'string' ? { label } : {}),
      owners: owners === true,
    };
  },
  obfuscated: (value) => {
    const { columns, label } = objectIn(value);
    return { is: 'obfuscated', columns: wordsIn(columns), ...(typeof label === 'string' ? { label } : {}) };
  },
};

const forms = Object.keys(readers) as readonly Requirement['is'][];

/** A document that has passed the schema of rules. */
const ruleOf = ({ value, placeOf }: RuleDocument): Rule => {
  const { name, description, message, severity, link, until } = value;
  const match = objectIn(value['match']);
  const required = objectIn(value['require']);
  const form = forms.find((each) => Object.hasOwn(required, each)) ?? 'resource';
  const { selector } = match;
  const texts = { description, message, link, until };
  return {
    name: asText(name),
    match: {
      kinds: wordsIn(match['kind']),
      labels: typeof selector === 'string' ? labelsIn(selector) : [],
      environments: wordsIn(match['environment']),
      folders: wordsIn(match['folder']).map(folderOf),
      actions: wordsIn(match['action']) as readonly Action[],
    },
    requires: readers[form](required[form] ?? true),
    severity: severity === 'warning' ? 'warning' : 'error',
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => typeof text === 'string')),
    place: placeOf('/name'),
    document: value,
  };
};

/** Which of these a word of `match` must be. */
type Known = readonly { readonly word: string; readonly pointer: string }[];

const listed = (match: JsonObject, name: string): Known =>
  wordsIn(match[name]).map((word, index) => ({
    word,
    pointer: `/match/${name}${Array.isArray(match[name]) ? `/${index}` : ''}`,
  }));

interface Reading {
  readonly environments: readonly string[];
  readonly patterns: Patterns;
}

const schemaIn = ({ requires }: Rule): Schema | undefined =>
  requires.is === 'resource' || requires.is === 'change' ? requires.schema : undefined;

/** What is wrong with a rule beyond its schema. */
const check = (
  rule: Rule,
  { placeOf }: RuleDocument,
  { environments, patterns }: Reading,
): readonly Diagnostic[] => {
  const match = objectIn(rule.document['match']);
  const own = kinds.map(({ name }) => name);
  const schema = schemaIn(rule);
  const at = (pointer: string): string => `/require/${rule.requires.is}${pointer}`;
  const [, second] = Object.keys(objectIn(rule.document['require']));
  return [
    // Not by the schema: editors would offer nothing where one thing may be written.
    ...(second === undefined
      ? []
      : [
          {
            severity: 'error',
            code: 'too-many-fields',
            message: 'the rule requires more than one thing',
            hint: 'write two rules',
            place: placeOf(`/require/${second}`, 'key'),
          } as const,
        ]),
    ...listed(match, 'kind')
      .filter(({ word }) => !own.includes(word))
      .map(({ word, pointer }): Diagnostic => ({
        severity: 'error',
        code: 'unknown-kind',
        message: `there is no kind ${JSON.stringify(word)}`,
        hint: unknownKind(word).hint,
        place: placeOf(pointer),
      })),
    ...listed(match, 'environment')
      .filter(({ word }) => !environments.includes(word))
      .map(({ word, pointer }): Diagnostic => ({
        // A set of rules may be shared by repositories that have other environments.
        severity: 'warning',
        code: 'unknown-environment',
        message: `the configuration file has no environment ${JSON.stringify(word)}: the rule never counts there`,
        hint: didYouMean(word, environments) ?? 'add it under environments, or leave environment out',
        place: placeOf(pointer),
      })),
    ...(match['action'] !== undefined && !['change', 'approval'].includes(rule.requires.is)
      ? [
          {
            severity: 'error',
            code: 'action-of-nothing',
            message: `action chooses changes, and this rule is about ${rule.requires.is === 'plan' ? 'counts of them' : 'manifests'}`,
            hint: 'leave action out, or require change or approval',
            place: placeOf('/match/action', 'key'),
          } as const,
        ]
      : []),
    ...(schema === undefined ? [] : schemaProblems(schema, patterns)).map(
      ({ pointer, at: what, ...problem }): Diagnostic => ({
        severity: 'error',
        ...problem,
        place: placeOf(at(pointer), what),
      }),
    ),
  ];
};

const twice = (rule: Rule, first: Rule): Diagnostic => ({
  severity: 'error',
  code: 'duplicate-rule',
  message: `a second rule ${rule.name}`,
  hint: 'give one of them another name',
  place: rule.place,
  related: [{ message: 'the first', place: first.place }],
});

/** What a proposal does to the rules of its base branch. */
const changesOf = (own: ReadonlyMap<string, Rule>, base: ReadonlyMap<string, Rule>): readonly RuleChange[] =>
  [...new Set([...own.keys(), ...base.keys()])].sort(byCodeUnit).flatMap((name): readonly RuleChange[] => {
    const [now, then] = [own.get(name), base.get(name)];
    if (now === undefined || then === undefined)
      return [{ name, was: now === undefined ? 'removed' : 'added' }];
    return isSame(now, then) ? [] : [{ name, was: 'changed' }];
  });

const isSame = (a: Rule, b: Rule): boolean => canonicalJson(a.document) === canonicalJson(b.document);

/**
 * The rules of these documents. Those of the base branch, where they are given, count beside the proposal's, but where
 * the two are the same; one of theirs that says nothing that could be read is told, and left out.
 */
export const readRuleSet = async (
  own: RuleDocuments,
  { base, environments }: { readonly base?: RuleDocuments; readonly environments: readonly string[] },
): Promise<RuleSet> => {
  const pairs = own.documents.map((document) => [ruleOf(document), document] as const);
  const others = (base?.documents ?? []).map((document) => [ruleOf(document), document] as const);
  const sources = [...pairs, ...others].flatMap(([rule]) => {
    const schema = schemaIn(rule);
    return schema === undefined ? [] : partsOf(schema).patterns.map(([source]) => source);
  });
  const reading = { environments, patterns: await compilePatterns(new Set(sources)) };
  const diagnostics: Diagnostic[] = [...own.diagnostics];
  const rules = new Map<string, Rule>();
  for (const [rule, document] of pairs) {
    const found = check(rule, document, reading);
    const first = rules.get(rule.name);
    diagnostics.push(...found, ...(first === undefined ? [] : [twice(rule, first)]));
    if (first === undefined && !hasErrors(found)) rules.set(rule.name, rule);
  }
  const held = new Map(
    others
      .filter(([rule, document]) => !hasErrors(check(rule, document, reading)))
      .map(([rule]) => [rule.name, rule] as const),
  );
  if (base !== undefined && (hasErrors(base.diagnostics) || held.size < others.length))
    diagnostics.push({
      severity: 'warning',
      code: 'base-rules',
      message: 'some rules of the base branch cannot be read, and do not count',
      hint: 'correct them there',
    });
  const stricter = [...held.values()]
    .filter((rule) => {
      const now = rules.get(rule.name);
      return now === undefined || !isSame(now, rule);
    })
    .map((rule): Rule => ({ ...rule, base: true }));
  return {
    rules: [...rules.values(), ...stricter].sort(
      (a, b) => byCodeUnit(a.name, b.name) || Number(a.base === true) - Number(b.base === true),
    ),
    patterns: reading.patterns,
    changes: base === undefined ? [] : changesOf(rules, held),
    diagnostics,
  };
};
