/** Runs of syncs and bulk syncs, in the order in which rows go through them. */
import pLimit from 'p-limit';
import { createWriter } from '../api/client.js';
import { ApiError, asking } from '../api/failure.js';
import { createLinkReader } from '../api/links.js';
import type { Address } from '../core/address.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { kindOf } from '../kinds/registry.js';
import type { Asked, Runs } from '../kinds/runs.js';
import type { Settings } from '../load/config.js';
import { addressIn } from '../live/objects.js';
import { liveLineage, type Lineage } from '../live/lineage.js';
import type { Ran, RunEvent } from '../live/ran.js';
import type { LiveObject } from '../live/snapshot.js';
import { changedRuns, turnsOf, type Changed } from '../plan/turns.js';
import { selectBindings, type Selection } from '../plan/select.js';
import { readBound, type Bound } from './drift.js';
import { execute, FIRST_LOOK, hasRunSince, type Executing } from './execute.js';
import { openStore } from './stores.js';

export interface RunRequest {
  readonly settings: Settings;
  /** What is run; everything that is bound and runs where absent. */
  readonly selection?: Selection;
  /**
   * Of that, what the last apply sent, or of which it sent the model: all of it, or what has not run well since
   * (`left`). Default: whatever was sent.
   */
  readonly changed?: 'all' | 'left';
  readonly asked: Asked;
  /** Milliseconds; what has not ended by then is left running. Default: as long as it takes. */
  readonly timeout?: number;
  /** False: nothing is waited for. */
  readonly wait?: boolean;
  /** Aborted: nothing more is started, and nothing is watched any more. What runs goes on. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

interface Chosen {
  readonly object: LiveObject;
  readonly address: Address;
  readonly runs: Runs;
  readonly since?: string | null;
}

/** What of the bound is to run. Throws `DiagnosticError` where the selection names what there is not. */
const choose = (
  { state, live, addressOf }: Bound,
  lineage: Lineage,
  { selection, changed }: RunRequest,
): readonly Chosen[] => {
  const { isChosen, diagnostics } = selectBindings(state, selection);
  if (diagnostics.length > 0) throw new DiagnosticError(diagnostics);
  const since = new Map(
    (changed === undefined ? [] : changedRuns(state, lineage)).map((each: Changed) => [
      each.id,
      each.at ?? null,
    ]),
  );
  return live.objects.flatMap((object) => {
    const address = addressOf(object);
    const { runs } = kindOf(object.kind);
    if (address === undefined || runs === undefined || !isChosen(address)) return [];
    if (changed !== undefined && !since.has(object.id)) return [];
    const at = since.get(object.id);
    return [{ object, address, runs, ...(at === undefined ? {} : { since: at }) }];
  });
};

/**
 * Runs what is bound, each after what it runs after by its schedule and after what writes the tables that it reads, side
 * by side where it can be. Gives nothing where nothing was changed. Throws `DiagnosticError` where there is nothing to
 * run, and for what the API answers before anything is started.
 */
export const runWorkspace = async (request: RunRequest): Promise<readonly Ran[]> => {
  const { settings, asked, timeout, signal, onEvent, wait = true } = request;
  // All of it: what is not run itself tells what comes first.
  const bound = await readBound(settings, openStore(settings));
  const limit = pLimit(settings.concurrency);
  const lineage = liveLineage(bound.live.objects, bound.addressOf);
  const all = choose(bound, lineage, request);
  const isLeft = async (each: Chosen): Promise<readonly Chosen[]> =>
    (await asking(`reading the status of ${each.address}`, async () => hasRunSince(bound.reader, each)))
      ? []
      : [each];
  const chosen =
    request.changed === 'left'
      ? (await Promise.all(all.map(async (each) => limit(async () => isLeft(each))))).flat()
      : all;
  if (chosen.length === 0 && request.changed !== undefined) return [];
  if (chosen.length === 0)
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'nothing-to-run',
        message: 'nothing that is managed here, and chosen, can be run',
        hint: 'name syncs or bulk syncs that were applied; status lists them',
      },
    ]);
  const writer = createWriter(bound.options);
  const links = createLinkReader(bound.options);
  const turns = turnsOf(bound.live.objects, lineage);
  const byId = new Map(chosen.map((each) => [each.object.id, each]));
  const end = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout;
  const started = new Map<string, Promise<Ran>>();
  const tell = (ran: Ran): Ran => {
    onEvent?.({ type: 'ended', ran });
    return ran;
  };
  const after = async (id: string, path: readonly string[]): Promise<Ran> => {
    const known = started.get(id);
    if (known !== undefined) return known;
    const promise = runAfter(id, path);
    started.set(id, promise);
    return promise;
  };
  const runAfter = async (id: string, path: readonly string[]): Promise<Ran> => {
    const each = byId.get(id) as Chosen;
    const { address, object } = each;
    // What waits for itself in the end starts all the same, as it does there.
    const first = (turns.get(id) ?? []).filter((other) => byId.has(other) && !path.includes(other));
    const before = await Promise.all(first.map(async (other) => after(other, [...path, id])));
    const bad = before.find(({ outcome }) => outcome !== 'done');
    if (bad !== undefined && wait)
      return tell({
        address,
        name: object.name,
        outcome: 'skipped',
        reason: `${bad.address} did not end well`,
      });
    if (signal?.aborted === true)
      return tell({
        address,
        name: object.name,
        outcome: 'skipped',
        reason: 'interrupted before it was started',
      });
    const executing: Executing = {
      ...each,
      writer,
      links,
      asked,
      wait,
      end,
      look: settings.jobInterval ?? FIRST_LOOK,
      ...(signal === undefined ? {} : { signal }),
      ...(onEvent === undefined ? {} : { onEvent }),
    };
    return tell(await limit(async () => execute(executing)));
  };
  return Promise.all(chosen.map(async ({ object }) => after(object.id, [object.id])));
};

/** Asks for an end of these runs. Never throws for what the API answers: they go on then. */
export const cancelRuns = async (settings: Settings, rans: readonly Ran[]): Promise<void> => {
  const { live, addressOf, options } = await readBound(settings, openStore(settings));
  const writer = createWriter(options);
  const left = new Set(rans.flatMap(({ address, outcome }) => (outcome === 'running' ? [address] : [])));
  await Promise.all(
    live.objects.map(async (object) => {
      const address = addressOf(object);
      const { runs } = kindOf(object.kind);
      if (address === undefined || runs === undefined || !left.has(address)) return;
      await writer
        .send('POST', addressIn(writer, kindOf(object.kind), object.id, runs.cancel))
        .catch((error: unknown) => {
          if (!(error instanceof ApiError)) throw error;
        });
    }),
  );
};
