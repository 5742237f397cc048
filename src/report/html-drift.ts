/** What was changed outside since the last apply, as a page. Pure. */
import type { Diagnostic } from '../core/diagnostics.js';
import { count } from '../core/text.js';
import type { Drift } from '../plan/drift.js';
import { html, pageOf, type Fact } from './html.js';
import { driftedSection, findingsSection, type LinkTo } from './html-findings.js';

export interface DriftPage {
  readonly drift: Pick<Drift, 'drifted' | 'unsaid' | 'same'>;
  readonly diagnostics: readonly Diagnostic[];
  /** What was looked at, e.g. `production`. */
  readonly title: string;
  readonly linkTo: LinkTo;
  readonly facts: readonly Fact[];
  /** When it was made, ISO 8601. */
  readonly made: string;
}

/** Drift, and what to do about it, as one file of HTML. */
export const driftPage = ({ drift, diagnostics, title, linkTo, facts, made }: DriftPage): string => {
  const { drifted, unsaid, same } = drift;
  const lead =
    drifted.length === 0
      ? 'No drift.'
      : `${count(drifted.length, 'object')} changed outside since the last apply.`;
  return pageOf({ title: `Polytomic drift${title === '' ? '' : ` for ${title}`}`, facts, made }, [
    html`<p class="lead">${lead} ${count(same, 'object')} as applied.</p>`,
    findingsSection(diagnostics, linkTo),
    driftedSection('drifted', 'Changed outside', drifted, [
      'The next apply puts back what the manifests say. To keep what lives, change the manifests, or run polytomic-gitops apply --refresh-only for what no manifest speaks of.',
    ]),
    driftedSection('unsaid', 'Changed where no manifest says anything', unsaid, [
      'An apply leaves this as it lives; a line in the manifest would take it over.',
    ]),
  ]);
};
