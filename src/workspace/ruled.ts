/** Rules in a workspace, loaded where there are any: most repositories have none. */
import { sortDiagnostics, type Diagnostic } from '../core/diagnostics.js';
import type { Settings } from '../load/config.js';
import type { Asked, RuledRun } from './rules-asked.js';

const unruled: RuledRun = { findings: [], stops: [], excepted: [], report: { excepted: [], changes: [] } };

const isRuled = ({ rules, baseRules = [] }: Settings, { desired, approved = [] }: Asked): boolean =>
  rules.length + baseRules.length + approved.length > 0 ||
  [...desired.resources, ...desired.removals].some(({ exceptions = [] }) => exceptions.length > 0);

/** Asks the rules of a repository; reads nothing but their files. */
export const askRules = async (settings: Settings, asked: Asked): Promise<RuledRun> =>
  isRuled(settings, asked) ? (await import('./rules.js')).askAll(settings, asked) : unruled;

const idOf = ({ code, message, place }: Diagnostic): string => JSON.stringify([code, message, place]);

/** Findings of a plan as whoever is about to apply it has to read them: what stops it is an error. */
export const withStops = (
  diagnostics: readonly Diagnostic[],
  stops: readonly Diagnostic[],
): readonly Diagnostic[] => {
  const stopping = new Set(stops.map(idOf));
  return sortDiagnostics([...diagnostics.filter((each) => !stopping.has(idOf(each))), ...stops]);
};
