/** The digest of a plan: equal for equal work. Pure. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../core/json.js';
import type { Plan } from './plan.js';

/** `sha256:…` over what an apply would do. What is told to people only (places, reasons, counts) is left out. */
export const digestOf = ({ organization, changes }: Pick<Plan, 'organization' | 'changes'>): string => {
  const work = {
    organization: organization.id,
    changes: changes.map(({ place: _place, reasons: _reasons, causes: _causes, ...change }) => change),
  };
  return `sha256:${createHash('sha256').update(canonicalJson(work)).digest('hex')}`;
};
