// The end of a release, in the clone of the workflow: the commit of the Action, its tags and its branch, and the page of
// the release with what is attached.
//   node .ci/release/publish.mjs --assets FOLDER [--no-push]
// --no-push: makes the commit and the tag here, and stops. Again after a failure it does what is left.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { commitOf } from './commit.mjs';

const { values } = parseArgs({
  options: { assets: { type: 'string' }, push: { type: 'boolean', default: true } },
  allowNegative: true,
});
if (values.assets === undefined) throw new Error('--assets is needed');
const assets = path.resolve(values.assets);
const release = JSON.parse(readFileSync(path.join(assets, 'release.json'), 'utf8'));
const { tag, major, branch, prerelease } = release;
const hasPage = (name) => {
  try {
    execFileSync('gh', ['release', 'view', name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const run = (command, ...args) => execFileSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });

const commit = commitOf(assets, release, 'HEAD');
console.log(`${tag} is ${commit}`);
if (!values.push) run('git', 'tag', tag, commit);
else {
  // All or none of them. Only the major tag is moved; a version stays what it was.
  const refs = [`${commit}:refs/heads/${branch}`, `${commit}:refs/tags/${tag}`];
  run(
    'git',
    'push',
    '--atomic',
    'origin',
    ...refs,
    ...(major === undefined ? [] : [`+${commit}:refs/tags/${major}`]),
  );
  const attached = readdirSync(assets).filter((file) => !['notes.md', 'release.json'].includes(file));
  const page = ['--verify-tag', '--title', tag, '--notes-file', path.join(assets, 'notes.md')];
  if (hasPage(tag)) console.log(`${tag} has its page`);
  else
    run(
      'gh',
      ...['release', 'create', tag, ...page, ...(prerelease ? ['--prerelease'] : [])],
      ...attached.sort().map((file) => path.join(assets, file)),
    );
}
