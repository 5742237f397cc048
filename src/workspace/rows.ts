/** Rows of what a plan changes, before and after: personal data, read only where somebody asks for it. */
import { createReader } from '../api/client.js';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { kindOf } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import { matchLive } from '../plan/match.js';
import { HIDDEN, type Sample } from '../plan/sample.js';
import type { Previewed } from '../preflight/columns.js';
import type { Ready } from '../workspace.js';
import { accessTo, clientOptions } from './access.js';
import { sampleModel } from './inspect.js';
import { secretsIn } from './secrets.js';

/** Names of columns whose values some manifest or live object wants nobody to see, in lower case. */
const hiddenNames = ({ desired, live }: Ready): ReadonlySet<string> =>
  new Set(
    [
      ...desired.resources.map(({ kind, document }) => kindOf(kind).hides?.(document) ?? []),
      ...live.objects.map(({ kind: name, value }) => {
        const kind = kindOf(name);
        return kind.hides?.(kind.fromLive(value).document) ?? [];
      }),
    ].flatMap((names) => names.map((name) => name.toLowerCase())),
  );

const veiled = (row: JsonObject, isHidden: (column: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name, isHidden(name) ? HIDDEN : value]));

export interface Sampled {
  readonly samples: readonly Sample[];
  /** A warning for each sample that could not be read. */
  readonly findings: readonly Diagnostic[];
}

/**
 * At most `most` rows of each object whose columns a plan asked for: as they are, and one example of each column as it
 * would be, which is all that the API gives of what does not live (api.md, 5). Values that are hidden leave here no more.
 */
export const sampleRows = async (
  settings: Settings,
  ready: Ready,
  previewed: readonly Previewed[],
  most: number,
): Promise<Sampled> => {
  const { plan, desired, live, state, inMany } = ready;
  const names = hiddenNames(ready);
  const access = clientOptions(settings, secretsIn(desired));
  const reader = createReader(accessTo(access, plan.organization.id, inMany));
  const bound = new Map(
    matchLive(desired, live, state).matches.map(({ resource, live: object }) => [resource.address, object]),
  );
  const findings: Diagnostic[] = [];
  const samples = await Promise.all(
    previewed.map(async ({ step, address, columns, after = [] }): Promise<Sample> => {
      const object = bound.get(address);
      // What comes where a hidden column goes may be the same by another name.
      const mayBeRenamed = columns.removed.some(({ name }) => names.has(name.toLowerCase()));
      const come = new Set(mayBeRenamed ? columns.added.map(({ name }) => name) : []);
      const isHidden = (column: string): boolean => names.has(column.toLowerCase()) || come.has(column);
      const example = Object.fromEntries(
        after.map(({ name, example: value }) => [name, value ?? null]),
      ) as JsonObject;
      let before: readonly JsonObject[] = [];
      try {
        if (object !== undefined) before = await sampleModel(reader, object, most);
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
        findings.push(
          ...error.diagnostics.map((each) => ({ ...each, severity: 'warning' as const, address })),
        );
      }
      return {
        step,
        address,
        before: before.map((row) => veiled(row, isHidden)),
        ...(after.length === 0 ? {} : { after: veiled(example, isHidden) }),
      };
    }),
  );
  return { samples, findings };
};
