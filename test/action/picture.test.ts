/** The comment as a reviewer sees it: Markdown to HTML to a picture. */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { executable, launch } from '../support/browser.js';

const folder = path.join(import.meta.dirname, 'golden');

/** About what GitHub's style makes of it. */
const page = (markdown: string): string => `<!doctype html><meta charset="utf-8"><style>
body{font:14px/1.5 -apple-system,"Segoe UI","Liberation Sans",sans-serif;max-width:720px;margin:24px;color:#1f2328}
code,pre{font:12px/1.45 ui-monospace,"Liberation Mono",monospace;background:#f6f8fa;border-radius:6px}
code{padding:.2em .4em}pre{padding:12px}pre code{padding:0;background:none}
a{color:#0969da}details{margin:8px 0}blockquote{border-left:4px solid #cf222e;margin:0;padding:0 12px;color:#1f2328}
table{border-collapse:collapse}td,th{border:1px solid #d1d9e0;padding:4px 10px}sub{color:#59636e}
.add{background:#dafbe1}.del{background:#ffebe9}</style>${micromark(markdown, {
  allowDangerousHtml: true,
  extensions: [gfm()],
  htmlExtensions: [gfmHtml()],
}).replaceAll(
  /<pre><code class="language-diff">([^]*?)<\/code><\/pre>/g,
  (_all, text: string) =>
    `<pre><code>${text
      .split('\n')
      .map(
        (line) =>
          `<span class="${line.startsWith('+') ? 'add' : line.startsWith('-') ? 'del' : ''}">${line}</span>`,
      )
      .join('\n')}</code></pre>`,
)}`;

describe.skipIf(executable === undefined)('the comment in a browser', () => {
  it.each(['plan-comment', 'destructive-comment', 'outcome-comment'])(
    '%s shows all that it says',
    async (name) => {
      const browser = await launch();
      try {
        const tab = await browser.newPage({ viewport: { width: 780, height: 900 } });
        const markdown = await readFile(path.join(folder, `${name}.md`), 'utf8');
        await tab.setContent(page(markdown));
        const target = process.env['PICTURES'];
        if (target !== undefined) {
          await mkdir(target, { recursive: true });
          await tab.screenshot({ path: path.join(target, `${name}.png`), fullPage: true });
        }
        // Nothing is wider than the comment, and what is folded can be unfolded.
        expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(780);
        for (const fold of await tab.locator('details').all()) {
          const isOpen = (await fold.getAttribute('open')) !== null;
          expect(await fold.locator('pre').first().isVisible()).toBe(isOpen);
          if (!isOpen) {
            await fold.locator('summary').click();
            expect(await fold.locator('pre').first().isVisible()).toBe(true);
          }
        }
      } finally {
        await browser.close();
      }
    },
  );
});
