/** Where new manifests go: among what the configuration's globs find, under names that every system can have. Pure. */
import picomatch from 'picomatch';
import { DiagnosticError } from '../core/diagnostics.js';
import type { ValueObject } from '../core/secret.js';
import { connection } from '../kinds/connection.js';
import { kindOf } from '../kinds/registry.js';
import { referencesOf } from '../kinds/references.js';
import { isReserved } from '../core/slug.js';

/** A file for each resource, one for all of them, or one for each connection with what belongs to it. */
export type Layout = 'files' | 'single' | 'by-connection';

/** A resource that needs a file. */
export interface Homeless {
  readonly kind: string;
  readonly key: string;
  readonly document: ValueObject;
}

/** The folder that a glob looks into: all of it before the first sign. */
const folderOf = (glob: string): string => {
  const { base, glob: rest } = picomatch.scan(glob);
  return rest === '' ? base.split('/').slice(0, -1).join('/') : base;
};

const isFile = (glob: string): boolean => picomatch.scan(glob).glob === '';

const safe = (name: string): string => (isReserved(name) ? `${name}_` : name);

/** The connection that a resource belongs to: the first that it refers to. */
const connectionOf = ({ kind, key, document }: Homeless): string => {
  if (kind === connection.name) return key;
  const found = referencesOf(kindOf(kind), document).find(({ rule }) => rule.kind === connection.name);
  return found?.reference.to === 'key' ? found.reference.key : 'others';
};

const names: Readonly<Record<Layout, (resource: Homeless) => readonly string[]>> = {
  files: ({ kind, key }) => {
    const folder = kindOf(kind).noun.many.replaceAll(' ', '-');
    return [`${folder}/${safe(key)}`, `${folder}-${key}`];
  },
  single: () => ['organization'],
  'by-connection': (resource) => [safe(connectionOf(resource))],
};

/**
 * A function that finds the file of a new resource. `taken` are files that hold something already: one resource
 * a file means a file of its own. Throws `DiagnosticError` where the globs leave no place.
 */
export const createLayout = (
  layout: Layout,
  manifests: readonly string[],
  taken: ReadonlySet<string>,
): ((resource: Homeless) => string) => {
  const wanted = manifests.filter((glob) => !glob.startsWith('!'));
  const finds = picomatch([...wanted], {
    ignore: manifests.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)),
  });
  const folders = [...new Set(wanted.map(folderOf))];
  const used = new Set([...taken].map((file) => file.toLowerCase()));
  const home = (candidates: readonly string[]): string => {
    for (const folder of folders)
      for (const name of candidates)
        for (const extension of ['yaml', 'yml']) {
          const file = [...(folder === '' || folder === '.' ? [] : [folder]), `${name}.${extension}`].join(
            '/',
          );
          if (finds(file)) return file;
        }
    // A repository of one file that the configuration names.
    const only = wanted.find(isFile);
    if (only !== undefined) return only;
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'no-place',
        message: `the globs of manifests (${manifests.join(', ')}) find no file that could be added`,
        hint: 'set manifests in the configuration file to, say, polytomic/**/*.yaml',
      },
    ]);
  };
  return (resource) => {
    const file = home(names[layout](resource));
    if (layout !== 'files' || wanted.includes(file)) return file;
    const [, stem = file, extension = ''] = /^(.*)(\.ya?ml)$/.exec(file) ?? [];
    let free = file;
    for (let number = 2; used.has(free.toLowerCase()); number += 1) free = `${stem}-${number}${extension}`;
    used.add(free.toLowerCase());
    return free;
  };
};
