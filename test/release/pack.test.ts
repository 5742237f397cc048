/** What a release is made of: the scripts of .ci/release, as the workflow calls them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from '../support/files.js';

/** The scripts are plain modules, without types. */
const script = async <T>(name: string): Promise<T> =>
  (await import(pathToFileURL(path.join(repositoryRoot, '.ci', 'release', `${name}.mjs`)).href)) as T;

interface Release {
  readonly version: string;
  readonly tag: string;
  readonly branch: string;
  readonly major?: string;
  readonly distTag: string;
  readonly prerelease: boolean;
}

const { notesOf } = await script<{
  notesOf: (text: string, version: string, options?: { readonly draft?: boolean }) => string;
}>('changelog');
const { releaseOf } = await script<{ releaseOf: (tag: string, ...files: readonly object[]) => Release }>(
  'tag',
);
const { sbomOfBuild, findingsOf } = await script<{
  sbomOfBuild: (bundle: 'package' | 'action') => Promise<string>;
  findingsOf: (text: string) => Promise<unknown>;
}>('sbom');

describe('the notes of a release', () => {
  const changelog = `# Changes

## 2.0.0 (not released yet)

- Soon.

## 1.1.0 (2026-11-28)

Two things.

- One, which
  takes two lines.
  - Within it.
- Two: \`a  b\`.

## 1.0.0 (2026-11-01)
`;

  it('are the section of its version, a line for each paragraph and point', () => {
    expect(notesOf(changelog, '1.1.0')).toBe(
      'Two things.\n\n- One, which takes two lines.\n  - Within it.\n- Two: `a  b`.\n',
    );
  });

  it.each([
    ['9.9.9', 'the changelog says nothing of 9.9.9'],
    ['1.1', 'the changelog says nothing of 1.1'],
    ['2.0.0', 'the changelog has no date for 2.0.0: its heading has to be "## 2.0.0 (YYYY-MM-DD)"'],
    ['1.0.0', 'the section of 1.0.0 in the changelog is empty'],
  ])('of %s are refused: %s', (version, message) => {
    expect(() => notesOf(changelog, version)).toThrow(message);
  });

  it('of a version that stands twice, and of a heading of another form, are refused', () => {
    expect(() => notesOf(changelog.replace('2.0.0', '1.1.0'), '1.1.0')).toThrow('has 2 sections for 1.1.0');
    expect(() => notesOf(`${changelog}\n## 0.9.0, long ago\n`, '1.1.0')).toThrow('## 0.9.0, long ago');
  });

  it('of a draft need no date', () => {
    expect(notesOf(changelog, '2.0.0', { draft: true })).toBe('- Soon.\n');
  });

  it('are there for the version of this repository', async () => {
    const [text, manifest] = await Promise.all(
      ['CHANGELOG.md', 'package.json'].map(async (file) => readFile(path.join(repositoryRoot, file), 'utf8')),
    );
    const { version } = JSON.parse(manifest!) as { version: string };
    expect(notesOf(text!, version, { draft: true })).toContain('The first version.');
  });

  it('are those of no other version, whatever versions there are', () => {
    const versions = fc.uniqueArray(
      fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)).map((parts) => parts.join('.')),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(versions, (all) => {
        const text = ['# Changes', ...all.map((each) => `## ${each} (2026-01-01)\n\n- Of ${each}.`)].join(
          '\n\n',
        );
        for (const each of all) expect(notesOf(text, each)).toBe(`- Of ${each}.\n`);
      }),
    );
  });
});

describe('the tag that asks for a release', () => {
  const of = (tag: string, version: string, locked = version): Release =>
    releaseOf(tag, { version }, { version: locked });

  it('gives the version, the tags of the Action, and the dist-tag', () => {
    expect(of('release/v1.2.3', '1.2.3')).toEqual({
      version: '1.2.3',
      tag: 'v1.2.3',
      major: 'v1',
      branch: 'releases/v1',
      distTag: 'latest',
      prerelease: false,
    });
  });

  it('of a prerelease moves no major tag, and is not what npm installs', () => {
    const release = of('release/v1.0.0-rc.1', '1.0.0-rc.1');
    expect(release).toMatchObject({ tag: 'v1.0.0-rc.1', distTag: 'next', prerelease: true });
    expect(release).not.toHaveProperty('major');
  });

  it.each([
    'v1.2.3',
    'release/1.2.3',
    'release/v1.2',
    'release/v01.2.3',
    'release/v1.2.3+build',
    'release/v1.2.3-',
    'release/v1.2.3 ',
    'release/v1.2.3\n',
    'release/v1.2.3-rc.1;id',
    'release/v1.2.3-$(id)',
    '',
  ])('is not %j', (tag) => {
    expect(() => of(tag, '1.2.3')).toThrow('is no tag of a release');
  });

  it('has the version of package.json and of its lockfile', () => {
    expect(() => of('release/v1.2.3', '1.2.4')).toThrow('the tag is for 1.2.3, package.json says 1.2.4');
    expect(() => of('release/v1.2.3', '1.2.3', '1.2.2')).toThrow('package-lock.json says 1.2.2');
  });
});

interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly {
    readonly group?: string;
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly licenses: readonly unknown[];
  }[];
}

describe('the bill of materials', () => {
  it.each([
    ['package', 'dist/THIRD-PARTY-LICENSES.txt', 'commander'],
    ['action', 'dist/action/LICENSES.txt', '@actions/core'],
  ] as const)(
    'of the %s names exactly what is bundled, each with its licence',
    async (bundle, licences, one) => {
      const bom = JSON.parse(await sbomOfBuild(bundle)) as Bom;
      expect(bom).toMatchObject({
        bomFormat: 'CycloneDX',
        specVersion: '1.6',
        metadata: { component: { name: 'polytomic-gitops' } },
      });
      const named = bom.components.map(
        ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name} ${version}`,
      );
      const text = await readFile(path.join(repositoryRoot, licences), 'utf8');
      const bundled = [...text.matchAll(/^(\S+ \S+) \(.*\)\n-{60}$/gm)].map(([, name]) => name!);
      expect(bundled.map((name) => name.split(' ')[0])).toContain(one);
      expect(named.sort()).toEqual(bundled.sort());
      for (const { purl, licenses } of bom.components) {
        expect(purl).toMatch(/^pkg:npm\//);
        expect(licenses).not.toEqual([]);
      }
    },
  );

  it('that is not valid is told', async () => {
    const bom = JSON.parse(await sbomOfBuild('action')) as Record<string, unknown>;
    expect(await findingsOf(JSON.stringify(bom))).toBeUndefined();
    expect(await findingsOf(JSON.stringify({ ...bom, components: [{ name: 'x' }] }))).toBeDefined();
    expect(await findingsOf(JSON.stringify({ ...bom, invented: 1 }))).toBeDefined();
  });
});
