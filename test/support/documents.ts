/** Plain documents for tests of planning and applying: manifests, live objects, states, and the plan over them. */
import type { Address } from '../../src/core/address.js';
import { addressOf } from '../../src/core/address.js';
import type { Diagnostic } from '../../src/core/diagnostics.js';
import type { JsonObject } from '../../src/core/json.js';
import type { ValueObject } from '../../src/core/secret.js';
import type { Desired, Resource } from '../../src/load/desired.js';
import type { LiveObject } from '../../src/live/snapshot.js';
import type { PlanInput } from '../../src/plan/context.js';
import { makePlan, type Planned } from '../../src/plan/make.js';
import type { Change, Plan, Work } from '../../src/plan/plan.js';
import { emptyState, type Binding, type State } from '../../src/state/state.js';

export const organization = { id: 'org-1', name: 'Acme' };

export const address = (text: string): Address => text as Address;

/** A manifest after loading. Its place is `KEY.yaml:1:1`. */
export const manifest = (
  kind: string,
  key: string,
  document: ValueObject,
  more: Partial<Resource> = {},
): Resource => ({
  address: addressOf(kind, key),
  kind,
  key,
  external: false,
  preventDestroy: false,
  ignoreChanges: [],
  expressions: {},
  labels: {},
  document,
  place: { file: `${key}.yaml`, line: 1, column: 1 },
  ...more,
});

/** A connection by its key, of a type that can hold a password. Its name is its key. */
export const connection = (key: string, document: ValueObject = {}, more: Partial<Resource> = {}): Resource =>
  manifest(
    'Connection',
    key,
    { name: key, type: 'postgresql', configuration: { hostname: 'h' }, ...document },
    more,
  );

/** A model of the connection `db`. Its name is its key. */
export const model = (key: string, document: ValueObject = {}, more: Partial<Resource> = {}): Resource =>
  manifest('Model', key, { name: key, connection: 'db', configuration: { table: 't' }, ...document }, more);

/** What the API answers for such a connection. */
export const liveConnection = (id: string, name: string, value: JsonObject = {}): LiveObject =>
  live('Connection', id, name, { type: { id: 'postgresql' }, configuration: { hostname: 'h' }, ...value });

/** What the API answers for such a model. */
export const liveModel = (
  id: string,
  name: string,
  connectionId: string,
  value: JsonObject = {},
): LiveObject =>
  live('Model', id, name, { connection_id: connectionId, configuration: { table: 't' }, ...value });

export const live = (kind: string, id: string, name: string, value: JsonObject = {}): LiveObject => ({
  kind,
  id,
  name,
  value: { id, name, ...value },
});

export const binding = (
  kind: string,
  id: string,
  applied: JsonObject,
  more: Partial<Binding> = {},
): Binding => ({ kind, id, applied, secrets: {}, ...more });

export const stateOf = (resources: Readonly<Record<string, Binding>>): State => ({
  ...emptyState,
  serial: 3,
  organization,
  resources,
});

/** The manifests of a repository; a value's place is the pointer, as a file. */
export const desiredOf = (
  resources: readonly Resource[],
  more: Partial<Pick<Desired, 'moves' | 'removals'>> = {},
): Desired => ({
  resources: [...resources].sort((a, b) => (a.address < b.address ? -1 : 1)),
  moves: [],
  removals: [],
  fill: (_file, manifest) => manifest,
  cite: (of, pointer) => ({ place: { file: `${of}${pointer}`, line: 1, column: 1 } }),
  locate: (of, pointer) => ({ file: `${of}${pointer}`, line: 1, column: 1 }),
  ...more,
});

export interface Situation extends Partial<Omit<PlanInput, 'desired' | 'live' | 'state'>> {
  readonly manifests?: readonly Resource[];
  readonly live?: readonly LiveObject[];
  readonly state?: Readonly<Record<string, Binding>>;
  readonly moves?: Desired['moves'];
  readonly removals?: Desired['removals'];
}

const inputOf = ({
  manifests = [],
  live: objects = [],
  state = {},
  moves = [],
  removals = [],
  ...more
}: Situation): PlanInput => ({
  desired: desiredOf(manifests, { moves, removals }),
  live: { objects },
  state: stateOf(state),
  durable: true,
  organization,
  secretStatus: () => 'same',
  prune: 'managed',
  ...more,
});

/** What a plan is made of, and what it says. */
export const planned = (situation: Situation): Planned => makePlan(inputOf(situation));

/** The plan and its documents. Fails where there is none. */
export const planOf = (
  situation: Situation,
): { readonly plan: Plan; readonly work: Work; readonly input: PlanInput } => {
  const input = inputOf(situation);
  const { plan, work, diagnostics } = makePlan(input);
  if (plan === undefined || work === undefined)
    throw new Error(`no plan: ${diagnostics.map(({ message }) => message).join('; ')}`);
  return { plan, work, input };
};

/** The changes of a plan. Fails where there is none. */
export const changesOf = (situation: Situation): readonly Change[] => planOf(situation).plan.changes;

/** `create connection.db`, in the order of the plan. */
export const told = (situation: Situation): readonly string[] =>
  changesOf(situation).map(({ action, step }) => `${action} ${step}`);

/** The errors of a situation that has no plan, without their places. */
export const errorsOf = (situation: Situation): readonly Diagnostic[] => {
  const { plan, diagnostics } = planned(situation);
  if (plan !== undefined) throw new Error('there is a plan');
  return diagnostics;
};

/** A change by itself. */
export const change = (action: Change['action'], step: string, more: Partial<Change> = {}): Change => ({
  address: address(step),
  step,
  kind: 'Connection',
  name: step,
  action,
  patch: [],
  before: null,
  after: null,
  causes: {},
  unknownSecrets: [],
  reasons: [],
  waitsFor: [],
  ...more,
});
