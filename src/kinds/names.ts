/** What is wrong with the name of a kind: misspelt, or of something that Polytomic has and nobody manages yet. */
import { didYouMean } from '../core/suggest.js';
import type { Kind } from './kind.js';
import { kinds } from './registry.js';

/** What Polytomic has besides, in one form: letters alone, small, singular. */
const unmanaged: ReadonlySet<string> = new Set(['apikey', 'connectionschema', 'schedule', 'schema']);

/** Other names of what is managed. */
const aliases: Readonly<Record<string, string>> = {
  globalerrorsubscriber: 'ErrorSubscribers',
  modelsync: 'Sync',
  bulkschedule: 'BulkSync',
  bulkschema: 'BulkSync',
  bulksyncschedule: 'BulkSync',
  bulksyncschema: 'BulkSync',
  source: 'Connection',
  destination: 'Connection',
  logging: 'RecordLogging',
  recordloggingsetting: 'RecordLogging',
  connectionshare: 'SharedConnection',
  permission: 'Policy',
  permissionpolicy: 'Policy',
  permissionrole: 'Role',
};

const formOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z]/g, '')
    .replace(/ies$/, 'y')
    .replace(/s$/, '');

/** The kind that a word means, in whatever case and number: `policies`, `Policy`. */
export const kindCalled = (word: string): Kind | undefined =>
  kinds.find(({ name }) => formOf(name) === formOf(word));

/** Words for a name that is no kind of `known` (the kinds, and what else may stand in its place). */
export const unknownKind = (
  name: string,
  known: readonly string[] = kinds.map((kind) => kind.name),
): { readonly isUnmanaged: boolean; readonly hint: string } => {
  if (name === 'Rule')
    return {
      isUnmanaged: false,
      hint: 'rules have files of their own: name them under rules in the configuration file',
    };
  const form = formOf(name);
  const own = kinds.map((kind) => kind.name);
  if (unmanaged.has(form) && !own.some((kind) => formOf(kind) === form))
    return { isUnmanaged: true, hint: `it is left as it lives; managed are ${own.join(', ')}` };
  const alias = Object.hasOwn(aliases, form) ? aliases[form] : undefined;
  if (alias !== undefined) return { isUnmanaged: false, hint: `did you mean "${alias}"?` };
  const capital = name.charAt(0).toUpperCase() + name.slice(1);
  return { isUnmanaged: false, hint: didYouMean(capital, known) ?? `one of: ${known.join(', ')}` };
};
