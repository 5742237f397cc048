/** What a plan does to columns: asked of the source by a preview, which makes nothing. */
import pLimit from 'p-limit';
import { awaitJob, type JobOptions } from '../api/calls.js';
import type { Reader } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import { addressOf, type Address } from '../core/address.js';
import { byCodeUnit, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { secretsOf, type ValueObject } from '../core/secret.js';
import type { Finding } from '../kinds/finding.js';
import type { Kind } from '../kinds/kind.js';
import { pick } from '../kinds/paths.js';
import { finding } from '../kinds/preflight.js';
import type { Column } from '../kinds/preview.js';
import { referencesOf } from '../kinds/references.js';
import { kindOf } from '../kinds/registry.js';
import type { LiveObject } from '../live/snapshot.js';
import type { Change, Columns } from '../plan/plan.js';
import type { Questions } from './questions.js';

/** What a preview is made of, beside what every preflight knows. */
export interface Previewing {
  /** Whole documents that would be sent, by step. */
  readonly documents: ReadonlyMap<string, ValueObject>;
  /** The body of a create of a document whose references all live. */
  readonly bodyOf: (kind: Kind, document: ValueObject) => Json;
  /** How long a source may take. */
  readonly patience: JobOptions;
}

export interface ColumnsInput extends Previewing {
  readonly changes: readonly Change[];
  readonly bound: ReadonlyMap<Address, LiveObject>;
  /** What will not answer as it does now, once the plan is applied. */
  readonly unsettled: ReadonlySet<Address>;
  readonly reader: Reader;
  readonly questions: Questions;
  readonly concurrency: number;
}

/** What was learnt of one change. */
export interface Previewed {
  readonly step: string;
  readonly address: Address;
  readonly columns: Columns;
  /** All columns once the plan is applied; absent where they are not known. */
  readonly after?: readonly Column[];
  /** What the source says is wrong. */
  readonly findings: readonly Finding[];
}

/** Whether a change may change columns: it makes an object, or writes a part that they follow from. */
const shapes = ({ action, patch, kind }: Change): boolean => {
  const { preview } = kindOf(kind);
  if (preview === undefined) return false;
  if (action === 'create' || action === 'replace') return true;
  return (
    (action === 'update' || action === 'adopt') &&
    patch.some(({ path }) =>
      preview.shaping.some((name) => typeof path === 'string' && `${path}/`.startsWith(`/${name}/`)),
    )
  );
};

/** Statuses by which it is the source that refuses what was asked; a job that failed counts as the last. */
const SOURCE_SAYS = [400, 422];

type Answered = { readonly object: JsonObject } | { readonly refused: string };

const ask = async ({ reader, patience }: ColumnsInput, body: Json): Promise<Answered> => {
  try {
    const { data, job } = await reader.askPreview(body);
    // A preview is always a job (api.md, 5); what is answered at once is taken all the same.
    if (isJsonObject(data)) return { object: data };
    return { object: (job === undefined ? undefined : await awaitJob(reader, job, patience)) ?? {} };
  } catch (error) {
    if (!(error instanceof ApiError) || error.failure.reason !== 'http') throw error;
    if (!SOURCE_SAYS.includes(error.failure.status)) throw error;
    return { refused: error.failure.message };
  }
};

/** Why there is nothing to ask, in words; undefined where there is. */
const silence = (
  kind: Kind,
  document: ValueObject,
  { bound, unsettled }: ColumnsInput,
): string | undefined => {
  for (const { reference, rule } of referencesOf(kind, document)) {
    if (reference.to !== 'key') continue;
    const address = addressOf(rule.kind, reference.key);
    if (!bound.has(address)) return `${address} does not live yet`;
    if (unsettled.has(address)) return `${address} changes with this plan`;
  }
  return secretsOf(document).some(([, secret]) => !secret.known)
    ? 'a secret has no value in this run'
    : undefined;
};

/** Who is asked, for a warning. */
const sourceOf = (kind: Kind, document: ValueObject, { bound }: ColumnsInput): string => {
  const [first] = referencesOf(kind, document);
  const { reference, rule } = first ?? {};
  if (reference?.to !== 'key' || rule === undefined) return 'the source';
  const address = addressOf(rule.kind, reference.key);
  return JSON.stringify(bound.get(address)?.name ?? address);
};

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  byCodeUnit(a.name, b.name);

/** What becomes of columns; those that a manifest adds by hand are in its own differences. Pure. */
export const compareColumns = (before: readonly Column[], after: readonly Column[]): Columns => {
  const made = (all: readonly Column[]): ReadonlyMap<string, Column> =>
    new Map(all.filter((column) => column.of !== 'manifest').map((column) => [column.name, column]));
  const [old, now] = [made(before), made(after)];
  const only = (some: ReadonlyMap<string, Column>, others: ReadonlyMap<string, Column>): Columns['added'] =>
    [...some.values()]
      .filter(({ name }) => !others.has(name))
      .map(({ name, type }) => ({ name, type }))
      .sort(byName);
  return {
    added: only(now, old),
    removed: only(old, now),
    changed: [...now.values()]
      .flatMap(({ name, type }) => {
        const was = old.get(name)?.type;
        // A type that the API does not tell is none that changed.
        return was === undefined || was === '' || type === '' || was === type
          ? []
          : [{ name, before: was, after: type }];
      })
      .sort(byName),
  };
};

const unknown = (why: string): Columns => ({ added: [], removed: [], changed: [], unknown: why });

const previewOf = async (change: Change, input: ColumnsInput): Promise<Previewed> => {
  const { step, address } = change;
  const kind = kindOf(change.kind);
  const { preview } = kind;
  const whole = input.documents.get(step) ?? {};
  const document = preview === undefined ? whole : pick(whole, preview.takes);
  const nothing = (why: string, findings: readonly Finding[] = []): Previewed => ({
    step,
    address,
    columns: unknown(why),
    findings,
  });
  const silent = silence(kind, document, input);
  if (silent !== undefined || preview === undefined) return nothing(silent ?? '');
  const answer = await input.questions.ask(
    address,
    `for the columns that ${sourceOf(kind, document, input)} would give`,
    step,
    async () => ask(input, input.bodyOf(kind, document)),
  );
  if (answer === undefined) return nothing('no preview was answered');
  if ('refused' in answer)
    return nothing('the source refuses it', [
      finding(
        'error',
        'preview-failed',
        '/configuration',
        `the source says: ${answer.refused}`,
        'correct what is read; plan --no-preview does not ask',
      ),
    ]);
  const { columns: after, isWhole } = preview.foreseen(answer.object, document);
  // None at all is an answer that does not tell them, and no table without any.
  if (!after.some(({ of }) => of === 'source')) return nothing('the preview names no columns');
  const live = input.bound.get(address);
  const before = live === undefined ? [] : preview.columns(live.value);
  if (isWhole) return { step, address, columns: compareColumns(before, after), after, findings: [] };
  // What it says nothing of has not gone away: only what it tells is compared.
  const told = new Set(after.map(({ of }) => of));
  const known = before.filter(({ of }) => told.has(of));
  return { step, address, columns: compareColumns(known, after), findings: [] };
};

/** Asks for what each change of a plan does to columns, side by side. Nothing is made. */
export const previewColumns = async (input: ColumnsInput): Promise<readonly Previewed[]> => {
  const limit = pLimit(Math.max(1, input.concurrency));
  return Promise.all(
    input.changes.filter(shapes).map(async (change) => limit(async () => previewOf(change, input))),
  );
};
