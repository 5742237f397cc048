/** Manifests against what lives, before anything is applied: reads, and nothing else. */
import pLimit from 'p-limit';
import type { JobOptions } from '../api/calls.js';
import type { Reader } from '../api/client.js';
import type { Address } from '../core/address.js';
import { sortDiagnostics, type Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import type { ValueObject } from '../core/secret.js';
import { awaitedBy, labelsOf } from '../kinds/after.js';
import type { Finding } from '../kinds/finding.js';
import { completeFromLive } from '../kinds/normalise.js';
import { referencesFromLive } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import { missingPart, unsayable } from '../kinds/parts.js';
import type { TypeCache } from '../live/type-cache.js';
import type { Live, LiveObject } from '../live/snapshot.js';
import type { Desired, Resource } from '../load/desired.js';
import { dependenciesOf } from '../load/graph.js';
import { matchLive } from '../plan/match.js';
import type { Change } from '../plan/plan.js';
import type { State } from '../state/state.js';
import { previewColumns, type Previewed, type Previewing } from './columns.js';
import { createOutlook } from './outlook.js';
import { createQuestions } from './questions.js';

export interface PreflightInput {
  readonly desired: Desired;
  readonly live: Live;
  /** With moves applied. */
  readonly state: State;
  readonly reader: Reader;
  readonly types: TypeCache;
  /** What a plan is about to do; with `everything`, only to know what will not answer as it does now. */
  readonly changes: readonly Change[];
  /** All manifests, or what changes and what is shaped by it. */
  readonly everything: boolean;
  readonly concurrency: number;
  /** How long schemas are waited for that the API is still reading. */
  readonly patience: JobOptions;
  /** How the columns of what changes are asked for; absent: no source is asked for them. */
  readonly previewing?: Previewing;
}

export interface Checked {
  /** All findings, by file and line. */
  readonly findings: readonly Diagnostic[];
  /** What was learnt of columns, for each change that may change some. */
  readonly previewed: readonly Previewed[];
}

/** Whether a change sends the document. An adoption that changes nothing does not. */
const sends = ({ action, patch }: Change): boolean =>
  action === 'create' ||
  action === 'replace' ||
  ((action === 'update' || action === 'adopt') && patch.length > 0);

/** What is checked: all, or what is sent together with what the kinds of these shape. */
const chosen = ({ desired, changes, everything }: PreflightInput): readonly Resource[] => {
  const own = desired.resources.filter(({ external }) => !external);
  if (everything) return own;
  const sent = new Set(changes.filter(sends).map(({ address }) => address));
  const shaping = new Set(
    own
      .filter(({ address, kind }) => sent.has(address) && kindOf(kind).preflight.shapes)
      .map(({ address }) => address),
  );
  return own.filter(
    (resource) =>
      sent.has(resource.address) || dependenciesOf(resource).some((address) => shaping.has(address)),
  );
};

/** What will answer otherwise once the plan is applied: new, replaced, or pointed elsewhere. */
const unsettledBy = (changes: readonly Change[]): ReadonlySet<Address> =>
  new Set(
    changes
      .filter((change) => {
        const { reaches } = kindOf(change.kind).preflight;
        return (
          reaches !== undefined &&
          sends(change) &&
          (change.action === 'replace' ||
            change.patch.some(({ path }) => typeof path === 'string' && path.startsWith(`/${reaches}`)))
        );
      })
      .map(({ address }) => address),
  );

/** The document that would be sent: live's where the manifest is silent and live owns it. */
const wholeDocument = (
  { kind: name, document, address }: Resource,
  object: LiveObject | undefined,
  state: State,
  keyOf: (kind: string, id: string) => string | undefined,
): ValueObject => {
  const kind = kindOf(name);
  if (object === undefined) return kind.complete(document, undefined, undefined);
  const live = referencesFromLive(kind, kind.fromLive(object.value).document, keyOf) as JsonObject;
  return completeFromLive(kind, document, live, state.resources[address]?.applied);
};

/** What comes before a manifest that it does not refer to. */
const createFirsts = (
  resources: readonly Resource[],
  documents: ReadonlyMap<Address, ValueObject>,
): ((address: Address) => readonly ValueObject[]) => {
  const own = resources.flatMap(({ address, kind }) => {
    const document = documents.get(address);
    return document === undefined ? [] : [{ address, kind: kindOf(kind), document }];
  });
  const made = new Map(
    own.flatMap(({ kind, document }) => labelsOf(kind, document).map((label) => [label, document] as const)),
  );
  const firsts = new Map(
    own.map(({ address, kind, document }) => [
      address,
      awaitedBy(kind, document)
        .map((label) => made.get(label))
        .filter((first) => first !== undefined),
    ]),
  );
  return (address) => firsts.get(address) ?? [];
};

/** Checks what is to be checked. Never fails for what the API answers: what could not be asked is a warning. */
export const preflight = async (input: PreflightInput): Promise<Checked> => {
  const { desired, live, state, changes, concurrency } = input;
  const checked = chosen(input);
  if (checked.length === 0) return { findings: [], previewed: [] };
  const { matches } = matchLive(desired, live, state);
  const bound = new Map(
    matches.flatMap(({ resource, live: object }) =>
      object === undefined ? [] : [[resource.address, object] as const],
    ),
  );
  const keys = new Map(
    matches.flatMap(({ resource, live: object }) =>
      object === undefined ? [] : [[`${resource.kind} ${object.id}`, resource.key] as const],
    ),
  );
  const keyOf = (kind: string, id: string): string | undefined => keys.get(`${kind} ${id}`);
  const documents = new Map(
    desired.resources
      .filter(({ external }) => !external)
      .map((resource) => [
        resource.address,
        wholeDocument(resource, bound.get(resource.address), state, keyOf),
      ]),
  );
  const questions = createQuestions();
  const unsettled = unsettledBy(changes);
  const previewed =
    input.previewing === undefined
      ? []
      : await previewColumns({ ...input, ...input.previewing, bound, unsettled, questions });
  const outlookOf = createOutlook({
    ...input,
    bound,
    documents,
    firstOf: createFirsts(desired.resources, documents),
    unsettled,
    previewed: new Map(
      previewed.flatMap(({ address, after }) => (after === undefined ? [] : [[address, after] as const])),
    ),
    questions,
  });
  const placed = (address: Address, { pointer, ...finding }: Finding): Diagnostic => ({
    ...finding,
    address,
    ...desired.cite(address, pointer, 'value'),
  });
  const limit = pLimit(Math.max(1, concurrency));
  const found = await Promise.all(
    checked.map(async ({ address, kind: name, document: written }) =>
      limit(async () => {
        const kind = kindOf(name);
        const document = documents.get(address) ?? {};
        const missing = missingPart(kind, document, input.reader.dialect);
        const findings = await kind.preflight.check(
          document,
          outlookOf(address),
          bound.get(address)?.value,
          written,
        );
        return [...findings, ...(missing === undefined ? [] : [unsayable(missing)])].map((each) =>
          placed(address, each),
        );
      }),
    ),
  );
  await input.types.save();
  const failures = questions
    .failures()
    .map((failure): Diagnostic =>
      failure.address === undefined
        ? failure
        : { ...failure, ...desired.cite(failure.address as Address, '') },
    );
  // What is wrong with a connection is said already, in better words than those of a preview that fails for it.
  const wrong = new Set(
    found.flat().flatMap(({ severity, address }) => (severity === 'error' ? [address] : [])),
  );
  const refused = previewed
    .filter(({ address }) => !wrong.has(address))
    .flatMap(({ address, findings }) => findings.map((each) => placed(address, each)));
  return { findings: sortDiagnostics([...found.flat(), ...refused, ...failures]), previewed };
};
