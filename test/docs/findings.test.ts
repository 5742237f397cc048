/** The reference of findings has every code that the sources, and what they print, have. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourcesOf } from '../../.ci/docs/pages.js';
import { findingsIn } from '../../.ci/docs/findings.js';
import { findingAnchor, findingUrl, SITE, withUrls } from '../../src/core/site.js';

const root = process.cwd();
const page = await readFile('docs/findings.md', 'utf8');
const entries = new Set([...page.matchAll(/^## (.+)$/gm)].map(([, code]) => code));

/** Codes as a reader with nothing but eyes would find them, unlike the one that makes the page. */
const literally = async (): Promise<readonly string[]> => {
  const texts = await Promise.all((await sourcesOf(root)).map(async (file) => readFile(file, 'utf8')));
  return texts.flatMap((text) => [...text.matchAll(/\bcode: '([a-z0-9-]+)'/g)].map(([, code = '']) => code));
};

const goldens = async (): Promise<readonly string[]> => {
  const files = (await readdir('test', { recursive: true })).filter((file) => /golden.*[.]txt$/.test(file));
  const texts = await Promise.all(
    files.map(async (file) => readFile(path.join('test', file), 'utf8').catch(() => '')),
  );
  return texts.flatMap((text) =>
    [...text.matchAll(/polytomic-gitops\/findings#([a-z0-9-]+)/g)].map(([, code = '']) => code),
  );
};

describe('the reference of findings', () => {
  it('has an entry for each code that stands in the sources', async () => {
    const missing = (await literally()).filter((code) => !entries.has(code));
    expect(missing).toEqual([]);
  });

  it('has an entry for each code that a golden file shows', async () => {
    const shown = await goldens();
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((code) => !entries.has(code))).toEqual([]);
  });
});

describe('what is read of the sources', () => {
  const read = (name: string) => findingsIn([path.resolve('test/fixtures/findings', name)], root);

  it('are codes with severities, messages and hints, also through functions that make findings', () => {
    expect(read('made.ts').map(({ place: _place, ...rest }) => rest)).toEqual([
      {
        code: 'by-a-function',
        severities: ['error'],
        messages: ['nothing is called "…"', 'nothing is there'],
        hints: ['look again'],
      },
      { code: 'by-its-message', severities: ['warning'], messages: ['the file … is … bytes'], hints: [] },
      { code: 'literal', severities: ['error'], messages: ['this is wrong'], hints: ['correct it'] },
    ]);
  });

  it('is an error where a code cannot be told', () => {
    expect(() => read('untold.ts')).toThrow('untold.ts:5: the code of this finding cannot be read');
  });
});

describe('the address of a finding', () => {
  it('leads to its entry; answers of the API by status share one', () => {
    expect(findingUrl('unknown-field')).toBe(`${SITE}/findings#unknown-field`);
    expect(findingAnchor('api-422')).toBe('api-status');
    expect(entries.has('api-status')).toBe(true);
  });

  it('is made of a code alone, whatever a report of somebody else holds', () => {
    expect(findingUrl('x"><script>')).toBeUndefined();
    expect(findingUrl('')).toBeUndefined();
    expect(withUrls([{ severity: 'error', code: 'a b', message: 'm' }])).toEqual([
      { severity: 'error', code: 'a b', message: 'm' },
    ]);
  });
});
