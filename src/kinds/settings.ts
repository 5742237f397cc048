/** Parts of a document that the API keeps at addresses of their own. Pure. */
import type { ValueObject } from '../core/secret.js';
import type { Kind } from './kind.js';
import { without } from './paths.js';

/** The document without what is sent to addresses of its own. */
export const withoutSettings = ({ settings }: Kind, document: ValueObject): ValueObject =>
  without(document, ...settings.map(({ name }) => name));
