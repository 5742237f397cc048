/** Writes of the parts of an object that have requests of their own, after the object itself. */
import { createHash } from 'node:crypto';
import type { Writer } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { isJsonObject, jsonEqual, type Json, type JsonObject } from '../core/json.js';
import type { Kind, Part, PartRequest } from '../kinds/kind.js';
import { comparable } from '../kinds/normalise.js';
import { touchesPartsAlone } from '../kinds/parts.js';
import { pick } from '../kinds/paths.js';
import { addressIn } from '../live/objects.js';
import { readParts } from '../live/parts.js';
import type { Change } from '../plan/plan.js';
import type { Started } from './journal.js';
import { hashOf, mayHaveWorked } from './perform.js';
import type { Step } from './step.js';

/** Whether all that a change does to a live object is done by the requests of its parts. */
export const isPartsOnly = (kind: Kind, { action, patch, repoints }: Change): boolean =>
  action !== 'create' && action !== 'replace' && repoints !== true && touchesPartsAlone(kind, patch);

export interface PartsWork {
  readonly writer: Writer;
  readonly kind: Kind;
  readonly change: Change;
  readonly id: string;
  /** What is desired, by the names of the parts. */
  readonly desired: Readonly<Record<string, Json>>;
  /** As the plan saw the object; undefined where it is new. */
  readonly seen: JsonObject | undefined;
  /** As its write was answered. */
  readonly written: JsonObject | undefined;
  readonly step: Pick<Step, 'beginPart' | 'answered' | 'failed'>;
  /** What keys are made of, besides the step. */
  readonly keyBase: string;
  /** What killed runs began at this object, and may still do. */
  readonly open: readonly Started[];
}

/**
 * Makes each part what is desired, request by request; each is in the journal before it is sent. Throws
 * `DiagnosticError` where somebody changed a part since the plan was made, before anything is sent; `ApiError` where a
 * request failed and the part is not as desired.
 */
export const writeParts = async (work: PartsWork): Promise<void> => {
  const { kind, desired } = work;
  const parts = kind.parts.filter(({ name }) => desired[name] !== undefined);
  if (parts.length === 0) return;
  const now = await partsNow(work, parts);
  checkUnchanged(work, parts, now);
  for (const part of parts) await writePart(work, part, now[part.name]);
};

/** The parts as they live at this moment, as far as that has to be known. */
const partsNow = async (
  { writer, kind, id, seen, written, desired }: PartsWork,
  parts: readonly Part[],
): Promise<JsonObject> => {
  // Of what is new nobody can have changed anything.
  const unknown = parts.filter(
    ({ name, read, startsFilled }) =>
      read !== undefined && (seen === undefined ? startsFilled === true : seen[name] !== undefined),
  );
  const object = { ...seen, ...written, id };
  return {
    ...pick(
      object,
      parts.map(({ name }) => name),
    ),
    ...(await readParts(writer, kind, object, unknown, [desired])),
  };
};

/**
 * Whether a part is as it was, in the form of comparison. An item that came or went, of those that are told apart, is
 * nobody's edit of another: a field that was added to what is copied, by this run or by somebody, changes no setting.
 */
const isSame = (
  kind: Kind,
  at: readonly string[],
  now: Json | undefined,
  before: Json | undefined,
): boolean => {
  if (!isJsonObject(now) || !isJsonObject(before)) return jsonEqual(now, before);
  const holdsItems = kind.shape.keyed.some(({ path }) => fits(path, at));
  const names = [...new Set([...Object.keys(now), ...Object.keys(before)])];
  return names.every((name) =>
    holdsItems && (now[name] === undefined || before[name] === undefined)
      ? true
      : isSame(kind, [...at, name], now[name], before[name]),
  );
};

const fits = (path: readonly string[], at: readonly string[]): boolean =>
  path.length === at.length && path.every((name, index) => name === '*' || name === at[index]);

/** Throws where somebody else changed a part meanwhile; what a killed run of ours may still do is no change. */
const checkUnchanged = (
  { kind, change, id, seen, written = {}, desired, writer, open }: PartsWork,
  parts: readonly Part[],
  now: JsonObject,
): void => {
  if (seen === undefined) return;
  const formOf = (value: JsonObject, name: string): Json | undefined =>
    comparable(kind, kind.fromLive({ ...seen, ...value }).document)[name];
  const changed = parts.filter(
    ({ name, read, requests, hangsOn = [] }) =>
      read !== undefined &&
      seen[name] !== undefined &&
      // Of another source, say, this run has just said that it should be copied.
      hangsOn.every((field) => written[field] === undefined || jsonEqual(written[field], seen[field])) &&
      !isSame(kind, [name], formOf(now, name), formOf(seen, name)) &&
      requests(desired[name] as Json, now[name], writer.dialect).length > 0 &&
      !open.some((each) => each.id === id && each.part === name),
  );
  if (changed.length === 0) return;
  throw new DiagnosticError([
    {
      severity: 'error',
      code: 'changed-meanwhile',
      message: `${change.step}: its ${changed.map(({ name }) => name).join(' and ')} was changed since the plan was made`,
      hint: 'plan again',
    },
  ]);
};

const writePart = async (work: PartsWork, part: Part, live: Json | undefined): Promise<void> => {
  const { writer, desired } = work;
  const wanted = desired[part.name] as Json;
  const sent = new Map<string, number>();
  for (const request of part.requests(wanted, live, writer.dialect)) {
    const hash = hashOf({ ...request });
    const nth = sent.get(hash) ?? 0;
    sent.set(hash, nth + 1);
    try {
      await send(work, part, request, `${hash}-${nth}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!mayHaveWorked(error)) {
        await work.step.failed();
        throw error;
      }
      // It may have worked without an answer: what lives tells.
      const now = await livesNow(work, part).catch(() => undefined);
      if (now === undefined || part.requests(wanted, now, writer.dialect).length > 0) throw error;
      await work.step.answered();
      return;
    }
  }
};

const livesNow = async (
  { writer, kind, id, written, desired }: PartsWork,
  part: Part,
): Promise<Json | undefined> =>
  part.read === undefined
    ? undefined
    : (await readParts(writer, kind, { ...written, id }, [part], [desired]))[part.name];

/** Sends one request. A POST goes under the key of the killed run that may have sent it, or under one of its own. */
const send = async (
  { writer, kind, change, id, step, keyBase, open }: PartsWork,
  { name }: Part,
  { method, path, body }: PartRequest,
  hash: string,
): Promise<void> => {
  const own = createHash('sha256').update(`${keyBase}\n${change.step}\n${hash}`).digest('hex').slice(0, 40);
  const left = open.find((each) => each.id === id && each.part === name && each.body === hash);
  const key = method === 'POST' ? (left?.key ?? `pg-${own}`) : undefined;
  await step.beginPart({ part: name, id, body: hash, ...(key === undefined ? {} : { key }) });
  await writer.send(method, addressIn(writer, kind, id, path), {
    ...(body === undefined ? {} : { body }),
    ...(key === undefined ? {} : { idempotencyKey: key }),
  });
  await step.answered();
};
