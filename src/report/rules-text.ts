/** Exceptions from rules, and changes of them, in words. */
import { printable } from '../core/text.js';
import type { Excepted, RuleChange } from '../rules/rule.js';
import type { Style } from './style.js';

/** `sync.customers: REASON (until 2027-01-31)`. */
export const reasonText = ({ address, reason, until }: Excepted): string =>
  `${address}: ${reason}${until === undefined ? '' : ` (until ${until})`}`;

/** What was excepted, a line for each and its reason below; empty text for nothing. Ends with an empty line. */
export const exceptedText = (excepted: readonly Excepted[], style: Style): string =>
  excepted.length === 0
    ? ''
    : `${[
        'Excepted from rules:',
        ...excepted.flatMap((each) => [
          style.dim(`  # ${printable(each.message)}`),
          `  ${printable(reasonText(each))}${each.place === undefined ? '' : style.dim(`  ${printable(each.place.file)}:${each.place.line}`)}`,
        ]),
      ].join('\n')}\n\n`;

/** The same for a machine; nothing where there is nothing. */
export const exceptedJson = (excepted: readonly Excepted[]): { readonly excepted?: readonly Excepted[] } =>
  excepted.length === 0 ? {} : { excepted };

/** `no-replace removed, sync-has-owner changed`; empty for nothing. */
export const ruleChangesText = (changes: readonly RuleChange[]): string =>
  changes.map(({ name, was }) => `${name} ${was}`).join(', ');
