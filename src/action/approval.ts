/**
 * What a reviewer saw, as a marker in the comment that showed it. The marker is signed with a key that follows from
 * the API key, over all of the comment: one that was written or edited by somebody else approves nothing.
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { canonicalJson, isJsonObject, parseJson } from '../core/json.js';
import type { Secret } from '../core/secret.js';
import { changeDigests } from '../plan/digest.js';
import type { Plan } from '../plan/plan.js';

/** Which plan of a pull request a comment shows: several in one repository do not collide. */
export interface Scope {
  readonly repository: string;
  readonly pullRequest: number;
  /** Empty where the configuration file has no environments. */
  readonly environment: string;
  /** Folder of the configuration file, relative to the repository, with `/`. */
  readonly directory: string;
  readonly shard: string;
}

export interface Approval {
  /** Of the plan as a whole. */
  readonly digest: string;
  /** Of each of its changes, by step: plans of pull requests that are merged at once are added up. */
  readonly changes: Readonly<Record<string, string>>;
  /** The commit of the pull request that was planned. */
  readonly head: string;
}

const NAME = 'polytomic-gitops';
const marker = /^<!-- polytomic-gitops:(\w+):([\w-]+) ([\w-]+)\.([\w-]+) -->$/m;

/** Plans with more changes cannot be added up. */
const MOST_CHANGES = 200;

/** What a comment is for. */
export type Purpose = 'plan' | 'outcome' | 'drift' | 'status';

/** The name of a scope in a marker: stable, and without a character that could end a comment. */
const scopeId = ({ environment, directory, shard }: Omit<Scope, 'repository' | 'pullRequest'>): string =>
  createHash('sha256')
    .update(canonicalJson([environment, directory, shard]))
    .digest('base64url')
    .slice(0, 16);

/** The beginning of the marker by which a comment is found again, whoever signed it. */
export const markerOf = (purpose: Purpose, scope: Omit<Scope, 'repository' | 'pullRequest'>): string =>
  `<!-- ${NAME}:${purpose}:${scopeId(scope)} `;

/** A marker that carries nothing, for comments that approve nothing. */
export const plainMarker = (purpose: Purpose, scope: Omit<Scope, 'repository' | 'pullRequest'>): string =>
  `${markerOf(purpose, scope)}-.- -->`;

export const approvalOf = (plan: Plan, head: string): Approval => ({
  digest: plan.digest,
  // A comment has no room for more; such a plan is applied by itself.
  changes: plan.changes.length > MOST_CHANGES ? {} : changeDigests(plan),
  head,
});

const base64 = (text: string): string => Buffer.from(text).toString('base64url');

/** What GitHub changes of a text that is stored and read again does not count. */
const normalised = (text: string): string => text.replaceAll('\r\n', '\n').trim();

const signature = (scope: Scope, payload: string, text: string, apiKey: Secret): Buffer => {
  const key = Buffer.from(hkdfSync('sha256', apiKey.reveal(), '', `${NAME} approval 1`, 32));
  const { repository, pullRequest, environment, directory, shard } = scope;
  const signed = [
    repository.toLowerCase(),
    pullRequest,
    environment,
    directory,
    shard,
    payload,
    normalised(text),
  ];
  return createHmac('sha256', key).update(canonicalJson(signed)).digest();
};

/** The text of a comment with its signed marker in front. `text` holds no marker. */
export const signed = (scope: Scope, approval: Approval, text: string, apiKey: Secret): string => {
  const payload = base64(canonicalJson({ ...approval }));
  const mac = signature(scope, payload, text, apiKey).toString('base64url');
  return `${markerOf('plan', scope)}${payload}.${mac} -->\n${text}`;
};

const parse = (payload: string): Approval | undefined => {
  try {
    const value = parseJson(Buffer.from(payload, 'base64url').toString('utf8'));
    if (!isJsonObject(value)) return undefined;
    const { digest, changes, head } = value;
    return typeof digest === 'string' && typeof head === 'string' && isJsonObject(changes)
      ? { digest, head, changes: changes as Record<string, string> }
      : undefined;
  } catch {
    return undefined;
  }
};

/** What a comment approves, or why it approves nothing. */
export const readApproval = (
  body: string,
  scope: Scope,
  apiKey: Secret,
): Approval | { readonly problem: string } => {
  const found = marker.exec(body);
  const [whole = '', , , payload = '', mac = ''] = found ?? [];
  if (payload === '' || payload === '-') return { problem: 'it shows no plan that could be applied' };
  const text = body.slice((found?.index ?? 0) + whole.length);
  const expected = signature(scope, payload, text, apiKey);
  const given = Buffer.from(mac, 'base64url');
  const approval = parse(payload);
  return given.length === expected.length && timingSafeEqual(given, expected) && approval !== undefined
    ? approval
    : { problem: 'it was edited, or was signed with another API key' };
};

/**
 * What moved since the review, a line each; nothing where all that would be done was approved: the plan of one pull
 * request, the changes of several together, or what an apply that failed in part left of them. What is not to be
 * done any more is as the manifests say already, so that the end is the one that was reviewed.
 */
export const movedSinceReview = (plan: Plan, approvals: readonly Approval[]): readonly string[] => {
  if (approvals.some(({ digest }) => digest === plan.digest)) return [];
  const planned = changeDigests(plan);
  const lines = plan.changes.flatMap(({ step, action }) => {
    const was = approvals.flatMap(({ changes }) => changes[step] ?? []);
    if (was.includes(planned[step] ?? '')) return [];
    return [
      was.length === 0
        ? `${step}: now ${action}, and was not part of what was reviewed`
        : `${step}: the ${action} is another one now`,
    ];
  });
  // Of a plan with too many changes to be remembered one by one only the whole is known.
  return lines.length > 0 && approvals.some(({ changes }) => Object.keys(changes).length === 0)
    ? ['the plan as a whole', ...lines]
    : lines;
};
