/** What a rule is about. Pure. */
import { hasLabels } from '../plan/select.js';
import type { Match, Rule } from './rule.js';

/** What is told of a resource to choose it by. */
export interface Subject {
  readonly kind: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Where its manifest lies; absent where it has none any more. */
  readonly file?: string;
}

/** Whether a day has passed. Both are days as `2027-01-31`, whose order is that of their texts. */
export const isOver = (until: string | undefined, today: string): boolean =>
  until !== undefined && until < today;

/** Whether a rule counts on this day, in this environment. */
export const counts = (
  { match: { environments }, until }: Rule,
  { environment, today }: { readonly environment: string | undefined; readonly today: string },
): boolean =>
  !isOver(until, today) &&
  (environments.length === 0 || (environment !== undefined && environments.includes(environment)));

const lies = (file: string | undefined, folders: readonly string[]): boolean =>
  folders.some((folder) => folder === '' || file?.startsWith(`${folder}/`) === true);

/** Whether a rule that counts is about this. */
export const isAbout = ({ kinds, labels, folders }: Match, subject: Subject): boolean =>
  (kinds.length === 0 || kinds.includes(subject.kind)) &&
  hasLabels(subject.labels, labels) &&
  (folders.length === 0 || lies(subject.file, folders));
