/** E-mail addresses, of which neither order nor case counts. Pure. */
import { isValueArray, type Value } from '../core/secret.js';

/** The same for the same address, however it is written. */
export const folded = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);

/** A list in which nobody stands twice. */
export const uniqueEmails = (list: Value): Value =>
  isValueArray(list) ? [...new Set(list.map(folded))] : list;
