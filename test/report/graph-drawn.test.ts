import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelText, mermaidText } from '../../src/report/graph.js';
import { executable, launch } from '../support/browser.js';
import { hostileName, named } from './hostile.js';

const title = executable === undefined ? 'a drawing (no Chromium here: not tested)' : 'a drawing';

describe.skipIf(executable === undefined)(title, () => {
  let browser: Browser;
  let page: Page;
  const dialogs: string[] = [];
  beforeAll(async () => {
    browser = await launch();
    page = await browser.newPage();
    page.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
  });
  afterAll(async () => browser.close());

  describe('by Mermaid, as GitHub sets it up', () => {
    beforeAll(async () => {
      await page.setContent('<!doctype html><meta charset="utf-8"><body></body>');
      await page.addScriptTag({
        path: createRequire(import.meta.url).resolve('mermaid/dist/mermaid.min.js'),
      });
    });

    /** The lines of each node, and how many arrows. Throws where Mermaid finds a mistake. */
    const draw = async (
      text: string,
    ): Promise<{ readonly labels: readonly string[]; readonly arrows: number }> => {
      await page.evaluate(`(async (source) => {
        mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', suppressErrorRendering: true });
        await mermaid.parse(source);
        document.body.innerHTML = (await mermaid.render('drawing', source)).svg;
      })(${JSON.stringify(text)})`);
      return {
        labels: await page.locator('.node .nodeLabel').allInnerTexts(),
        arrows: await page.locator('.edgePaths path').count(),
      };
    };

    it('shows hostile names as they are', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(hostileName, { minLength: 1, maxLength: 4 }), async (names) => {
          const graph = named(names);
          const { labels, arrows } = await draw(mermaidText(graph));
          const spaces = (text: string): string =>
            text.replaceAll('\u2060', '').replaceAll(/\s+/g, ' ').trim();
          expect(labels.map(spaces)).toEqual(
            graph.nodes.map(({ name, address, action }) =>
              spaces(`${labelText(name)}\n${action === undefined ? '' : '+ '}${address}`),
            ),
          );
          expect(arrows).toBe(names.length - 1);
          expect(dialogs).toEqual([]);
        }),
        { numRuns: 60 },
      );
    });
  });
});
