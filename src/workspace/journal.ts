/** The journal of a workspace: what killed runs left, and what is kept of it. */
import {
  entriesFor,
  isPast,
  journalFile,
  openSteps,
  ownerOf,
  readEntries,
  replaceJournal,
  type Entry,
  type Started,
} from '../apply/journal.js';
import { madeTwice, recoverDone, type Recovered } from '../apply/recover.js';
import { printable } from '../core/text.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { kindOf } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import type { Live } from '../live/snapshot.js';
import { serializeState, type State } from '../state/state.js';
import type { StateStore } from '../state/store.js';

/** Where the journal of the settings' environment is. */
export const journalOf = ({ root, environmentName }: Settings): string => journalFile(root, environmentName);

/** All that killed runs left behind, of whatever organization. */
export const leftBehind = async (settings: Settings, store: StateStore): Promise<readonly Entry[]> =>
  store.durable ? readEntries(journalOf(settings)) : [];

/** What is kept of open steps: nothing can come any more of those that were begun a day ago. */
export const stillOpen = (open: Recovered['open']): readonly Started[] => {
  const now = Date.now();
  return open.filter((step) => !isPast(step, now));
};

/** Leaves in the journal what is still open, and nothing else: the rest is in the state. Throws `DiagnosticError`. */
export const keepOpen = async (
  settings: Settings,
  organization: string,
  serial: number,
  open: readonly Started[],
): Promise<void> => replaceJournal(journalOf(settings), { type: 'run', organization, serial }, open);

/**
 * The state, with what a killed run noted as done: for commands that change the state and read nothing that lives. The
 * lock is held. Throws `DiagnosticError`.
 */
export const settledState = async (settings: Settings, store: StateStore): Promise<State> => {
  const state = await store.read();
  const entries = await leftBehind(settings, store);
  const organization = ownerOf(entries);
  if (organization === undefined || (state.organization?.id ?? organization) !== organization) return state;
  const done = recoverDone(state, entriesFor(entries, organization)).state;
  const next: State =
    done.organization === undefined ? { ...done, organization: { id: organization, name: '' } } : done;
  const settled = serializeState(next) === serializeState(state) ? state : await store.write(next);
  await keepOpen(settings, organization, settled.serial, stillOpen(openSteps(entries)));
  return settled;
};

/** Whether a killed run did, or may still do, something that the state does not hold. */
export const isUnsettled = async (
  settings: Settings,
  store: StateStore,
  organization: string,
): Promise<boolean> => {
  const entries = entriesFor(await leftBehind(settings, store), organization);
  if (entries.length === 0) return false;
  const { state, addresses } = recoverDone(await store.read(), entries);
  return (
    addresses.length > 0 ||
    stillOpen(openSteps(entries)).some(
      ({ key, address }) => key !== undefined && state.resources[address] === undefined,
    )
  );
};

/** What to say where a create of a killed run landed after its step was done by another one. */
export const twiceFindings = (open: readonly Started[], live: Live, state: State): readonly Diagnostic[] =>
  madeTwice(open, live, state).map(({ address, kind, name, id, bound }) => ({
    severity: 'warning',
    code: 'made-twice',
    message: `${kindOf(kind).noun.one} ${printable(JSON.stringify(name))} (${printable(id)}) was made by a run that was killed, beside the one that ${address} is bound to (${printable(bound)})`,
    hint: `look at both in Polytomic; delete ${printable(id)} there if nothing uses it, or bind it in place of the other one: polytomic-gitops state rm ${address}, then adopt --by id ${address}=${printable(id)}`,
    address,
  }));
