/** Plans in files: what was reviewed, to be compared with what would be done now. Pure. */
import { isJsonArray, isJsonObject, type Json, jsonEqual, parseJson } from '../core/json.js';
import type { KeyedFingerprint } from '../state/fingerprint.js';
import { isKeyring, type Keyring } from '../state/keyring.js';
import { digestOf } from './digest.js';
import { workOf, type Plan } from './plan.js';
import type { Selection } from './select.js';

export interface SavedPlan {
  readonly formatVersion: 2;
  readonly plan: Plan;
  /** What part of the manifests it was made for. */
  readonly selection?: Selection;
  readonly prune: 'managed' | 'never';
  /** Of the secrets that it would send: by step, by JSON pointer. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, KeyedFingerprint>>>>;
  /** Their key; absent where it sends none. */
  readonly keyring?: Keyring;
}

/** A plan from the text of its file, or what is wrong with it. */
export const parseSavedPlan = (text: string): SavedPlan | { readonly problem: string } => {
  let value: Json;
  try {
    value = parseJson(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  if (!isJsonObject(value) || !isJsonObject(value['plan']) || !isJsonObject(value['secrets']))
    return { problem: 'it is no saved plan' };
  if (value['formatVersion'] !== 2)
    return {
      problem: `its format version is ${JSON.stringify(value['formatVersion'])}, and this version reads 2`,
    };
  const plan = value['plan'];
  if (!isJsonArray(plan['changes']) || !isJsonObject(plan['organization']) || plan['formatVersion'] !== 1)
    return { problem: 'its plan is not complete' };
  if (value['keyring'] !== undefined && !isKeyring(value['keyring']))
    return { problem: 'its keyring is not complete' };
  const saved = value as unknown as SavedPlan;
  return digestOf(saved.plan) === saved.plan.digest
    ? saved
    : { problem: 'it was altered: its digest does not fit its changes' };
};

/** What moved between a plan and the one that would be made now, a line each; nothing where they are the same. */
export const movedSince = (saved: Plan, now: Plan): readonly string[] => {
  if (saved.digest === now.digest) return [];
  const before = new Map(saved.changes.map((change) => [change.step, change]));
  const after = new Map(now.changes.map((change) => [change.step, change]));
  const lines = [...new Set([...before.keys(), ...after.keys()])].flatMap((step) => {
    const was = before.get(step);
    const is = after.get(step);
    if (was === undefined) return [`${step}: now ${is?.action ?? ''}, and was not part of the plan`];
    if (is === undefined) return [`${step}: was ${was.action}, and there is nothing to do any more`];
    if (was.action !== is.action) return [`${step}: was ${was.action}, and is ${is.action} now`];
    return jsonEqual(workOf(was), workOf(is)) ? [] : [`${step}: the ${is.action} is another one now`];
  });
  const moved =
    saved.organization.id === now.organization.id
      ? []
      : [`the organization: was ${saved.organization.id}, and is ${now.organization.id} now`];
  return [...moved, ...(lines.length > 0 ? lines : ['the order of the changes'])];
};
