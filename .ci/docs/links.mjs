// Checks the built site, and the Markdown at the root: every page is whole and in the navigation, every link within the
// repository leads to a file, every anchor to a heading. Asks nobody: addresses elsewhere are not looked at.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { JSDOM } from 'jsdom';

const root = path.join(import.meta.dirname, '..', '..');
const site = path.join(root, 'site');
const { homepage } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const repository = homepage.replace(/#.*$/, '');

const problems = [];
const pages = new Map();
for (const file of await readdir(site, { recursive: true })) {
  if (!file.endsWith('.html') || file === '404.html') continue;
  const { document } = new JSDOM(await readFile(path.join(site, file), 'utf8')).window;
  pages.set(`/${file.replaceAll(path.sep, '/').replace(/(index)?\.html$/, '')}`, {
    ids: new Set([...document.querySelectorAll('[id]')].map(({ id }) => id)),
    links: [...document.querySelectorAll('.VPDoc a[href], .VPSidebar a[href]')].map((each) =>
      each.getAttribute('href'),
    ),
    sidebar: [...document.querySelectorAll('.VPSidebar a[href]')].map((each) => each.getAttribute('href')),
    isWhole: document.querySelector('.vp-doc h1') !== null,
  });
}
// Every page has the same navigation; where the site is served from is what all of its links begin with.
const sidebar = [...pages.values()][0]?.sidebar ?? [];
const base = sidebar.map((href) => href.match(/^\/[^/]+/)?.[0])[0] ?? '';
const inSite = (href) => {
  const [name, anchor] = href.slice(base.length).split('#');
  return {
    name: name.replace(/\.html$/, ''),
    anchor: anchor === undefined ? undefined : decodeURIComponent(anchor),
  };
};

const check = (from, href) => {
  if (href.startsWith(`${repository}/blob/main/`) || href.startsWith(`${repository}/edit/main/`)) {
    const file = href.slice(repository.length + '/blob/main/'.length).split('#')[0];
    if (!existsSync(path.join(root, file))) problems.push(`${from}: ${file} is not in the repository`);
    return;
  }
  if (/^[a-z]+:/i.test(href)) return;
  const { pathname, hash } = new URL(href, `https://site.test${base}${from}`);
  const { name, anchor } = inSite(`${pathname}${hash}`);
  const page = pages.get(name);
  if (page === undefined) problems.push(`${from}: there is no page ${href}`);
  else if (anchor !== undefined && anchor !== '' && !page.ids.has(anchor))
    problems.push(`${from}: ${name} has no anchor #${anchor}`);
};

let links = 0;
for (const [name, page] of pages) {
  if (!page.isWhole) problems.push(`${name}: the page was not rendered`);
  if (!sidebar.some((href) => inSite(href).name === name)) problems.push(`${name}: not in the navigation`);
  for (const href of new Set(page.links)) check(name, href);
  links += page.links.length;
}

// What stands at the root is read on GitHub alone.
for (const file of (await readdir(root)).filter((name) => name.endsWith('.md'))) {
  const text = (await readFile(path.join(root, file), 'utf8')).replaceAll(/^```[^]*?^```/gm, '');
  for (const [, href] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    links += 1;
    if (/^[a-z]+:/i.test(href)) continue;
    const [target, anchor] = href.split('#');
    if (target !== '' && !existsSync(path.join(root, target)))
      problems.push(`${file}: ${target} is not there`);
    const page = pages.get(`/${target.replace(/^docs\//, '').replace(/(index)?\.md$/, '')}`);
    if (anchor !== undefined && target.startsWith('docs/') && page?.ids.has(anchor) !== true)
      problems.push(`${file}: ${target} has no anchor #${anchor}`);
  }
}

for (const problem of problems) console.error(problem);
console.log(`${pages.size} pages, ${links} links, ${problems.length} of them wrong`);
process.exit(problems.length === 0 && pages.size > 20 ? 0 : 1);
