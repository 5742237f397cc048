/** Runs that go wrong on request: records that a target refuses, and runs that end half-way. */
import { isJsonArray, isJsonObject, objectsIn, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import type { Store } from '../store.js';
import type { MoveOptions } from './move.js';

/** What happens to the next run. */
export interface RunFault {
  /** Id of a sync. Default: that of whichever runs first. */
  readonly sync?: string;
  /** The run fails, and says this. */
  readonly error?: string;
  /** Before it fails so many records are written. Default 0. */
  readonly after?: number;
  /** Places of records, from 0, that the target refuses. */
  readonly refuse?: readonly number[];
}

const KEY = 'run-faults';

const waiting = (store: Store): readonly JsonObject[] => objectsIn(store.get('settings', KEY)?.['waiting']);

/** Announces a fault. */
export const addRunFault = (store: Store, { refuse, ...fault }: RunFault): void => {
  store.touch('settings', KEY, {
    waiting: [...waiting(store), { ...fault, ...(refuse === undefined ? {} : { refuse: [...refuse] }) }],
  });
};

/** The fault of a run that is about to write, which is taken away by it. */
export const takeRunFault = (
  store: Store,
  sync: string,
): { readonly error?: string; readonly limits: Pick<MoveOptions, 'most' | 'refused'> } | undefined => {
  const all = waiting(store);
  const fault = all.find((each) => each['sync'] === undefined || each['sync'] === sync);
  if (!isJsonObject(fault)) return undefined;
  store.touch('settings', KEY, { waiting: all.filter((each) => each !== fault) });
  const { error, after, refuse } = fault;
  return {
    ...(error === undefined ? {} : { error: asText(error) }),
    limits: {
      ...(error === undefined ? {} : { most: Number(after ?? 0) }),
      ...(isJsonArray(refuse)
        ? { refused: new Map(refuse.map((place) => [Number(place), 'the target refuses this record'])) }
        : {}),
    },
  };
};
