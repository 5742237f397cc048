/** A plan as a page: counts, what it ends, findings, the graph, each change. Pure. */
import { hasErrors, type Diagnostic } from '../core/diagnostics.js';
import { count } from '../core/text.js';
import type { Resource } from '../load/desired.js';
import type { Drifted } from '../plan/drift.js';
import type { Impact } from '../plan/impact.js';
import { endingOf } from '../plan/limits.js';
import type { Change, Plan } from '../plan/plan.js';
import type { RuleReport } from '../rules/rule.js';
import { createdBy } from './differences.js';
import { changedGraph } from './graph.js';
import { svgText } from './graph-svg.js';
import {
  anchorOf,
  code,
  countsList,
  html,
  lines,
  listOf,
  markup,
  nothing,
  pageOf,
  section,
  type Fact,
  type Html,
} from './html.js';
import { changeHtml } from './html-changes.js';
import { driftedSection, findingsSection, rulesSection, type LinkTo } from './html-findings.js';
import { actionCounts, duplicateTexts, planCounts, sentences, symbols, unmanagedText } from './plan-text.js';

export interface PlanPage {
  /** Absent where there are errors. */
  readonly plan?: Plan;
  readonly diagnostics: readonly Diagnostic[];
  /** What was changed outside since the last apply. */
  readonly drifted: readonly Drifted[];
  /** What is downstream of each change. */
  readonly impacts: readonly Impact[];
  /** What came of rules beside findings. */
  readonly rules?: RuleReport;
  /** What the plan is for, e.g. `production`. */
  readonly title: string;
  /** What the manifests ask for: of what changes, and what it depends on, the graph is drawn. */
  readonly resources?: readonly Resource[];
  readonly linkTo: LinkTo;
  /** What else is known of it: the commit, the run. */
  readonly facts: readonly Fact[];
  /** When it was made, ISO 8601. */
  readonly made: string;
}

/** The plan, or why there is none, as one file of HTML. */
export const planPage = (page: PlanPage): string => {
  const { plan, diagnostics, title, facts, made, linkTo } = page;
  return pageOf(
    {
      title: `Polytomic plan${title === '' ? '' : ` for ${title}`}`,
      facts: [...(plan === undefined ? [] : factsOf(plan)), ...facts],
      made,
    },
    [
      ...(plan === undefined ? [noPlan(diagnostics)] : [head(plan), ending(plan)]),
      findingsSection(diagnostics, linkTo),
      ...(page.rules === undefined ? [] : [rulesSection(page.rules, linkTo)]),
      ...(plan === undefined
        ? []
        : [graphSection(plan, page.resources ?? []), changesSection(plan, page), notes(plan)]),
      driftedSection('outside', 'Changed outside since the last apply', page.drifted),
    ],
  );
};

const factsOf = ({ organization, environment, shard, digest }: Plan): readonly Fact[] => [
  { name: 'In organization', value: organization.name === '' ? organization.id : organization.name },
  ...(environment === null ? [] : [{ name: 'Environment', value: environment }]),
  ...(shard === undefined ? [] : [{ name: 'Part', value: shard }]),
  { name: 'Plan', value: code(digest.slice(0, 19)) },
];

const noPlan = (diagnostics: readonly Diagnostic[]): Html =>
  html`<p class="lead">
    ${
      hasErrors(diagnostics) || diagnostics.length === 0
        ? 'No plan: there are errors.'
        : 'Nothing can be planned yet.'
    }
  </p>`;

const head = (plan: Plan): Html => {
  const counts = actionCounts(plan).map(({ action, number, words }) => ({ kind: action, number, words }));
  return counts.length === 0
    ? html`<p class="lead">${planCounts(plan)}</p>`
    : countsList([...counts, { kind: 'unchanged', number: plan.unchanged, words: 'unchanged' }]);
};

const changeLink = (step: string): Html => html`<a href="#${anchorOf(step)}">${code(step)}</a>`;

const ending = (plan: Plan): Html => {
  const ends = endingOf(plan.changes);
  return ends.length === 0
    ? nothing
    : html`<section class="alert delete" aria-labelledby="ending-heading">
        <h2 id="ending-heading">${count(ends.length, 'object')} will be deleted or replaced</h2>
        ${listOf(
          ends.map(
            ({ step, name, action }) => html`${changeLink(step)} <bdi>${name}</bdi> ${sentences[action]}`,
          ),
          count(ends.length, 'object'),
        )}
      </section>`;
};

/** A picture with more nodes takes long to lay out, and nobody finds anything in it. */
const MOST_NODES = 150;

const graphSection = (plan: Plan, resources: readonly Resource[]): Html => {
  const graph = changedGraph(resources, plan, MOST_NODES);
  if (graph === undefined) return nothing;
  const { changes } = plan;
  const steps = new Set<string>(changes.map(({ step }) => step));
  // What is left of a replacement has no step under the address itself.
  const stepOf = (address: string): string | undefined =>
    steps.has(address) ? address : changes.find((change) => change.address === address)?.step;
  const picture = svgText(graph, ({ address }) => {
    const step = stepOf(address);
    return step === undefined ? undefined : `#${anchorOf(step)}`;
  });
  return section('graph', 'What depends on what', [
    html`<p class="quiet">
      Arrows go from what is needed to what needs it. What changes has a colour: click on it to see its
      change.
    </p>`,
    html`<div class="wide" role="region" aria-label="Graph" tabindex="0">${markup(picture)}</div>`,
  ]);
};

/** Fewer changes are seen at a glance. */
const FEW = 5;
/** More are folded, but for those that end something. */
const MANY = 50;

const changesSection = (plan: Plan, { drifted, impacts, linkTo }: PlanPage): Html => {
  const ends = new Set<string>(endingOf(plan.changes).map(({ step }) => step));
  const ordered = [
    ...plan.changes.filter(({ step }) => ends.has(step)),
    ...plan.changes.filter(({ step }) => !ends.has(step)),
  ];
  const outside = new Map(drifted.map((each) => [each.address, each]));
  const isFolded = ({ step }: Change): boolean => plan.changes.length > MANY && !ends.has(step);
  const downstream = new Map(impacts.map((each) => [each.address, each.downstream]));
  const part = { created: createdBy(plan), outside, downstream, linkTo, isFolded };
  const index = html`<nav aria-label="Changes">
    ${listOf(
      ordered.map(
        ({ step, name, action }) => html`${symbols[action]} ${changeLink(step)} <bdi>${name}</bdi>`,
      ),
      count(ordered.length, 'change'),
    )}
  </nav>`;
  return section('changes', 'Changes', [
    ...(ordered.length > FEW ? [index] : []),
    ...ordered.map((change) => changeHtml(change, part)),
  ]);
};

const notes = (plan: Plan): Html => {
  const unmanaged = unmanagedText(plan);
  return section('notes', 'Beside it', [
    ...(plan.excluded === 0
      ? []
      : [html`<p>Not selected, and left out: ${count(plan.excluded, 'change')}.</p>`]),
    ...(plan.retained.length === 0
      ? []
      : [html`<p>Without a manifest, and not deleted: ${lines(plan.retained.map(code))}</p>`]),
    ...(unmanaged === '' ? [] : [html`<p>Not managed here and left alone: ${unmanaged}.</p>`]),
    ...duplicateTexts(plan).map((line) => html`<p>${line}</p>`),
  ]);
};
