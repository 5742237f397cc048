/** Exceptions beside resources: which findings they take away, and which of them say nothing. Pure. */
import type { Address } from '../core/address.js';
import type { Diagnostic, Place } from '../core/diagnostics.js';
import { didYouMean } from '../core/suggest.js';
import type { Desired } from '../load/desired.js';
import type { RuleException } from '../load/exception.js';
import { isOver } from './match.js';
import type { Excepted, Rule, Ruled } from './rule.js';

/** What does not fit a rule. */
export interface Raised {
  readonly rule: Rule;
  readonly severity: Diagnostic['severity'];
  /** What is wrong; the rule's own message goes before it. */
  readonly says: string;
  readonly address?: Address;
  readonly place?: Place;
  /** Where a template is concerned, its instance. */
  readonly related?: Diagnostic['related'];
  readonly hint?: string;
}

type Cited = ReturnType<Desired['cite']>;

/** An exception, and where it stands. */
interface Held {
  readonly exception: RuleException;
  readonly address: Address;
  readonly cite: (field?: string) => Cited;
}

/** The exceptions of a run, by address; of what is gone, those of the document that says so. */
export const exceptionsIn = ({ resources, removals, cite }: Desired): ReadonlyMap<Address, readonly Held[]> =>
  new Map([
    ...resources.flatMap(({ address, exceptions = [] }) =>
      exceptions.length === 0
        ? []
        : [
            [
              address,
              exceptions.map((exception, index) => ({
                exception,
                address,
                cite: (field = '') => cite(address, `/lifecycle/exceptions/${index}${field}`, 'value'),
              })),
            ] as const,
          ],
    ),
    ...removals.map(
      ({ from, exceptions = [], place }) =>
        [
          from,
          exceptions.map((exception) => ({ exception, address: from, cite: () => ({ place }) })),
        ] as const,
    ),
  ]);

/** The words of a finding. */
export const messageOf = ({ rule: { name, message, base }, says }: Pick<Raised, 'rule' | 'says'>): string =>
  `${name}${base === true ? ' (as on the base branch)' : ''}: ${message === undefined ? says : `${message} (${says})`}`;

const findingOf = (raised: Raised, ended: RuleException | undefined): Diagnostic => {
  const { rule, severity, address, place, related } = raised;
  const hint = ended === undefined ? raised.hint : `its exception ended on ${ended.until ?? ''}`;
  return {
    severity,
    code: 'rule',
    rule: rule.name,
    message: messageOf(raised),
    ...(rule.link === undefined ? {} : { link: rule.link }),
    ...(address === undefined ? {} : { address }),
    ...(place === undefined ? {} : { place }),
    ...(related === undefined ? {} : { related }),
    ...(hint === undefined ? {} : { hint }),
  };
};

/** People's approval is not the author's to except from. */
const takesExceptions = ({ requires }: Rule): boolean => requires.is !== 'approval';

/** The exception from a rule that an address has today. */
export const exceptionOf = (
  held: ReadonlyMap<Address, readonly Held[]>,
  rule: Rule,
  address: Address | undefined,
  today: string,
): Held | undefined =>
  address === undefined || !takesExceptions(rule)
    ? undefined
    : held
        .get(address)
        ?.find(({ exception }) => exception.rule === rule.name && !isOver(exception.until, today));

/** What an exception takes away, for the report. */
export const exceptedBy = ({ exception, address, cite }: Held, message: string): Excepted => {
  const { place } = cite();
  return {
    rule: exception.rule,
    address,
    message,
    reason: exception.reason,
    ...(exception.until === undefined ? {} : { until: exception.until }),
    ...(place.file === '' ? {} : { place }),
  };
};

/** Findings, but for those that an exception takes away. */
export const settle = (
  raised: readonly Raised[],
  held: ReadonlyMap<Address, readonly Held[]>,
  today: string,
): Ruled => {
  const findings: Diagnostic[] = [];
  const stops: Diagnostic[] = [];
  const excepted: Excepted[] = [];
  for (const each of raised) {
    const { rule, address } = each;
    const exception = exceptionOf(held, rule, address, today);
    if (exception !== undefined) {
      excepted.push(exceptedBy(exception, messageOf(each)));
      continue;
    }
    const ended =
      address === undefined
        ? undefined
        : held.get(address)?.find(({ exception: { rule: name } }) => name === rule.name);
    const finding = findingOf(each, takesExceptions(rule) ? ended?.exception : undefined);
    findings.push(finding);
    if (rule.severity === 'error') stops.push({ ...finding, severity: 'error' });
  }
  return { findings, stops, excepted };
};

/**
 * Exceptions that name no rule, that no rule takes, or that take nothing away. Only of a rule about manifests that
 * counts is the last known: a plan may have no change today.
 */
export const idleExceptions = (
  held: ReadonlyMap<Address, readonly Held[]>,
  rules: readonly Rule[],
  { isTold, hits }: { readonly isTold: (rule: Rule) => boolean; readonly hits: ReadonlySet<string> },
): readonly Diagnostic[] => {
  const names = [...new Set(rules.map(({ name }) => name))];
  const warn = (each: Held, code: string, message: string, hint: string, field = ''): Diagnostic => ({
    severity: 'warning',
    code,
    message,
    hint,
    address: each.address,
    ...each.cite(field),
  });
  return [...held.values()].flat().flatMap((each): readonly Diagnostic[] => {
    const { rule: name } = each.exception;
    const named = rules.filter((rule) => rule.name === name);
    if (named.length === 0)
      return [
        warn(
          each,
          'unknown-rule',
          `there is no rule ${JSON.stringify(name)} to make an exception from`,
          didYouMean(name, names) ?? 'remove the exception',
          '/rule',
        ),
      ];
    if (!named.some(takesExceptions))
      return [
        warn(
          each,
          'no-exception',
          `the rule ${name} asks for an approval, and takes no exception`,
          'remove the exception, and ask for the approval',
          '/rule',
        ),
      ];
    return named.every(isTold) && !hits.has(`${each.address} ${name}`)
      ? [warn(each, 'idle-exception', `the exception from the rule ${name} takes nothing away`, 'remove it')]
      : [];
  });
};
