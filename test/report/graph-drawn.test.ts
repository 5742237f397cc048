import { createRequire } from 'node:module';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { svgText } from '../../src/report/graph-svg.js';
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
        { numRuns: 40 },
      );
    });
  });

  it('as SVG is a picture without anything that could be run, whatever the names', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(hostileName, { minLength: 1, maxLength: 4 }), async (names) => {
        const graph = named(names);
        const { problem, texts, boxes } = await page.evaluate<{
          problem: string;
          texts: string[];
          boxes: number;
        }>(`(() => {
          const read = new DOMParser().parseFromString(${JSON.stringify(svgText(graph))}, 'image/svg+xml');
          const texts = [...read.querySelectorAll('text')].map((text) => text.textContent);
          const problem = read.querySelector('parsererror, script, a, foreignObject')?.outerHTML ?? '';
          return { problem, texts, boxes: read.querySelectorAll('g[transform]').length };
        })()`);
        expect(problem).toBe('');
        expect(boxes).toBe(names.length);
        expect(texts).toEqual(
          graph.nodes.flatMap(({ name, address, action }) => [
            labelText(name, 36),
            `${action === undefined ? '' : '+ '}${address}`,
          ]),
        );
      }),
    );
  });

  it('as SVG keeps every text inside of its box, and boxes apart', async () => {
    const graph = named(['Customers', 'W'.repeat(60), '名前'.repeat(30), 'i', 'Ünïcödé → 😀 names']);
    await page.setContent(svgText(graph));
    const overlaps = await page.evaluate<string[]>(`(() => {
      const boxes = [...document.querySelectorAll('g[transform]')];
      const rect = (node) => node.getBoundingClientRect();
      return boxes.flatMap((box, index) => [
        ...[...box.querySelectorAll('text')].filter((text) => rect(text).width > rect(box.querySelector('path, rect')).width).map((text) => 'wide: ' + text.textContent),
        ...boxes.slice(index + 1).filter((other) => rect(box).right > rect(other).left && rect(box).left < rect(other).right && rect(box).bottom > rect(other).top && rect(box).top < rect(other).bottom).map(() => 'overlap'),
      ]);
    })()`);
    expect(overlaps).toEqual([]);
  });
});
