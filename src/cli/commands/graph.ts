import { hasErrors } from '../../core/diagnostics.js';
import { load } from '../../load/load.js';
import {
  cutGraph,
  graphOf,
  impactGraph,
  mermaidText,
  type Graph,
  type GraphInput,
} from '../../report/graph.js';
import { lineageKinds } from '../../live/lineage.js';
import { impactOf } from '../../plan/impact.js';
import { planWorkspace } from '../../workspace.js';
import { impactWorkspace, lineageOfPlan } from '../../workspace/impact.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { startProgress } from '../progress.js';
import { loadPlan } from '../saved.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface GraphOptions extends GlobalOptions {
  readonly format: keyof typeof notations;
  /** A saved plan whose changes are coloured. */
  readonly plan?: string;
  /** Colour by what a plan made now would change. */
  readonly changes?: boolean;
  /** Only what the plan changes, and its neighbours. */
  readonly changesOnly?: boolean;
  readonly most?: number;
  /** All that is downstream of this address, or of what a plan made now changes. */
  readonly impact?: string | true;
}

/** Each loads only what it needs: a layout is large. */
const notations = {
  mermaid: async () => Promise.resolve(mermaidText),
  dot: async () => (await import('../../report/graph-dot.js')).dotText,
  svg: async () => (await import('../../report/graph-svg.js')).svgText,
} as const satisfies Readonly<Record<string, () => Promise<(graph: Graph) => string>>>;

/** `graph`: what refers to what; without `--changes` there is no network. */
export const graph = async (io: Io, options: GraphOptions): Promise<number> => {
  const drawn = await (options.impact === undefined ? referring(io, options) : downstream(io, options));
  if (drawn === undefined) return exitCodes.error;
  if (options.json === true) printJson(io, drawn);
  else io.out((await notations[options.format]())(drawn));
  return exitCodes.ok;
};

/** What refers to what; undefined where a finding, printed by now, is in the way. */
const referring = async (io: Io, options: GraphOptions): Promise<Graph | undefined> => {
  const { changesOnly = false, most } = options;
  const found = await inputFor(io, options);
  return found === undefined
    ? undefined
    : graphOf({ ...found, changesOnly, ...(most === undefined ? {} : { most }) });
};

/** What is downstream; undefined as with `referring`. Throws `DiagnosticError`. */
const downstream = async (io: Io, options: GraphOptions): Promise<Graph | undefined> => {
  const { impact, most } = options;
  const settings = await settingsFor(io, options);
  const progress = await startProgress(io, 'Reading Polytomic …', options.json === true);
  const cut = (graph: Graph): Graph => (most === undefined ? graph : cutGraph(graph, most));
  try {
    if (typeof impact === 'string') {
      const { lineage, impacts } = await impactWorkspace(settings, [impact]);
      return cut(impactGraph(lineage, impacts));
    }
    const { ready, diagnostics } = await planWorkspace({
      settings,
      withoutSecrets: true,
      also: lineageKinds,
    });
    progress.stop();
    report(io, options, diagnostics);
    if (ready === undefined) return undefined;
    const lineage = lineageOfPlan(ready);
    return cut(
      impactGraph(
        lineage,
        impactOf(ready.plan, () => lineage),
        ready.plan,
      ),
    );
  } finally {
    progress.stop();
  }
};

/** The resources, with the plan that was asked for; undefined where a finding, printed by now, is in the way. */
const inputFor = async (
  io: Io,
  options: GraphOptions,
): Promise<Pick<GraphInput, 'resources' | 'plan'> | undefined> => {
  const settings = await settingsFor(io, options);
  if (options.plan === undefined && (options.changes === true || options.changesOnly === true)) {
    const progress = await startProgress(io, 'Reading Polytomic …', options.json === true);
    try {
      const { ready, diagnostics } = await planWorkspace({ settings, withoutSecrets: true });
      progress.stop();
      report(io, options, diagnostics);
      return ready === undefined ? undefined : { resources: ready.desired.resources, plan: ready.plan };
    } finally {
      progress.stop();
    }
  }
  const { desired, diagnostics } = await load({ ...settings, withoutSecrets: true });
  report(io, options, diagnostics);
  if (desired === undefined) return undefined;
  const { resources } = desired;
  return options.plan === undefined
    ? { resources }
    : { resources, plan: (await loadPlan(io, options, options.plan)).plan };
};

const report = (io: Io, options: GraphOptions, diagnostics: Parameters<typeof printDiagnostics>[2]): void => {
  if (options.json === true && hasErrors(diagnostics)) printJson(io, { diagnostics });
  else printDiagnostics(io, options, diagnostics);
};
