/** Masks: what the API shows in the place of a secret. */
import type { Value } from '../core/secret.js';

/** Asterisks and nothing else. */
export const isMask = (value: Value): boolean => typeof value === 'string' && /^\*{4,}$/.test(value);
