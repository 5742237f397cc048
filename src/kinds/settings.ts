/** Parts of a document that the API keeps at addresses of their own. Pure. */
import type { Dialect } from '../api/dialect.js';
import type { ValueObject } from '../core/secret.js';
import type { Finding } from './finding.js';
import type { Kind } from './kind.js';
import { without } from './paths.js';

/** The document without what is sent to addresses of its own. */
export const withoutSettings = ({ settings }: Kind, document: ValueObject): ValueObject =>
  without(document, ...settings.map(({ name }) => name));

/** The pointer of the first part of a document that a version does not have. */
export const missingSettings = (
  { settings }: Pick<Kind, 'settings'>,
  document: ValueObject,
  dialect: Dialect,
): string | undefined => {
  const missing = settings.find(({ name, isIn }) => document[name] != null && !isIn(dialect));
  return missing === undefined ? undefined : `/${missing.name}`;
};

/** Why a version cannot be sent a document. */
export const unsayable = (pointer: string): Finding => ({
  severity: 'error',
  code: 'newer-form',
  pointer,
  message: `this version of the API has no form for ${pointer.slice(1).replaceAll('/', '.')}`,
  hint: "set version: '2025-09-18' in the configuration file, or take it out",
});
