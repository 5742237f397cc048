/** Why a version of the API cannot be sent a document. */
import type { Finding } from './finding.js';

/** The finding for what stands at a pointer, which is left to whoever knows the place. */
export const unsayable = (pointer: string): Omit<Finding, 'pointer'> => ({
  severity: 'error',
  code: 'newer-form',
  message: `this version of the API has no form for ${pointer.slice(1).replaceAll('/', '.')}`,
  hint: "set version: '2025-09-18' in the configuration file, or take it out",
});
