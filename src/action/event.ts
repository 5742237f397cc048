/** What happened on GitHub, from the event that started the run. Pure. */
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import type { CommandName } from './inputs.js';

export type Event =
  | {
      readonly type: 'pull_request';
      readonly number: number;
      /** The pull request's own last commit; the checkout is its merge with the base. */
      readonly head: string;
      /** The branch that it is to be merged into. */
      readonly base: string;
      /** From another repository: nothing of it is trusted, and no secrets are there. */
      readonly fork: boolean;
    }
  | { readonly type: 'merge_group'; readonly head: string; readonly base: string; readonly ref: string }
  | {
      readonly type: 'push';
      readonly before: string;
      readonly after: string;
      readonly toDefaultBranch: boolean;
    }
  | { readonly type: 'schedule' }
  | { readonly type: 'workflow_dispatch' }
  | { readonly type: 'other'; readonly name: string };

const at = (value: Json | undefined, ...path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((held, name) => (isJsonObject(held) ? held[name] : undefined), value);

const text = (value: Json | undefined, ...path: readonly string[]): string => asText(at(value, ...path));

/** Of all events of a pull request; one of a review has it, too. */
const pullRequest = (payload: JsonObject): Event => ({
  type: 'pull_request',
  number: Number(at(payload, 'pull_request', 'number')),
  head: text(payload, 'pull_request', 'head', 'sha'),
  base: text(payload, 'pull_request', 'base', 'ref'),
  // A fork that was deleted meanwhile has no repository any more.
  fork:
    text(payload, 'pull_request', 'head', 'repo', 'full_name') !== text(payload, 'repository', 'full_name'),
});

const readers: Readonly<Record<string, (payload: JsonObject) => Event>> = {
  pull_request: pullRequest,
  pull_request_target: pullRequest,
  // Who approved is read anew, so that a check that waits for an approval may pass.
  pull_request_review: pullRequest,
  merge_group: (payload) => ({
    type: 'merge_group',
    head: text(payload, 'merge_group', 'head_sha'),
    base: text(payload, 'merge_group', 'base_ref').replace(/^refs\/heads\//, ''),
    ref: text(payload, 'merge_group', 'head_ref'),
  }),
  push: (payload) => ({
    type: 'push',
    before: text(payload, 'before'),
    after: text(payload, 'after'),
    toDefaultBranch: text(payload, 'ref') === `refs/heads/${text(payload, 'repository', 'default_branch')}`,
  }),
  schedule: () => ({ type: 'schedule' }),
  workflow_dispatch: () => ({ type: 'workflow_dispatch' }),
};

/** The event of this name with this payload, as GitHub's documentation of webhooks describes them. */
export const eventOf = (name: string, payload: JsonObject): Event =>
  (Object.hasOwn(readers, name) ? readers[name] : undefined)?.(payload) ?? { type: 'other', name };

/** What `auto` stands for; undefined for an event that nothing follows from. */
export const commandFor = (event: Event): CommandName | undefined => {
  switch (event.type) {
    case 'pull_request':
      return 'plan';
    case 'merge_group':
      return 'check';
    case 'push':
      return event.toDefaultBranch ? 'apply' : 'validate';
    case 'schedule':
    case 'workflow_dispatch':
      return 'drift';
    case 'other':
      return undefined;
  }
};
