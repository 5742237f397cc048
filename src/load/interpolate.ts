/** `${env:NAME}`, `${secret:NAME}` and `${var:NAME}` in the strings of a document. */
import type { Json } from '../core/json.js';
import {
  escapePointer,
  isValueArray,
  isValueObject,
  Secret,
  type Value,
  type ValueObject,
} from '../core/secret.js';
import { didYouMean } from '../core/suggest.js';
import type { Finding } from '../kinds/kind.js';
import { isUnder, type Path } from '../kinds/paths.js';
import { credentialIn, isCredentialName, isReserved } from './credentials.js';

export interface InterpolateInput {
  /** Names and values of the environment and of the dotenv file. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names and values for `${secret:}` alone, before those of the environment. */
  readonly secrets?: Readonly<Record<string, string | undefined>>;
  /** The variables of the configuration file. */
  readonly variables: Readonly<Record<string, Json>>;
  /** Where a secret may stand. */
  readonly secretPaths: readonly Path[];
  /** True: a secret without a value is no finding; the run sends nothing. */
  readonly withoutSecrets: boolean;
}

export interface Interpolated {
  readonly value: ValueObject;
  /** By JSON pointer, the values that are one expression and came out as text. */
  readonly expressions: Readonly<Record<string, string>>;
  readonly findings: readonly Finding[];
}

const token = /\$\$\{|\$\{([^}]*)(\}?)/g;
const expression = /^(env|secret|var):([A-Za-z_][A-Za-z0-9_]*)$/;

/** Fields that make the address: they are the same in every environment. */
const fixed = new Set(['kind', 'key']);

/** The document with every expression replaced by its value. Pure; findings name all that is missing. */
export const interpolate = (document: ValueObject, input: InterpolateInput): Interpolated => {
  const findings: Finding[] = [];
  const expressions: Record<string, string> = {};
  const visit = (value: Value, segments: readonly string[]): Value => {
    if (typeof value === 'string') return value.includes('${') ? text(value, segments) : value;
    if (isValueArray(value)) return value.map((item, index) => visit(item, [...segments, String(index)]));
    if (!isValueObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, visit(item, [...segments, key])]),
    );
  };
  const text = (raw: string, segments: readonly string[]): Value => {
    const pointer = segments.map((segment) => `/${escapePointer(segment)}`).join('');
    const whole = /^\$\{var:([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(raw)?.[1];
    if (/^\$\{[^}]*\}$/.test(raw)) expressions[pointer] = raw;
    // A variable that is the whole value keeps its type: a port stays a number.
    if (whole !== undefined && Object.hasOwn(input.variables, whole)) return input.variables[whole] as Json;
    const seen = { secret: false, unknown: false };
    const parts: string[] = [];
    const result = raw.replaceAll(
      token,
      (match: string, inner: string | undefined, close: string | undefined) => {
        if (match === '$${') return '${';
        const scheme = close === '}' ? expression.exec(inner ?? '') : null;
        const found =
          scheme === null
            ? malformed(match)
            : lookUp(scheme[1] as string, scheme[2] as string, segments, input);
        if (scheme?.[1] === 'secret') seen.secret = true;
        if (typeof found === 'string') {
          if (scheme?.[1] === 'secret') parts.push(found);
          return found;
        }
        if (found === undefined) seen.unknown = true;
        else findings.push({ severity: 'error', pointer, ...found });
        return '';
      },
    );
    return seen.secret ? new Secret(raw, seen.unknown ? undefined : result, undefined, parts) : result;
  };
  const value = Object.fromEntries(
    Object.entries(document).map(([key, item]) => [key, fixed.has(key) ? item : visit(item, [key])]),
  );
  return { value, expressions, findings };
};

type Problem = Pick<Finding, 'code' | 'message' | 'hint'>;

const malformed = (match: string): Problem => ({
  code: 'bad-expression',
  message: `${match} is no expression`,
  hint: 'write ${env:NAME}, ${secret:NAME} or ${var:NAME}; $${ stands for a plain ${',
});

/** A value, a problem, or undefined for a secret that this run does without. */
const lookUp = (
  scheme: string,
  name: string,
  segments: readonly string[],
  input: InterpolateInput,
): string | Problem | undefined => {
  if (scheme === 'var') {
    const value = Object.hasOwn(input.variables, name) ? input.variables[name] : undefined;
    if (value !== undefined) return typeof value === 'string' ? value : JSON.stringify(value);
    const hint =
      input.environment[name] !== undefined && !isReserved(name) && !isCredentialName(name)
        ? `the environment has one of this name: \${env:${name}}`
        : didYouMean(name, Object.keys(input.variables));
    return {
      code: 'missing-variable',
      message: `the configuration file has no variable ${name}`,
      hint: hint ?? 'add it under variables, or under the environment',
    };
  }
  if (isReserved(name))
    return {
      code: 'reserved-name',
      message: `\${${scheme}:${name}} is a name that the runner or this tool uses, and no manifest may read it`,
      hint: `give the value under another name, and write \${${scheme}:OTHER_NAME}`,
    };
  const { secrets = {}, environment } = input;
  const values = scheme === 'secret' && Object.hasOwn(secrets, name) ? secrets : environment;
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (scheme === 'secret') {
    if (!input.secretPaths.some((path) => isUnder(segments, path)))
      return {
        code: 'misplaced-secret',
        message: `\${secret:${name}} cannot stand here: the API shows this field to everybody who may read it`,
        hint: 'use ${env:NAME} for a value that is no secret',
      };
    // A CI that lacks a secret gives an empty one.
    if (value !== undefined && value !== '') return value;
    return input.withoutSecrets
      ? undefined
      : {
          code: 'missing-secret',
          message: `the secret ${name} has no value`,
          hint: `set ${name} in the environment or in the dotenv file; --without-secrets plans without`,
        };
  }
  const looks = value === undefined ? undefined : credentialIn(value);
  if (isCredentialName(name) || looks !== undefined)
    return {
      code: 'guarded-variable',
      message: `\${env:${name}} looks like ${looks ?? 'a credential'}, and a plain value would be printed`,
      hint: `write \${secret:${name}}, or rename the variable`,
    };
  if (value !== undefined) return value;
  return Object.hasOwn(input.variables, name)
    ? {
        code: 'missing-variable',
        message: `the environment has no variable ${name}; the configuration file has one`,
        hint: `write \${var:${name}}`,
      }
    : {
        code: 'missing-variable',
        message: `the environment has no variable ${name}`,
        hint: `set ${name} in the environment or in the dotenv file`,
      };
};
