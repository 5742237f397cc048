/** The files of rules: found, read and parsed as manifests are, and no part of them. */
import type { Diagnostic, Place } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { isJsonObject } from '../core/json.js';
import { pointerSegments } from '../core/secret.js';
import { discover } from './discover.js';
import { parseFile } from './parse.js';
import { createLocate } from './positions.js';
import { validatorOf } from './rule-validators.js';
import { findingsOf } from './schema.js';
import { sourceReader } from './source.js';

/** The text of a file of rules, which need not lie in the work tree. */
export interface RuleText {
  /** Path relative to the folder of the configuration file, with `/`. */
  readonly file: string;
  readonly text: string;
}

/** A document that has the form of a rule. */
export interface RuleDocument {
  readonly value: JsonObject;
  /** The place of a value, or of its key, by a JSON pointer into the document. */
  readonly placeOf: (pointer: string, what?: 'key' | 'value') => Place;
}

export interface RuleDocuments {
  readonly documents: readonly RuleDocument[];
  readonly diagnostics: readonly Diagnostic[];
}

/** More is no set of rules, and each costs time of every run. */
const MOST_FILES = 500;
const MOST_RULES = 1000;

const tooMany = (number: number, what: string, most: number): Diagnostic => ({
  severity: 'error',
  code: 'too-many-rules',
  message: `there are ${number} ${what} of rules; at most ${most} are read`,
  hint: 'check rules in the configuration file',
});

/** The rules of these texts. Never throws for what they hold. */
export const parseRules = (texts: readonly RuleText[]): RuleDocuments => {
  const diagnostics: Diagnostic[] = [];
  const held = new Map(texts.map(({ file, text }) => [file, text]));
  const locate = createLocate((file) => held.get(file) ?? '');
  const parsed = texts.flatMap(({ file, text }) => {
    const { documents, diagnostics: found } = parseFile(file, text);
    diagnostics.push(...found);
    return documents;
  });
  if (parsed.length > MOST_RULES)
    return { documents: [], diagnostics: [tooMany(parsed.length, 'documents', MOST_RULES)] };
  const documents = parsed.flatMap(({ file, index, value, place }): readonly RuleDocument[] => {
    const placeOf: RuleDocument['placeOf'] = (pointer, what = 'value') =>
      locate(file, index, pointerSegments(pointer), what).place;
    if (!isJsonObject(value) || value['kind'] !== 'Rule') {
      diagnostics.push({
        severity: 'error',
        code: 'no-rule',
        message: 'the document is no rule',
        hint: 'a rule begins with kind: Rule and name: NAME; manifests lie in other files',
        place,
      });
      return [];
    }
    const problems = findingsOf(validatorOf('Rule'), value);
    for (const { pointer, at, ...problem } of problems)
      diagnostics.push({ severity: 'error', ...problem, place: placeOf(pointer, at) });
    return problems.length > 0 ? [] : [{ value, placeOf }];
  });
  return { documents, diagnostics };
};

/** Reads the rules of a repository. Reports all findings; never throws for what the files hold. */
export const readRules = async (root: string, globs: readonly string[]): Promise<RuleDocuments> => {
  if (globs.length === 0) return { documents: [], diagnostics: [] };
  const files = await discover(root, globs);
  if (files.length === 0)
    return {
      documents: [],
      diagnostics: [
        {
          severity: 'error',
          code: 'no-rules',
          message: `no rule is found: no file matches ${globs.join(', ')}`,
          hint: 'correct rules in the configuration file, or remove it',
        },
      ],
    };
  if (files.length > MOST_FILES)
    return { documents: [], diagnostics: [tooMany(files.length, 'files', MOST_FILES)] };
  const read = sourceReader(root);
  const sources = await Promise.all(files.map(read));
  const { documents, diagnostics } = parseRules(
    sources.flatMap((source) => ('text' in source ? [source] : [])),
  );
  return {
    documents,
    diagnostics: [
      ...sources.flatMap((source) => ('diagnostic' in source ? [source.diagnostic] : [])),
      ...diagnostics,
    ],
  };
};
