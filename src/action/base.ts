/**
 * What the base branch of a proposal says of what may be: what is not merged yet may not allow itself anything. Read of
 * GitHub, since a checkout of a pull request has no commit but its own.
 */
import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import path from 'node:path';
import picomatch from 'picomatch';
import { byCodeUnit, objectsIn, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import { configNames, trustedIn, type Settings } from '../load/config.js';
import type { RuleText } from '../load/rules.js';
import { MAX_FILE_BYTES } from '../load/source.js';
import type { Event } from './event.js';
import { GitHubError, type GitHub } from './github/client.js';
import { notice } from './runner.js';

type Trusted = Pick<Settings, 'allowSecrets' | 'baseRules' | 'owners'>;

/** What of a run the base branch is asked by. */
interface Proposal {
  readonly event: Event;
  readonly github?: GitHub;
  /** Absolute. */
  readonly repositoryRoot: string;
}

/** More files of rules are not asked for: each is a request. */
const MOST_FILES = 100;

/** What GitHub has there, if anything; `refused` where it cannot be known. */
const asked = async (
  github: GitHub | undefined,
  address: string,
): Promise<{ readonly value?: JsonObject; readonly refused: boolean }> => {
  try {
    const value = await github?.find(address);
    return { ...(value === undefined ? {} : { value }), refused: github === undefined };
  } catch (error) {
    if (error instanceof GitHubError) return { refused: true };
    throw error;
  }
};

const textIn = (held: JsonObject | undefined): string =>
  Buffer.from(asText(held?.['content']), 'base64').toString('utf8');

/** What Git calls the content of a file. */
const blobOf = (content: Buffer): string =>
  createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');

/** The file of the checkout, where it is the very one; most proposals change no rule. */
const sameHere = async (root: string, file: string, sha: string): Promise<string | undefined> => {
  try {
    const absolute = path.join(root, file);
    const stats = await lstat(absolute);
    if (!stats.isFile() || stats.size > MAX_FILE_BYTES) return undefined;
    const content = await readFile(absolute);
    return blobOf(content) === sha ? content.toString('utf8') : undefined;
  } catch {
    return undefined;
  }
};

/** The files of rules on the base branch, as they are there; undefined where not all of them could be read. */
const rulesOn = async (
  github: GitHub | undefined,
  base: string,
  root: { readonly absolute: string; readonly directory: string },
  globs: readonly string[],
): Promise<readonly RuleText[] | undefined> => {
  if (globs.length === 0) return [];
  const { value: tree } = await asked(github, `git/trees/${encodeURIComponent(base)}?recursive=1`);
  if (tree === undefined || tree['truncated'] === true) return undefined;
  const isRule = picomatch(
    globs.filter((glob) => !glob.startsWith('!')),
    {
      ignore: [
        '**/node_modules/**',
        '**/.git/**',
        ...globs.flatMap((glob) => (glob.startsWith('!') ? [glob.slice(1)] : [])),
      ],
    },
  );
  const found = objectsIn(tree['tree'])
    .filter(({ type, mode }) => type === 'blob' && mode !== '120000')
    .map((entry) => ({
      file: path.posix.relative(root.directory, asText(entry['path'])),
      sha: asText(entry['sha']),
      size: Number(entry['size'] ?? 0),
    }))
    .filter(({ file }) => !file.startsWith('../') && isRule(file))
    .sort((a, b) => byCodeUnit(a.file, b.file));
  if (found.length > MOST_FILES || found.some(({ size }) => size > MAX_FILE_BYTES)) return undefined;
  const texts: RuleText[] = [];
  for (const { file, sha } of found) {
    const here = await sameHere(root.absolute, file, sha);
    const { value } =
      here === undefined ? await asked(github, `git/blobs/${encodeURIComponent(sha)}`) : { value: {} };
    if (value === undefined) return undefined;
    texts.push({ file, text: here ?? textIn(value) });
  }
  return texts;
};

/** The configuration file on the base branch, under whichever of its names: a proposal may give it another one. */
const configOn = async (
  { event, github, repositoryRoot }: Proposal & { readonly event: { readonly base: string } },
  { configFile, root }: Settings,
): Promise<{ readonly name: string; readonly text?: string; readonly refused: boolean }> => {
  const own = configFile === undefined ? [] : [path.basename(configFile)];
  const others = own.every((name) => configNames.includes(name)) ? configNames : [];
  const folder = path.relative(repositoryRoot, root).split(path.sep);
  for (const name of new Set([...own, ...others])) {
    const file = [...folder, name].filter((part) => part !== '').map(encodeURIComponent);
    const { value, refused } = await asked(
      github,
      `contents/${file.join('/')}?ref=${encodeURIComponent(event.base)}`,
    );
    if (value !== undefined || refused) return { name, text: textIn(value), refused };
  }
  return { name: '', refused: false };
};

/**
 * Of a proposal counts of `allowSecrets` what its base branch lists, too; its `owners` are those of the base branch;
 * and the rules of the base branch count beside its own. Says so where they cannot be read.
 */
export const trustedSettings = async (proposal: Proposal, settings: Settings): Promise<Trusted> => {
  const { event, github, repositoryRoot } = proposal;
  const { allowSecrets, owners, root } = settings;
  if (event.type !== 'pull_request' && event.type !== 'merge_group') return { allowSecrets, owners };
  const { name, text, refused } = await configOn({ ...proposal, event }, settings);
  // A base branch without a configuration file is one that has not begun with it.
  const onBase = text === undefined ? { allowSecrets: [], rules: [], owners } : trustedIn(name, text);
  const directory = path.relative(repositoryRoot, root).split(path.sep).join('/');
  const baseRules = refused
    ? undefined
    : await rulesOn(github, event.base, { absolute: root, directory }, onBase.rules);
  if (baseRules === undefined && settings.configFile !== undefined)
    notice(
      'The rules of the base branch cannot be read: only those of this proposal count. The job needs github-token with the permission contents: read.',
    );
  return {
    allowSecrets: allowSecrets.filter((place) => onBase.allowSecrets.includes(place)),
    owners: refused ? owners : onBase.owners,
    ...(baseRules === undefined ? {} : { baseRules }),
  };
};
