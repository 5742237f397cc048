/** A connection's configuration against the schema of its type. */
import { jsonEqual, type Json, type JsonObject } from '../core/json.js';
import { escapePointer, isValueObject, pointerSegments, redact, type ValueObject } from '../core/secret.js';
import { didYouMean, nearest } from '../core/suggest.js';
import { count, printable } from '../core/text.js';
import type { Finding } from './kind.js';
import { valueAt } from './paths.js';
import { finding, type Outlook } from './preflight.js';
import { secretInClear } from './secret-findings.js';

/** `known`: the types of this version; their read-only fields are found without network. */
export const preflightConnection = async (
  document: ValueObject,
  outlook: Outlook,
  known: {
    readonly type: boolean;
    readonly oauth: boolean;
    readonly reported: (name: string) => boolean;
    /** The configuration that lives: what it holds is taken, whatever a schema says. */
    readonly live: JsonObject;
  },
): Promise<readonly Finding[]> => {
  const { type, configuration } = document;
  if (typeof type !== 'string' || !isValueObject(configuration)) return [];
  const facts = await outlook.configuration(type, configuration);
  if (facts === 'no-type')
    return known.type
      ? [
          finding(
            'warning',
            'no-type-schema',
            '/type',
            `the API has no schema of connection type "${type}": its configuration is not checked`,
          ),
        ]
      : [];
  if (facts === undefined) return [];
  // The API looks at the configuration only where it validates; OAuth fills in the rest.
  const might = document['validate'] === false;
  const lives = (pointer: string): boolean => {
    const path = pointerSegments(pointer).slice(1);
    const held = valueAt(configuration, path);
    return (
      held !== undefined && path.length > 0 && jsonEqual(redact(held), valueAt(known.live, path) as Json)
    );
  };
  const findings = facts.findings
    .filter(({ code, pointer }) => code === 'missing-field' || !lives(pointer))
    .map((each): Finding =>
      might || (known.oauth && each.code === 'missing-field') ? { ...each, severity: 'warning' } : each,
    );
  const extra = Object.entries(configuration).flatMap(([name, value]): readonly Finding[] => {
    const pointer = `/configuration/${escapePointer(name)}`;
    if (lives(pointer)) return [];
    if (facts.readOnly.includes(name) && !known.reported(name) && value !== null)
      return [
        finding(
          'error',
          'read-only-field',
          pointer,
          `${name} is set by the server and cannot be written`,
          'remove the line',
        ),
      ];
    if (
      facts.secret.includes(name) &&
      (typeof value === 'number' || (typeof value === 'string' && value !== ''))
    )
      return [secretInClear(name, pointer)];
    if (
      facts.properties.length > 0 &&
      !facts.properties.includes(name) &&
      !findings.some((each) => each.pointer === pointer)
    )
      return [
        finding(
          'warning',
          'unknown-configuration',
          pointer,
          `connection type "${type}" has no field "${name}"`,
          nearest(name, facts.properties) === undefined
            ? 'the API may ignore it'
            : didYouMean(name, facts.properties),
        ),
      ];
    return [];
  });
  return [...findings, ...extra, ...strangeParts(type, facts.strange)];
};

const strangeParts = (type: string, pointers: readonly string[]): readonly Finding[] => {
  const [first, ...more] = pointers;
  return first === undefined
    ? []
    : [
        finding(
          'warning',
          'strange-type-schema',
          '/type',
          `the schema of connection type "${type}" has a form that this version does not know, at ${printable(first)}${
            more.length === 0 ? '' : ` and ${count(more.length, 'more place')}`
          }`,
          'what it says there is not checked',
        ),
      ];
};
