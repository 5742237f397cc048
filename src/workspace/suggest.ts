/** Templates for what lives: the manifests as an export leaves them, and what is alike among them. */
import { isJsonObject } from '../core/json.js';
import type { Exported } from '../export/exported.js';
import { suggestTemplates, type Suggested, type Written } from '../export/suggest.js';
import { kinds } from '../kinds/registry.js';
import type { Settings } from '../load/config.js';
import { discover } from '../load/discover.js';
import { parseFile } from '../load/parse.js';
import { sourceReader } from '../load/source.js';

const kindNames = kinds.map(({ name }) => name);

/** Looks for manifests that are almost the same, after the export that `exported` would be. Writes nothing. */
export const suggestWorkspace = async (settings: Settings, exported: Exported): Promise<Suggested> => {
  const written = new Map(exported.files.map(({ file, text }) => [file, text]));
  const read = sourceReader(settings.root);
  const files = new Set([...(await discover(settings.root, settings.manifests)), ...written.keys()]);
  const manifests: Written[] = [];
  const taken: string[] = [];
  for (const file of files) {
    const text = written.get(file) ?? (await textOf(read, file));
    // The environment file of an export is no manifest.
    if (text === undefined || !/\.ya?ml$/.test(file)) continue;
    for (const { value } of parseFile(file, text).documents) {
      if (!isJsonObject(value)) continue;
      const { kind, key } = value;
      if (typeof kind !== 'string' || typeof key !== 'string') continue;
      if (kind === 'Template') taken.push(key);
      else if (kindNames.includes(kind)) manifests.push({ file, value });
    }
  }
  return { suggestions: suggestTemplates(manifests, taken), manifests: manifests.length };
};

const textOf = async (read: ReturnType<typeof sourceReader>, file: string): Promise<string | undefined> => {
  const source = await read(file);
  return 'text' in source ? source.text : undefined;
};
