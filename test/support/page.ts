/** Pages as browsers and accessibility checkers read them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What is used of jsdom, whose own types would bring a browser's names into every file. */
interface Dom {
  readonly window: { readonly eval: (script: string) => unknown; readonly close: () => void };
}
const { JSDOM, VirtualConsole } = require('jsdom') as {
  readonly JSDOM: new (html: string, options: object) => Dom;
  readonly VirtualConsole: new () => object;
};

/** The checker's own script, to be run in a page. https://github.com/dequelabs/axe-core */
export const axeScript = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Rules that ask how a page is laid out, which nobody but a browser knows. */
const laidOut = ['color-contrast', 'landmark-one-main', 'page-has-heading-one'];

/** All rules and best practices, as far as there is a layout to look at. */
export const axeRun = (hasLayout: boolean): string =>
  // Nor can it tell what stands behind a text of a picture.
  `axe.run(document, ${JSON.stringify({ rules: Object.fromEntries(laidOut.map((rule) => [rule, { enabled: hasLayout }])) })})
    .then(({ violations, incomplete, passes }) => ({
      found: [...violations, ...incomplete.map((each) => ({ ...each, nodes: each.nodes.filter(({ html }) => !html.startsWith('<text ')) })).filter(({ nodes }) => nodes.length > 0)].map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')),
      passed: passes.length,
    }))`;

export interface Checked {
  /** What is wrong, and what the checker could not decide. */
  readonly found: readonly string[];
  /** How many rules had something to look at. */
  readonly passed: number;
}

const within = async <T>(
  html: string,
  work: (run: (script: string) => unknown) => Promise<T>,
): Promise<T> => {
  const { window } = new JSDOM(html, {
    runScripts: 'outside-only',
    pretendToBeVisual: true,
    // It has no canvas and says so.
    virtualConsole: new VirtualConsole(),
  });
  try {
    return await work(window.eval.bind(window));
  } finally {
    window.close();
  }
};

/** What the checker says of a page without a browser: everything but colours. */
export const checked = async (html: string): Promise<Checked> =>
  within(html, async (run) => {
    run(axeScript);
    return (await run(axeRun(false))) as Checked;
  });

export interface ReadPage {
  /** Each element once, by its name and those of its attributes: `a[href]`. */
  readonly elements: readonly string[];
  readonly links: readonly string[];
  readonly ids: readonly string[];
  readonly text: string;
  /** The levels of headings, in their order. */
  readonly headings: readonly number[];
}

/** A page as a parser of HTML understands it. */
export const readPage = async (html: string): Promise<ReadPage> =>
  within(html, async (run) =>
    Promise.resolve(
      run(`(() => {
        const all = [...document.querySelectorAll('*')];
        const names = (each) => [...each.attributes].map(({ name }) => name).join(' ');
        return {
          elements: [...new Set(all.map((each) => each.localName + '[' + names(each) + ']'))].sort(),
          links: all.flatMap((each) => (each.hasAttribute('href') ? [each.getAttribute('href')] : [])),
          ids: all.flatMap(({ id }) => (id === '' ? [] : [id])),
          text: document.body.textContent,
          headings: all.flatMap(({ localName }) => (/^h[1-6]$/.test(localName) ? [Number(localName[1])] : [])),
        };
      })()`) as ReadPage,
    ),
  );

/** What differs from run to run, made the same: a page that can still be looked at. */
export const fixed = (html: string): string =>
  html
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '2026-03-01T08:00:00.000Z')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '2026-03-01 08:00 UTC')
    .replaceAll(/sha256:[0-9a-f]{12}/g, 'sha256:0123456789ab')
    .replaceAll(/(?<=\(replacing )[0-9a-f]{8}/g, '01234567');
