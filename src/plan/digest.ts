/** The digest of a plan: equal for equal work. Pure. */
import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../core/json.js';
import { workOf, type Plan } from './plan.js';

const hash = (value: Json): ReturnType<typeof createHash> =>
  createHash('sha256').update(canonicalJson(value));

/** `sha256:…` over what an apply would do. What is told to people only (places, reasons, counts) is left out. */
export const digestOf = ({ organization, changes }: Pick<Plan, 'organization' | 'changes'>): string =>
  `sha256:${hash({ organization: organization.id, changes: changes.map(workOf) }).digest('hex')}`;

/**
 * A digest of each change by itself (16 characters of base64url), by step: plans can be added up. What it waits for
 * follows from what else there is to do, and does not count.
 */
export const changeDigests = ({
  organization,
  changes,
}: Pick<Plan, 'organization' | 'changes'>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    changes.map(({ waitsFor: _waitsFor, ...change }) => [
      change.step,
      hash({ organization: organization.id, change: workOf({ ...change, waitsFor: [] }) })
        .digest('base64url')
        .slice(0, 16),
    ]),
  );
