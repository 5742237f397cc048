/** The step that gives an object its name, after all that made it free. Pure. */
import type { Change } from './plan.js';

/** Why a step of its own gives an object its name. */
export const NAMED_LAST = 'gets its name when the old one is gone';

export const nameStep = (address: string): string => `${address} (name)`;

/** Whether a change only gives an object its name. */
export const isNaming = ({ step, address }: Pick<Change, 'step' | 'address'>): boolean =>
  step === nameStep(address);

/** What is to get a name. */
type Named = Pick<Change, 'address' | 'kind' | 'name'> & Partial<Pick<Change, 'place' | 'id'>>;

/** The step that gives an object its name, when that is free. */
export const naming = (
  { address, kind, name, place, id }: Named,
  interim: string,
  reason: string,
): Change => ({
  address,
  kind,
  name,
  ...(place === undefined ? {} : { place }),
  ...(id === undefined ? {} : { id }),
  step: nameStep(address),
  action: 'update',
  patch: [{ op: 'replace', path: '/name', value: name }],
  before: { name: interim },
  after: { name },
  causes: {},
  unknownSecrets: [],
  reasons: [reason],
  waitsFor: [address],
});
