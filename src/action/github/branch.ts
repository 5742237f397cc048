/** Files on a branch, and the pull request that brings them in: no work tree, no commit identity, one commit. */
import { isJsonObject, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import type { GitHub } from './client.js';

export interface Proposal {
  /** The branch that the pull request goes to. */
  readonly base: string;
  /** The commit of it that the files were made from. */
  readonly from: string;
  /** A branch of its own: what is on it is replaced. */
  readonly branch: string;
  readonly title: string;
  readonly body: string;
  /** By path in the repository. */
  readonly files: ReadonlyMap<string, string>;
}

const at = (value: JsonObject | undefined, ...path: readonly string[]): string => {
  let held: JsonObject[string] | undefined = value;
  for (const name of path) held = isJsonObject(held) ? held[name] : undefined;
  return asText(held);
};

const openOf = async (github: GitHub, { base, branch }: Proposal): Promise<JsonObject | undefined> => {
  const [owner = ''] = github.repository.split('/');
  const [found] = await github.list('pulls', { state: 'open', head: `${owner}:${branch}`, base });
  return found;
};

/** Puts the files on the branch, on top of `from`. A branch that holds just that is left as it is. */
const commit = async (github: GitHub, { from, branch, title, files }: Proposal): Promise<void> => {
  const parent = await github.find(`git/commits/${from}`);
  const tree = await github.send('POST', 'git/trees', {
    base_tree: at(parent, 'tree', 'sha'),
    tree: [...files].map(([path, content]) => ({ path, content, mode: '100644', type: 'blob' })),
  });
  const tip = at(await github.find(`git/ref/heads/${branch}`), 'object', 'sha');
  if (tip !== '') {
    const held = await github.find(`git/commits/${tip}`);
    const parents = held?.['parents'];
    const [first] = Array.isArray(parents) ? (parents as readonly JsonObject[]) : [];
    if (at(held, 'tree', 'sha') === at(tree, 'sha') && at(first, 'sha') === from) return;
  }
  const made = await github.send('POST', 'git/commits', {
    message: title,
    tree: at(tree, 'sha'),
    parents: [from],
  });
  const sha = at(made, 'sha');
  if (tip === '') await github.send('POST', 'git/refs', { ref: `refs/heads/${branch}`, sha });
  else await github.send('PATCH', `git/refs/heads/${branch}`, { sha, force: true });
};

/**
 * Opens the pull request of a proposal, or brings the open one up to date; without files an open one is closed. Gives
 * its address. Throws `GitHubError`.
 */
export const propose = async (github: GitHub, proposal: Proposal): Promise<string | undefined> => {
  const { base, branch, title, body, files } = proposal;
  const open = await openOf(github, proposal);
  const path = `pulls/${at(open, 'number')}`;
  if (files.size === 0) {
    if (open !== undefined) await github.send('PATCH', path, { state: 'closed' });
    return undefined;
  }
  await commit(github, proposal);
  const pull =
    open === undefined
      ? await github.send('POST', 'pulls', { title, body, base, head: branch })
      : await github.send('PATCH', path, { title, body });
  return at(pull, 'html_url');
};
