/** The plan of a session, and how it is told. */
import { DiagnosticError, hasErrors, type Diagnostic } from '../core/diagnostics.js';
import type { Drifted } from '../plan/drift.js';
import { mainSteps, type Plan } from '../plan/plan.js';
import { diagnosticsText } from '../report/diagnostics.js';
import { changedGraph, mermaidText } from '../report/graph.js';
import type { PlanReport } from '../report/markdown.js';
import { planText } from '../report/plan-text.js';
import { exceptedText } from '../report/rules-text.js';
import { createStyle } from '../report/style.js';
import type { RuleReport } from '../rules/rule.js';
import type { StateStore } from '../state/store.js';
import { planWorkspace, validateWorkspace, type Ready } from '../workspace.js';
import { driftedIn } from '../workspace/drift.js';
import { ORGANIZATION_TO_COME } from '../workspace/identify.js';
import { impactOfPlan } from '../workspace/impact.js';
import { noteComing } from '../workspace/organization.js';
import type { Asking } from '../workspace/preflight.js';
import { savedPlanOf } from '../workspace/saved.js';
import { secretsIn } from '../workspace/secrets.js';
import {
  factsOf,
  footerOf,
  nothing,
  scrubbed,
  show,
  summaryOf,
  writeReport,
  type Report,
} from './reports.js';
import { reviewingOf } from './reviewing.js';
import { annotate, mask } from './runner.js';
import type { Session } from './session.js';

/** Whether all that is missing is an organization that this run plans to make. */
const isToCome = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.some(({ code }) => code === ORGANIZATION_TO_COME);

/** A plan, or why there is none. */
export interface PlannedSession {
  readonly ready?: Ready;
  readonly diagnostics: readonly Diagnostic[];
  readonly drifted: readonly Drifted[];
  readonly rules?: RuleReport;
}

/** A graph with more nodes helps nobody, and GitHub does not draw it. */
const MOST_NODES = 60;

/** Whether the manifests come from somebody who is given no secrets. */
export const isStranger = ({ event }: Session): boolean => event.type === 'pull_request' && event.fork;

/** Whether people review what this run does: by hand, or on a schedule, a plan has nobody to ask. */
const isReviewed = ({ event, inputs }: Session): boolean =>
  inputs.command === 'apply' || ['pull_request', 'merge_group', 'push'].includes(event.type);

/**
 * Plans, and puts each finding on its line. What the API refuses is a finding, too. `asks`: what systems are asked
 * besides, never for a stranger.
 */
export const planSession = async (
  session: Session,
  store?: StateStore,
  asks: Asking = {},
): Promise<PlannedSession> => {
  const { settings, part } = session;
  const withoutSecrets = isStranger(session);
  const reviewing = isReviewed(session) ? reviewingOf(session) : undefined;
  const { desired } = await validateWorkspace({ settings, withoutSecrets });
  if (desired !== undefined) mask(secretsIn(desired));
  try {
    const { ready, diagnostics, rules } = await planWorkspace({
      settings,
      ...part,
      withoutSecrets,
      ...(isStranger(session) ? {} : asks),
      ...(store === undefined ? {} : { store }),
      ...(reviewing === undefined ? {} : { review: reviewing.read }),
    });
    const told = scrubbed(session, [...diagnostics, ...(reviewing?.diagnostics() ?? [])]);
    annotate(told, session.locate);
    const ruled = rules === undefined ? {} : { rules };
    if (ready === undefined) return { diagnostics: told, drifted: [], ...ruled };
    noteComing(ready.plan, session.scope.environment, session.coming);
    return { ready, diagnostics: told, drifted: driftedIn(ready), ...ruled };
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error;
    const told = scrubbed(session, error.diagnostics);
    annotate(told, session.locate);
    return { diagnostics: told, drifted: [] };
  }
};

/** What a plan amounts to. */
export const countsOf = (
  plan: Plan | undefined,
): Pick<Report, 'changes' | 'creates' | 'updates' | 'deletes' | 'replaces'> => {
  const main = mainSteps(plan?.changes ?? []);
  const number = (action: string): number => main.filter((change) => change.action === action).length;
  return {
    changes: main.length,
    creates: number('create'),
    updates: number('update'),
    deletes: number('delete'),
    replaces: number('replace'),
  };
};

/** What a plan's comment, summary and file are made of. */
export const planReportOf = (
  session: Session,
  { ready, diagnostics, drifted, rules }: PlannedSession,
): PlanReport => {
  const plan = ready?.plan;
  const graph =
    ready === undefined ? undefined : changedGraph(ready.desired.resources, ready.plan, MOST_NODES);
  return {
    ...(plan === undefined ? {} : { plan }),
    diagnostics,
    drifted,
    ...(ready === undefined ? {} : { impacts: impactOfPlan(ready) }),
    ...(rules === undefined ? {} : { rules }),
    title: session.title,
    ...(graph === undefined ? {} : { graph: mermaidText(graph).trimEnd() }),
    footer: footerOf(session, plan?.digest),
  };
};

/** The plan as a page, for those who have no terminal. */
const planPageOf = async (
  session: Session,
  { ready, diagnostics, drifted }: PlannedSession,
  { impacts = [], rules }: PlanReport,
): Promise<string> => {
  // Only here is a layout of pictures needed.
  const { planPage } = await import('../report/html-plan.js');
  return planPage({
    ...(ready === undefined ? {} : { plan: ready.plan, resources: ready.desired.resources }),
    diagnostics,
    drifted,
    impacts,
    ...(rules === undefined ? {} : { rules }),
    title: session.title,
    linkTo: session.linkTo,
    facts: await factsOf(session),
    made: new Date().toISOString(),
  });
};

/** Shows a plan in log and summary, and writes it for later steps. */
export const publishPlan = async (session: Session, planned: PlannedSession): Promise<Report> => {
  const { ready, diagnostics } = planned;
  const report = planReportOf(session, planned);
  const style = createStyle(false);
  const text = [
    diagnosticsText(diagnostics, style),
    ...(ready === undefined ? [] : [planText(ready.plan, style)]),
    exceptedText(planned.rules?.excepted ?? [], style),
  ].join('\n');
  const markdown = summaryOf(session, report);
  await show(session, text, markdown);
  const reportFile = await writeReport(session, 'polytomic-plan', 'md', markdown);
  const page = await planPageOf(session, planned, report);
  const htmlFile = await writeReport(session, 'polytomic-plan', 'html', page);
  const counts = countsOf(ready?.plan);
  const base: Report = {
    ...nothing,
    failed: hasErrors(diagnostics) || (ready === undefined && !isToCome(diagnostics)),
    ...counts,
    converged: counts.changes === 0 && ready !== undefined,
    reportFile,
    htmlFile,
  };
  if (ready === undefined) return base;
  const saved = await savedPlanOf(session.settings, ready, { ...session.settings, ...session.part });
  const planFile = await writeReport(
    session,
    'polytomic-plan',
    'json',
    `${JSON.stringify(saved, null, 2)}\n`,
  );
  return { ...base, digest: ready.plan.digest, planFile };
};
