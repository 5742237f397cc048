/** Manifests moved from an older form of a field to the newer one; comments go along, all else stays. Pure. */
import { isMap, parseAllDocuments, type Document } from 'yaml';
import { isJsonObject, type Json } from '../core/json.js';
import { kinds } from '../kinds/registry.js';
import { acceptAliases } from '../kinds/short.js';
import { commentsOf } from './format.js';

/** A document that was left as it is. */
export interface LeftAsIs {
  /** Where it begins. */
  readonly offset: number;
  readonly why: string;
}

/** The text of a manifest file in the newer forms, and what could not be moved. `text` is valid YAML. */
export const upgradeText = (text: string): { readonly text: string; readonly left: readonly LeftAsIs[] } => {
  const left: LeftAsIs[] = [];
  const documents = parseAllDocuments(text, { merge: true, prettyErrors: false });
  const moved: Document[] = [];
  const parts = (Array.isArray(documents) ? documents : []).map((document: Document) => {
    const { contents } = document;
    const value = document.toJS({ maxAliasCount: -1 }) as Json;
    const kind = isJsonObject(value) ? kinds.find(({ name }) => name === value['kind']) : undefined;
    const forms = kind?.olderForms;
    if (kind === undefined || forms === undefined || !isJsonObject(value) || !isMap(contents))
      return document;
    if (!forms.isOlder(value)) return document;
    const why = forms.rewrite(contents, acceptAliases(kind, value));
    if (why === undefined) moved.push(document);
    else left.push({ offset: contents.range?.[0] ?? 0, why });
    return document;
  });
  if (moved.length === 0) return { text, left };
  const written = parts.map((document) => document.toString({ lineWidth: 0 })).join('');
  return commentsOf(written) === commentsOf(text)
    ? { text: written, left }
    : { text, left: [{ offset: 0, why: 'its comments could not be kept' }] };
};
