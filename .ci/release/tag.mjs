// Which release a tag asks for.

/** Semantic versions, without build metadata: npm drops it. */
const TAG =
  /^release\/v((0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?)$/;

/**
 * The release of a tag: its version, the tag and the major tag of the Action, and the dist-tag of npm. Throws for
 * another form, and where package.json or its lockfile has another version.
 */
export const releaseOf = (tag, manifest, lock) => {
  const [, version, major, prerelease] = TAG.exec(tag) ?? [];
  if (version === undefined)
    throw new Error(`${JSON.stringify(tag)} is no tag of a release: release/v1.2.3, or release/v1.2.3-rc.1`);
  for (const [file, { version: there }] of Object.entries({
    'package.json': manifest,
    'package-lock.json': lock,
  }))
    if (there !== version) throw new Error(`the tag is for ${version}, ${file} says ${there}`);
  return {
    version,
    tag: `v${version}`,
    // A prerelease is found by its full version alone.
    ...(prerelease === undefined
      ? { major: `v${major}`, distTag: 'latest', prerelease: false }
      : { distTag: 'next', prerelease: true }),
    branch: `releases/v${major}`,
  };
};
