/** How pages look: light and dark, on a telephone, on paper. The security policy of a page names its digest. */

/** What is drawn in a colour, by classes that pages and pictures share. */
const painted: Readonly<Record<string, readonly string[]>> = {
  green: ['create', 'ok'],
  yellow: ['update', 'forget', 'errors', 'drifted', 'warning'],
  red: ['replace', 'delete', 'failed', 'gone', 'error'],
  cyan: ['adopt', 'move', 'running', 'never-ran'],
  grey: ['none', 'unchanged', 'off'],
};

const paints = Object.entries(painted)
  .map(
    ([colour, classes]) =>
      `${classes.map((name) => `.${name}`).join(', ')} { --fill: var(--${colour}-fill); --edge: var(--${colour}-edge); --ink: var(--${colour}-ink); }`,
  )
  .join('\n');

export const style = `
:root { color-scheme: light dark;
  --back: #ffffff; --raised: #f6f8fa; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --link: #0757ba;
  --green-fill: #dafbe1; --green-edge: #1a7f37; --green-ink: #0a3d1b;
  --yellow-fill: #fff8c5; --yellow-edge: #9a6700; --yellow-ink: #4d2d00;
  --red-fill: #ffebe9; --red-edge: #cf222e; --red-ink: #6e011a;
  --cyan-fill: #ddf4ff; --cyan-edge: #0969da; --cyan-ink: #0a3069;
  --grey-fill: #f6f8fa; --grey-edge: #818b98; --grey-ink: #25292e;
}
@media screen and (prefers-color-scheme: dark) {
  :root { --back: #0d1117; --raised: #161b22; --text: #e6edf3; --quiet: #9ba4ae; --line: #3d444d; --link: #79b8ff;
    --green-fill: #0f2a19; --green-edge: #3fb950; --green-ink: #a6f0b5;
    --yellow-fill: #2e2406; --yellow-edge: #d29922; --yellow-ink: #f2d98b;
    --red-fill: #35140f; --red-edge: #f85149; --red-ink: #ffc4bd;
    --cyan-fill: #0c2440; --cyan-edge: #4493f8; --cyan-ink: #b6d9ff;
    --grey-fill: #1c2128; --grey-edge: #7d8590; --grey-ink: #d1d7e0;
  }
}
${paints}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem 1rem 3rem; background: var(--back); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 0.75rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2rem 0 0.75rem; }
h2::first-letter { text-transform: uppercase; }
h3 { font-size: 1rem; line-height: 1.4; margin: 0; font-weight: 600; }
p, ul, ol { margin: 0.5rem 0; }
ul, ol { padding-left: 1.4rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, .wide:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, pre { font: 0.875em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
h3 code { font-weight: 600; }
code, bdi { unicode-bidi: isolate; }
summary { cursor: pointer; padding: 0.25rem 0; }
footer { margin-top: 2.5rem; color: var(--quiet); font-size: 0.875rem; }
.facts { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; margin: 0; }
.facts dt { color: var(--quiet); font-size: 0.8125rem; }
.facts dd { margin: 0; }
.card .facts { margin-top: 0.5rem; }
.lead { font-size: 1.1rem; font-weight: 600; margin: 1.5rem 0 0.5rem; }
.quiet { color: var(--quiet); font-size: 0.875rem; }
.counts { display: flex; flex-wrap: wrap; gap: 0.5rem; list-style: none; padding: 0; }
.counts li, .tag { background: var(--fill); color: var(--ink); border: 1px solid var(--edge); border-radius: 1rem; }
.counts li { padding: 0.15rem 0.75rem; }
.tag { font-size: 0.8125rem; font-weight: 600; padding: 0.05rem 0.55rem; white-space: nowrap; }
.alert { background: var(--fill); color: var(--ink); border-left: 4px solid var(--edge); border-radius: 4px;
  padding: 0.75rem 1rem; margin: 1rem 0; }
.alert h2 { margin: 0 0 0.25rem; font-size: 1.1rem; }
.alert a, .counts a { color: inherit; }
.findings { list-style: none; padding: 0; }
.findings > li { border-left: 4px solid var(--edge); padding: 0.25rem 0.75rem; margin: 0.75rem 0; }
.findings p { margin: 0.15rem 0; }
.card { border: 1px solid var(--line); border-left: 4px solid var(--edge); border-radius: 6px; padding: 0.75rem 1rem;
  margin: 0.75rem 0; scroll-margin-top: 0.5rem; }
.card:target { outline: 3px solid var(--link); outline-offset: 2px; }
.head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.25rem 0.6rem; }
.head p { margin: 0; }
.what { margin: 0.75rem 0 0.25rem; display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.15rem 0.5rem; }
.cause { display: inline-flex; flex-wrap: wrap; align-items: baseline; gap: 0.15rem 0.5rem; color: var(--quiet); font-size: 0.8125rem; }
.cause b { color: var(--text); font-weight: 600; }
.outside b, .both b { background: var(--yellow-fill); color: var(--yellow-ink); padding: 0 0.3rem; border-radius: 3px; }
pre { margin: 0.25rem 0; padding: 0.4rem 0; background: var(--raised); border-radius: 6px; white-space: pre-wrap; }
pre > * { display: block; position: relative; padding: 0 0.75rem 0 calc(0.75rem + 2ch); text-decoration: none; unicode-bidi: isolate; }
pre b { position: absolute; left: 0.75rem; font-weight: inherit; }
pre ins { background: var(--green-fill); color: var(--green-ink); }
pre del { background: var(--red-fill); color: var(--red-ink); }
.fields dt { margin-top: 0.4rem; }
.fields dd { margin: 0 0 0 1rem; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
.wide svg { display: block; margin: 0 auto; }
.wide .paper { fill: var(--back); }
.wide .box > g { fill: var(--fill); stroke: var(--edge); }
.wide .box text { fill: var(--ink); opacity: 1; }
.wide .omitted { fill: var(--quiet); }
.wide a:focus-visible { outline-offset: -2px; }
.wide a:hover .box > g { stroke-width: 3; }
@media print {
  :root { color-scheme: light; --back: #ffffff; --text: #000000; --link: #000000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .card, .findings > li { break-inside: avoid-page; }
  h2, .head { break-after: avoid; }
  .wide { overflow: visible; border: 0; }
  .wide svg { max-width: 100%; height: auto; }
  .counts li, .tag, .alert, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
