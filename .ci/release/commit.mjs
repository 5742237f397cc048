// The commit that the tags of the Action point to. It holds what is used, as it was packed and checked, and no sources:
// the package, the Action, the hooks of pre-commit, the documents. Its parents are the release before it, where this clone
// has the branch, and the sources. Nothing is checked out, and nothing pushed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** From the sources: what neither archive has. */
const SOURCES = ['.pre-commit-hooks.yaml', 'CHANGELOG.md', 'docs', 'examples'];
const BOT = { name: 'github-actions[bot]', email: '41898282+github-actions[bot]@users.noreply.github.com' };

const run = (command, args, options = {}) =>
  execFileSync(command, args, { maxBuffer: 64 * 1024 * 1024, ...options });
const git = (args, options) => run('git', args, { encoding: 'utf8', ...options }).trim();

/**
 * Makes the commit of a release in the repository of the working folder, and gives its id; of one that has its tag, the
 * commit of the tag. `assets` is what pack.mjs made, `asked` names the commit of the sources.
 */
export const commitOf = (assets, { version, tag, branch }, asked) => {
  const there = git(['for-each-ref', '--format=%(objectname)', `refs/tags/${tag}`]);
  if (there !== '') return there;
  const source = git(['rev-parse', '--verify', '--end-of-options', `${asked}^{commit}`]);
  const folder = mkdtempSync(path.join(tmpdir(), 'polytomic-release-'));
  try {
    const tree = path.join(folder, 'package');
    const extract = (archive, to) => run('tar', ['-xzf', path.join(assets, archive), '-C', to]);
    extract(`polytomic-gitops-${version}.tgz`, folder);
    extract(`polytomic-gitops-action-${version}.tgz`, tree);
    run('tar', ['-x', '-C', tree], { input: run('git', ['archive', source, ...SOURCES]) });
    // Whoever installs from the tag has nothing to build, and no tools to install for it.
    const manifest = path.join(tree, 'package.json');
    const {
      scripts: _scripts,
      devDependencies: _tools,
      ...kept
    } = JSON.parse(readFileSync(manifest, 'utf8'));
    writeFileSync(manifest, `${JSON.stringify(kept, null, 2)}\n`);
    const env = {
      ...process.env,
      GIT_DIR: git(['rev-parse', '--absolute-git-dir']),
      GIT_WORK_TREE: tree,
      GIT_INDEX_FILE: path.join(folder, 'index'),
      GIT_AUTHOR_NAME: BOT.name,
      GIT_AUTHOR_EMAIL: BOT.email,
      GIT_COMMITTER_NAME: BOT.name,
      GIT_COMMITTER_EMAIL: BOT.email,
    };
    git(['add', '--all', '--force', '.'], { env, cwd: tree });
    const before = git(['for-each-ref', '--format=%(objectname)', `refs/remotes/origin/${branch}`]);
    const parents = [before, source].filter((each) => each !== '').flatMap((each) => ['-p', each]);
    return git(['commit-tree', git(['write-tree'], { env }), ...parents], {
      env,
      input: `${tag}\n\nBuilt from ${source}.\n`,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
