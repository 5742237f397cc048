import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { executable, launch } from '../support/browser.js';
import { call, connected, data, idOf, modeled, newSandboxes, partner, sandbox, syncBody } from './harness.js';

newSandboxes();

const title = executable === undefined ? 'the page (no Chromium here: not tested)' : 'the page';

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
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    return async () => page.close();
  });

  it('shows what the organization holds, who changed it, and the faults that are on', async () => {
    const [connection, model] = await modeled();
    await call('POST', '/api/syncs', syncBody(connection, model));
    await call('POST', '/api/connections', { name: 'CRM', type: 'salesforce', configuration: {} });
    sandbox.setFaults({ rates: { error: 0.25 }, requestsPerSecond: 20, seed: 9 });
    sandbox.failNext({ method: 'POST', path: /syncs$/, drop: 'before' });
    await page.goto(sandbox.url);
    expect(await page.title()).toBe('Polytomic sandbox');
    expect(await page.locator('#connections tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^CRM\tsalesforce\twaits to be authorized\t.* by you@example.com$/),
      expect.stringMatching(/^MySQL Connection\tmysql\thealthy\t/),
    ]);
    expect(await page.locator('#syncs tbody tr').innerText()).toContain(
      'MySQL Connection CUSTOMERS.CONTACTS\tmanual\tno',
    );
    expect(await page.locator('#faults li').allInnerTexts()).toEqual([
      'at most 20 requests a second',
      'error: 25 % of requests (seed 9)',
      'next 1: POST syncs$: {"drop":"before"}',
    ]);
    expect(problems).toEqual([]);
  });

  it('shows requests as they come, and what they change, without being loaded again', async () => {
    await page.goto(sandbox.url);
    await page.locator('#requests .none').waitFor();
    await connected();
    sandbox.failNext({ drop: 'before' });
    await expect(call('GET', '/api/models?limit=5')).rejects.toThrow();
    await page.locator('#requests tbody tr').nth(1).waitFor();
    const rows = await page.locator('#requests tbody tr').allInnerTexts();
    expect(rows.map((row) => row.split('\t').slice(1))).toEqual([
      ['GET /api/models?limit=5', '2025-09-18', 'cut'],
      ['POST /api/connections', '2025-09-18', '201'],
    ]);
    expect(await page.locator('#connections .count').innerText()).toBe('1');
    expect(problems).toEqual([]);
  });

  it('takes names for text, whatever they hold', async () => {
    const name = '<img src=x onerror="document.title=1"> & \u202e\u0007 "quoted"';
    const { id } = (
      await call('POST', '/api/connections', { name, type: 'mysql', configuration: { hostname: 'h' } })
    ).body['data'] as { readonly id: string };
    await call('GET', `/api/connections/<script>alert(1)</script>?q=<b>`);
    await page.goto(sandbox.url);
    expect(await page.locator('#connections td').first().innerText()).toBe(
      '<img src=x onerror="document.title=1"> & \\u{202e}\\u{7} "quoted"',
    );
    expect(await page.locator('main img, main script').count()).toBe(0);
    expect(await page.title()).toBe('Polytomic sandbox');
    expect(id).toHaveLength(36);
  });

  it('never shows a secret', async () => {
    await connected();
    await page.goto(sandbox.url);
    const text = await page.content();
    expect(text).toContain('MySQL Connection');
    expect(text).not.toContain('"secret"');
    expect(text).not.toContain(sandbox.apiKey);
  });

  it('shows each organization by itself', async () => {
    const other = idOf(await call('POST', '/api/organizations', { name: 'Other' }, partner));
    await connected();
    await page.goto(sandbox.url);
    await page.getByRole('link', { name: 'Other' }).click();
    await page.waitForURL(`**/?organization=${other}`);
    expect(await page.locator('#connections .count').innerText()).toBe('0');
    expect(await page.locator('nav [aria-current]').innerText()).toBe('Other');
  });

  it('finishes what only a browser can', async () => {
    const created = data(
      await call('POST', '/api/connections', { name: 'CRM', type: 'hubspot', configuration: {} }),
    );
    await page.goto(created['auth_url'] as string);
    expect(await page.locator('#notice').innerText()).toContain('The connection CRM is authorized.');
    await page.getByRole('link', { name: 'What the sandbox holds' }).click();
    expect(await page.locator('#connections tbody').innerText()).toContain('healthy');
    expect(problems).toEqual([]);
  });

  it('fits a narrow screen', async () => {
    const [connection, model] = await modeled();
    await call('POST', '/api/syncs', syncBody(connection, model));
    await page.setViewportSize({ width: 380, height: 800 });
    await page.goto(sandbox.url);
    const [wide, view] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollWidth, innerWidth]',
    );
    expect(wide).toBeLessThanOrEqual(view);
  });
});
