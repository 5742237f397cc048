import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathGlob, textGlob } from '../../src/rules/glob.js';

describe('a pattern of paths', () => {
  it.each([
    // As the documentation of CODEOWNERS explains its examples.
    ['*', ['a.yaml', 'polytomic/a.yaml'], []],
    ['*.yaml', ['a.yaml', 'polytomic/ads/a.yaml'], ['a.yml', 'a.yaml.bak']],
    ['/build/logs/', ['build/logs/a', 'build/logs/deep/a'], ['x/build/logs/a', 'build/logs']],
    ['docs/*', ['docs/a.md'], ['docs/deep/a.md', 'x/docs/a.md']],
    ['apps/', ['apps/a', 'x/apps/deep/a'], ['apps', 'myapps/a']],
    ['/docs/', ['docs/a', 'docs/deep/a'], ['x/docs/a']],
    ['/apps/github', ['apps/github', 'apps/github/a', 'apps/github/deep/a'], ['x/apps/github', 'apps/git']],
    ['**/logs', ['logs/a', 'build/logs/a', 'deeply/nested/logs'], ['logs2/a']],
    ['polytomic/**', ['polytomic/a', 'polytomic/deep/a'], ['polytomic2/a']],
    ['polytomic/**/ads-*', ['polytomic/ads-1.yaml', 'polytomic/x/y/ads-1.yaml'], ['polytomic/x/my-ads-1']],
    ['polytomic/?.yaml', ['polytomic/a.yaml'], ['polytomic/ab.yaml', 'polytomic//.yaml']],
    ['a**b', ['axb', 'ab'], ['a/b']],
    ['[a].yaml', ['[a].yaml'], ['a.yaml']],
    ['/', [], ['a']],
  ])('%s', (pattern, yes, no) => {
    const isFit = pathGlob(pattern);
    expect(yes.filter((path) => !isFit(path))).toEqual([]);
    expect(no.filter(isFit)).toEqual([]);
  });

  it('that is huge ends soon, whatever it is held against', () => {
    const began = performance.now();
    expect(textGlob(`${'*a'.repeat(240)}b`)('a'.repeat(4000))).toBe(false);
    expect(pathGlob(`${'**/a/'.repeat(100)}b`)('a/'.repeat(500))).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

const sources: Readonly<Record<string, string>> = { '*': '.*', '?': '.', '.': '\\.' };

describe('a pattern of text', () => {
  it('takes * for any text and ? for a character, as a regular expression would', () => {
    const parts = fc.array(fc.constantFrom('a', 'b', '.', '*', '?'), { maxLength: 8 });
    const texts = fc.array(fc.constantFrom('a', 'b', '.', '/'), { maxLength: 10 });
    fc.assert(
      fc.property(parts, texts, (pattern, text) => {
        const source = pattern.map((part) => sources[part] ?? part).join('');
        expect(textGlob(pattern.join(''))(text.join(''))).toBe(new RegExp(`^${source}$`).test(text.join('')));
      }),
    );
  });
});
