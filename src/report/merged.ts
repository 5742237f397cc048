/** The reports of many runs as one: environments and shards, each planned, applied or looked at by a runner of its own. */
import { isJsonArray, isJsonObject, type Json, parseJson, objectsIn } from '../core/json.js';
import { asText } from '../core/text.js';
import { mainSteps, type Action } from '../plan/plan.js';
import { parseShard } from '../core/shard.js';

/** What one run left: of `plan`, `apply` or `drift`. */
export interface RunReport {
  /** Its file. */
  readonly source: string;
  readonly organization: string;
  /** Empty for none. */
  readonly environment: string;
  readonly shard?: string;
  readonly changes: readonly ReportedChange[];
  readonly unchanged: number;
  readonly failed: number;
  readonly skipped: number;
  readonly drifted: number;
  /** Changed outside where no manifest says anything. */
  readonly unsaid: number;
  readonly errors: readonly string[];
}

export interface ReportedChange {
  readonly action: string;
  readonly address: string;
  readonly name: string;
}

/** A line of the merged report: an environment, its shards added up. */
export interface Row {
  readonly environment: string;
  readonly organization: string;
  readonly counts: Readonly<Record<Action, number>>;
  readonly unchanged: number;
  readonly failed: number;
  readonly skipped: number;
  readonly drifted: number;
  /** Changed outside where no manifest says anything. */
  readonly unsaid: number;
  readonly errors: readonly string[];
  /** Shards whose report is not there, e.g. `2/3`. */
  readonly missing: readonly string[];
}

export interface MergedReport {
  /** By environment. */
  readonly rows: readonly Row[];
  /** What ends an object, with its environment. */
  readonly endings: readonly (ReportedChange & { readonly environment: string })[];
  /** Whether a report is missing, or tells of an error or a failure. */
  readonly failed: boolean;
}

const actions: readonly Action[] = ['create', 'update', 'replace', 'delete', 'adopt', 'move', 'forget'];
const ENDS: ReadonlySet<string> = new Set(['delete', 'replace']);

const numberIn = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

const organizationName = (value: Json | undefined): string =>
  isJsonObject(value) ? asText(value['name'] === '' ? value['id'] : value['name']) : '';

/** The report of a run from the text of its file, or what is wrong with it. */
export const parseRunReport = (source: string, text: string): RunReport | { readonly problem: string } => {
  let value: Json;
  try {
    value = parseJson(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  if (!isJsonObject(value)) return { problem: 'it is no report' };
  const { plan, outcome, diagnostics, drifted, unsaid, organization, environment, shard, same } = value;
  const errors = objectsIn(diagnostics)
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => asText(message));
  const base = { source, errors, failed: 0, skipped: 0, drifted: 0, unsaid: 0 };
  if (isJsonObject(plan)) {
    const results = isJsonObject(outcome) ? objectsIn(outcome['results']) : [];
    const number = (status: string): number => results.filter((result) => result['status'] === status).length;
    return {
      ...base,
      organization: organizationName(plan['organization']),
      environment: asText(plan['environment']),
      ...(typeof plan['shard'] === 'string' ? { shard: plan['shard'] } : {}),
      changes: mainSteps(
        objectsIn(plan['changes']).map(({ action, address, step, name }) => ({
          action: asText(action),
          address: asText(address),
          step: asText(step),
          name: asText(name),
        })),
      ).map(({ step: _step, ...change }) => change),
      unchanged: numberIn(plan['unchanged']),
      failed: number('failed'),
      skipped: number('skipped'),
    };
  }
  if (isJsonArray(drifted))
    return {
      ...base,
      organization: organizationName(organization),
      environment: asText(environment),
      ...(typeof shard === 'string' ? { shard } : {}),
      changes: [],
      unchanged: numberIn(same),
      drifted: drifted.length,
      unsaid: objectsIn(unsaid).length,
    };
  if (isJsonArray(diagnostics))
    return { ...base, organization: '', environment: '', changes: [], unchanged: 0 };
  return { problem: 'it is no output of plan, apply or drift with --json, and no saved plan' };
};

/** In the place of a report that cannot be read: a job that broke does not hide what the others did. */
export const unreadReport = (source: string, problem: string): RunReport => ({
  source,
  organization: '',
  environment: '',
  changes: [],
  unchanged: 0,
  failed: 0,
  skipped: 0,
  drifted: 0,
  unsaid: 0,
  errors: [problem],
});

const missingOf = (reports: readonly RunReport[]): readonly string[] => {
  const there = new Set(reports.map(({ shard }) => shard));
  const count = Math.max(0, ...reports.map(({ shard = '' }) => parseShard(shard)?.count ?? 0));
  return Array.from({ length: count }, (_, index) => `${index + 1}/${count}`).filter(
    (each) => !there.has(each),
  );
};

/** Two reports of changes in one part would be counted twice. */
const doubled = (reports: readonly RunReport[]): readonly string[] =>
  reports.flatMap(({ source, shard, changes }, index) => {
    const other = reports
      .slice(0, index)
      .find((earlier) => earlier.shard === shard && earlier.changes.length > 0 && changes.length > 0);
    return other === undefined ? [] : [`${other.source} and ${source} tell of the same part`];
  });

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** All reports as one. Runs that could not even read their environment stand under their file's name. */
export const mergeReports = (reports: readonly RunReport[]): MergedReport => {
  const groups = new Map<string, RunReport[]>();
  for (const report of reports) {
    const unknown = report.environment === '' && report.organization === '' && report.errors.length > 0;
    const name = unknown ? report.source : report.environment;
    groups.set(name, [...(groups.get(name) ?? []), report]);
  }
  const rows = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([environment, group]): Row => {
      const changes = group.flatMap((report) => report.changes);
      return {
        environment,
        organization: group.map(({ organization }) => organization).find((name) => name !== '') ?? '',
        counts: Object.fromEntries(
          actions.map((action) => [action, changes.filter((change) => change.action === action).length]),
        ) as Record<Action, number>,
        // Each shard plans the whole, and counts what stays as it is.
        unchanged: Math.max(...group.map(({ unchanged }) => unchanged)),
        failed: sum(group.map(({ failed }) => failed)),
        skipped: sum(group.map(({ skipped }) => skipped)),
        drifted: sum(group.map(({ drifted }) => drifted)),
        unsaid: sum(group.map(({ unsaid }) => unsaid)),
        errors: [...group.flatMap(({ errors }) => errors), ...doubled(group)],
        missing: missingOf(group),
      };
    });
  return {
    rows,
    endings: reports.flatMap(({ environment, changes }) =>
      changes.filter(({ action }) => ENDS.has(action)).map((change) => ({ ...change, environment })),
    ),
    failed: rows.some(
      ({ errors, missing, failed, skipped }) => errors.length + missing.length + failed + skipped > 0,
    ),
  };
};
