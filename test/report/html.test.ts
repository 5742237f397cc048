import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/plan/plan.js';
import { printable } from '../../src/core/text.js';
import { anchorOf, link } from '../../src/report/html.js';
import { planPage } from '../../src/report/html-plan.js';
import { statusPage } from '../../src/report/html-status.js';
import { address } from '../support/documents.js';
import { everyChange } from '../support/every-change.js';
import { checked, fixed, readPage } from '../support/page.js';
import { driftOfTexts, planOfTexts, statusOfTexts, type Texts } from '../support/pages.js';
import { shop, workbench } from '../support/workbench.js';
import { hostileName } from './hostile.js';

const plain: Texts = { name: 'Shop', key: 'shop', value: 'shop.example.com' };

const pages: readonly (readonly [string, (texts: Texts) => string])[] = [
  ['plan', planOfTexts],
  ['drift', driftOfTexts],
  ['status', statusOfTexts],
];

const wrong =
  'kind: Sync\nkey: bad\nname: Bad\nmode: replce\nfields: [{ source: customers.email, target: A }]\nschedule: { frequency: daily }\ntarget: { connection: warehose, objct: X }\n---\nkind: Model\nkey: customers\n';

describe('a page', () => {
  it('of a plan with a change of every sort reads as the golden file', async () => {
    const bench = await everyChange();
    expect(await bench.cli('plan', '--html', 'plan.html')).toMatchObject({ code: 0, err: '' });
    await expect(fixed(await bench.read('plan.html'))).toMatchFileSnapshot('golden/plan.html');
  });

  it('of manifests that are wrong reads as the golden file', async () => {
    const bench = await workbench({ ...shop, 'polytomic/bad.yaml': wrong });
    expect((await bench.cli('plan', '--html', 'plan.html')).code).toBe(1);
    await expect(fixed(await bench.read('plan.html'))).toMatchFileSnapshot('golden/errors.html');
  });

  it.each(pages)('of a %s reads as the golden file', async (name, pageOf) => {
    await expect(pageOf(plain)).toMatchFileSnapshot(`golden/small-${name}.html`);
  });

  it('of many changes is folded, but for what it ends', async () => {
    const at = (key: string, action: Change['action']): Change => ({
      ...{ address: address(`connection.${key}`), step: `connection.${key}`, kind: 'Connection', name: key },
      ...{ action, patch: [], before: { name: 'x' }, after: { name: key }, causes: {}, unknownSecrets: [] },
      ...{ reasons: [], waitsFor: [] },
    });
    const changes = Array.from({ length: 60 }, (_, index) =>
      at(`c${index}`, index < 2 ? 'delete' : 'create'),
    );
    const empty = { environment: null, unchanged: 0, retained: [], excluded: 0, unmanaged: {}, digest: '' };
    const html = planPage({
      plan: { formatVersion: 1, organization: { id: 'a', name: 'A' }, changes, ...empty },
      ...{
        diagnostics: [],
        drifted: [],
        impacts: [],
        title: '',
        linkTo: () => undefined,
        facts: [],
        made: '',
      },
    });
    const summaries = [...html.matchAll(/<summary>(.*)<\/summary>/g)].map(([, text = '']) => text);
    expect(summaries).toEqual(['60 changes', ...Array.from({ length: 58 }, () => '1 line')]);
    expect((await readPage(html)).text).toContain('c59');
  });

  it('of nothing says so', async () => {
    const empty = { diagnostics: [], title: '', facts: [], made: '2026-03-01T08:00:00Z' };
    const status = statusPage({ ...empty, status: { organization: { id: 'a', name: '' }, objects: [] } });
    expect((await readPage(status)).text).toContain('Nothing here runs.');
    const plan = planPage({ ...empty, drifted: [], impacts: [], linkTo: () => undefined });
    expect((await readPage(plan)).text).toContain('No plan: there are errors.');
  });
});

describe.each(pages)('a page of a %s', (_name, pageOf) => {
  const html = pageOf(plain);

  it('allows nothing but its own style', () => {
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(html) ?? [];
    const digest = createHash('sha256').update(style).digest('base64');
    expect(policy.replaceAll('&#39;', "'").split('; ')).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${digest}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(html.indexOf('Content-Security-Policy')).toBeLessThan(html.indexOf('<title>'));
  });

  it('needs nothing from elsewhere', async () => {
    const { elements } = await readPage(html);
    expect(elements.join('\n')).not.toMatch(
      /^(script|link|img|iframe|object|embed|form|base)\b|src|style\]|\bon/m,
    );
    expect(/<style>([^]*?)<\/style>/.exec(html)?.[1]).not.toMatch(/url\(|@import/);
  });

  it('has its headings in order, each id once, and no link within that leads nowhere', async () => {
    const { headings, ids, links } = await readPage(html);
    expect(headings[0]).toBe(1);
    expect(headings.every((level, index) => level <= (headings[index - 1] ?? 0) + 1)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    for (const url of links)
      if (url.startsWith('#')) expect(ids).toContain(url.slice(1));
      else expect(url).toMatch(/^https:\/\//);
  });

  it('has nothing that an accessibility checker finds, as far as it needs no browser', async () => {
    const { found, passed } = await checked(html);
    expect(found).toEqual([]);
    expect(passed).toBeGreaterThan(15);
  });

  it('takes texts for texts, whatever they hold', async () => {
    const { elements } = await readPage(html);
    await fc.assert(
      fc.asyncProperty(hostileName, hostileName, hostileName, async (name, key, value) => {
        const read = await readPage(pageOf({ name: `${name}.`, key: `${key}.`, value: `${value}.` }));
        // No element and no attribute that is not there for harmless texts.
        expect(read.elements.filter((each) => !elements.includes(each))).toEqual([]);
        expect(read.text).toContain(printable(`${name}.`));
        for (const url of read.links) expect(url).toMatch(/^(#|https:\/\/)/);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a link', () => {
  it.each(['javascript:alert(1)', 'data:text/html,x', '//elsewhere', 'file:///etc/passwd', ' https://x'])(
    'to %j is none',
    (url) => {
      expect(link('x', url).toString()).toBe('x');
    },
  );

  it('within a page is another one for each step, of signs that no address needs to escape', () => {
    fc.assert(
      fc.property(hostileName, hostileName, (one, other) => {
        expect(anchorOf(one)).toMatch(/^[\w.~-]+$/);
        expect(anchorOf(one) === anchorOf(other)).toBe(one === other);
      }),
    );
    expect(anchorOf('connection.a (old)')).toBe('change-connection.a~20~~28~old~29~');
  });
});
