/** The pages in a browser: how they look, and what a checker of accessibility says of that. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { executable, launch } from '../support/browser.js';
import { axeRun, axeScript, type Checked } from '../support/page.js';
import { driftOfTexts, planOfTexts, statusOfTexts } from '../support/pages.js';

const names = ['plan', 'errors', 'small-plan', 'small-drift', 'small-status'] as const;
const fileOf = (name: string): string => path.join(import.meta.dirname, 'golden', `${name}.html`);

const title = executable === undefined ? 'a page (no Chromium here: not tested)' : 'a page in a browser';

describe.skipIf(executable === undefined)(title, () => {
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => browser.close());
  beforeEach(async () => {
    problems.length = 0;
    page = await browser.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => problems.push(message.text()));
    page.on('request', (request) => problems.push(...(request.isNavigationRequest() ? [] : [request.url()])));
    page.on('dialog', (dialog) => {
      problems.push(dialog.message());
      void dialog.dismiss();
    });
    return async () => page.close();
  });

  const looks = names.flatMap((name) => (['light', 'dark'] as const).map((scheme) => ({ name, scheme })));

  it.each(looks)('$name, $scheme: nothing to find, no sideways scrolling', async ({ name, scheme }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`file://${fileOf(name)}`);
    for (const width of [1200, 360]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      const target = process.env['PICTURES'];
      if (target === undefined) continue;
      await mkdir(target, { recursive: true });
      await page.screenshot({ path: path.join(target, `${name}-${scheme}-${width}.png`), fullPage: true });
    }
    // Its own style is all that the page lets in; the checker comes past that.
    expect(problems).toEqual([]);
    const { found, passed } = await page.evaluate<Checked>(`${axeScript};${axeRun(true)}`);
    expect(found).toEqual([]);
    expect(passed).toBeGreaterThan(15);
  });

  it.each(['light', 'dark'] as const)('has names in its graph that can be read, %s', async (scheme) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`file://${fileOf('plan')}`);
    const ratios = await page.evaluate<number[]>(`(() => {
      const light = (colour) => colour.match(/\\d+/g).slice(0, 3).map(Number)
        .map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4))
        .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0.05);
      const fill = (each) => light(getComputedStyle(each).fill);
      return [...document.querySelectorAll('svg .box')].flatMap((box) =>
        [...box.querySelectorAll('text')].map((text) => {
          const both = [fill(text), fill(box.querySelector('g > g'))];
          return Math.max(...both) / Math.min(...both);
        }));
    })()`);
    expect(ratios.length).toBe(26);
    // https://www.w3.org/TR/WCAG22/#contrast-minimum
    expect(Math.min(...ratios)).toBeGreaterThan(4.5);
  });

  it('unfolds what is long, and prints it unfolded, on white', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`file://${fileOf('small-status')}`);
    const fold = page.locator('details');
    expect(await fold.getByText('fifth').isVisible()).toBe(false);
    await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
    expect(await fold.getByText('fifth').isVisible()).toBe(true);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'dark', media: 'screen' });
    await fold.locator('summary').click();
    expect(await fold.getByText('fifth').isVisible()).toBe(true);
    expect(await readFile(fileOf('small-status'), 'utf8')).not.toContain('<script');
  });

  it.each([
    ['plan', planOfTexts],
    ['drift', driftOfTexts],
    ['status', statusOfTexts],
  ])('of a %s stands hostile names', async (_name, pageOf) => {
    const name = `</style></title><script>alert(1)</script><img src=x onerror=alert(2)>"'\u202eevil${'x'.repeat(500)}`;
    await page.setViewportSize({ width: 360, height: 900 });
    await page.setContent(pageOf({ name, key: `k${'y'.repeat(300)}`, value: `${'0'.repeat(600)} ${name}` }));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expect(await page.locator('script, img').count()).toBe(0);
    expect(await page.locator('h1').innerText()).toContain('</style></title><script>alert(1)</script>');
    expect(await page.locator('h1').innerText()).toContain('\\u{202e}evil');
    const { found } = await page.evaluate<Checked>(`${axeScript};${axeRun(true)}`);
    expect(found).toEqual([]);
    expect(problems).toEqual([]);
  });
});
