/** The files of an export: those that are there, edited, and what is new. */
import type { Address } from '../core/address.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { byCodeUnit } from '../core/json.js';
import { MANIFEST_SCHEMA, modeline } from '../core/modeline.js';
import { secretsOf } from '../core/secret.js';
import { ENV_EXAMPLE, environmentExample, type NamedSecret } from '../export/environment-file.js';
import { editExisting, type differing, type Left } from '../export/existing.js';
import type { ExportedFile } from '../export/exported.js';
import type { Fresh } from '../export/fresh.js';
import { createLayout, type Layout } from '../export/layout.js';
import type { Settings } from '../load/config.js';
import type { Desired, Resource } from '../load/desired.js';
import { MAX_FILE_BYTES, readSource } from '../load/source.js';

type EditFiles = Omit<Parameters<typeof editExisting>[0], 'differing' | 'file' | 'text' | 'settings'> & {
  readonly differ: ReturnType<typeof differing>;
};

interface Edited {
  readonly files: ReadonlyMap<string, ExportedFile>;
  readonly resources: readonly Resource[];
  readonly left: readonly Left[];
}

const textOf = async (settings: Settings, file: string): Promise<string> => {
  const source = await readSource(settings.root, file);
  if ('diagnostic' in source) throw new DiagnosticError([source.diagnostic]);
  return source.text;
};

/** File by file: one text at a time is held. */
export const editFiles = async (settings: Settings, { differ, ...rest }: EditFiles): Promise<Edited> => {
  const files = new Map<string, ExportedFile>();
  const resources: Resource[] = [];
  const left: Left[] = [];
  for (const file of [...new Set(differ.map(({ resource }) => resource.place.file))].sort(byCodeUnit)) {
    const own = differ.filter(({ resource }) => resource.place.file === file);
    const before = await textOf(settings, file);
    const edited = editExisting({ ...rest, differing: own, file, text: before, settings });
    left.push(...edited.left);
    if (edited.text === before) continue;
    resources.push(...edited.resources);
    const addresses = edited.resources.map(({ address }) => address);
    files.set(file, { file, status: 'changed', text: edited.text, before, addresses });
  }
  return { files, resources, left };
};

/** Some room is left: people add to files. */
const FULL = MAX_FILE_BYTES * 0.75;

/** The files with what is new, behind what is there. */
export const place = async (
  settings: Settings,
  layout: Layout,
  { resources }: Desired,
  fresh: readonly Fresh[],
  edited: ReadonlyMap<string, ExportedFile>,
): Promise<readonly ExportedFile[]> => {
  const known = new Set(resources.map(({ place: { file } }) => file));
  const fileOf = createLayout(layout, settings.manifests, known);
  const files = new Map(edited);
  const lengths = new Map<string, number>();
  const parts = new Map<string, string[]>();
  const addresses = new Map<string, Address[]>();
  for (const each of fresh) {
    const { key, resource, text, address } = each;
    const first = fileOf({ kind: each.kind, key, document: resource.document });
    const [, stem = first, extension = ''] = /^(.*)(\.ya?ml)$/.exec(first) ?? [];
    let file = first;
    for (let number = 2; ; number += 1) {
      if (!lengths.has(file) && (files.has(file) || known.has(file)))
        lengths.set(file, (files.get(file)?.text ?? (await textOf(settings, file))).length);
      if ((lengths.get(file) ?? 0) + text.length < FULL) break;
      file = `${stem}-${number}${extension}`;
    }
    lengths.set(file, (lengths.get(file) ?? 0) + text.length);
    parts.set(file, [...(parts.get(file) ?? []), text]);
    addresses.set(file, [...(addresses.get(file) ?? []), address]);
  }
  for (const [file, texts] of parts) {
    const there = files.get(file);
    const before = there?.before ?? (known.has(file) ? await textOf(settings, file) : undefined);
    const text = there?.text ?? before;
    const own = [...(there?.addresses ?? []), ...(addresses.get(file) ?? [])];
    files.set(file, {
      file,
      addresses: own,
      ...(before === undefined
        ? { status: 'added', text: `${modeline(MANIFEST_SCHEMA)}\n${texts.join('---\n')}` }
        : { status: 'changed', before, text: appended(text ?? '', texts) }),
    });
  }
  return [...files.values()];
};

const appended = (text: string, documents: readonly string[]): string => {
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const added = documents.map((document) => `---\n${document}`).join('');
  return `${text}${text.endsWith('\n') ? '' : newline}${added.replaceAll('\n', newline)}`;
};

/** The names of the secrets that a manifest speaks of. */
export const secretsNamed = ({ address, document }: Resource): readonly NamedSecret[] =>
  secretsOf(document).flatMap(([pointer, { label }]) =>
    [...label.matchAll(/\$\{secret:([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name = '']) => ({
      name,
      address,
      pointer,
    })),
  );

export const example = async (
  settings: Settings,
  secrets: readonly NamedSecret[],
): Promise<readonly ExportedFile[]> => {
  if (secrets.length === 0) return [];
  const source = await readSource(settings.root, ENV_EXAMPLE);
  const code = 'diagnostic' in source ? source.diagnostic.code : undefined;
  // One that is not there is begun; one that cannot be read is somebody's trouble to look at.
  if ('diagnostic' in source && code !== 'empty-file' && !source.diagnostic.message.includes('ENOENT'))
    throw new DiagnosticError([source.diagnostic]);
  const before = 'text' in source ? source.text : undefined;
  const text = environmentExample(before, secrets);
  if (text === before) return [];
  return [
    {
      file: ENV_EXAMPLE,
      status: before === undefined && code !== 'empty-file' ? 'added' : 'changed',
      text,
      ...(before === undefined ? (code === 'empty-file' ? { before: '' } : {}) : { before }),
      addresses: [],
    },
  ];
};
