/** What a change belongs to: its labels and its owners, as reports show them. Pure. */
import { byCodeUnit } from '../core/json.js';
import { asText } from '../core/text.js';
import type { Change } from '../plan/plan.js';

/** More help nobody: `plan --json` has them all. */
const MOST = 10;
const LONGEST = 60;

const cut = (text: string): string =>
  text.length > LONGEST ? `${Array.from(text).slice(0, LONGEST).join('')}…` : text;

/**
 * `labels: team=growth, tier` (a label without a value is its name alone), then `owners: @acme/growth`, each item as
 * `show` writes it for its place. Nothing of what there is not.
 */
export const belongingsOf = (
  { labels = {}, owners = [] }: Pick<Change, 'labels' | 'owners'>,
  show: (text: string) => string,
): readonly string[] => {
  const own = Object.keys(labels)
    .sort(byCodeUnit)
    .map((name) => (labels[name] === '' ? name : `${name}=${asText(labels[name])}`));
  return [listed('labels', own, show), listed('owners', owners.map(asText), show)].flat();
};

const listed = (
  what: string,
  items: readonly string[],
  show: (text: string) => string,
): readonly string[] => {
  if (items.length === 0) return [];
  const shown = items.slice(0, MOST).map((item) => show(cut(item)));
  const more = items.length - shown.length;
  return [`${what}: ${[...shown, ...(more === 0 ? [] : [`and ${more} more`])].join(', ')}`];
};
