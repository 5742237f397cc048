/** The documentation as a site: `npm run site`. The Markdown stays as GitHub shows it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig, type DefaultTheme, type MarkdownOptions } from 'vitepress';
import { SITE } from '../../src/core/site.js';
import packageJson from '../../package.json' with { type: 'json' };

const root = path.join(import.meta.dirname, '..', '..');
const repository = packageJson.repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
const base = `${new URL(SITE).pathname}/`;

const page = (text: string, name: string): DefaultTheme.SidebarItem => ({ text, link: `/${name}` });
const part = (text: string, items: DefaultTheme.SidebarItem[]): DefaultTheme.SidebarItem => ({
  text,
  items,
});

const sidebar: DefaultTheme.SidebarItem[] = [
  part('Start', [
    page('What it is', ''),
    page('A first plan', 'start'),
    page('Installing', 'install'),
    page('From an organization', 'export'),
    page('From Terraform', 'from-terraform'),
    page('Compared with Terraform', 'comparison-terraform'),
  ]),
  part('Write', [
    page('Manifests', 'manifests'),
    page('Configuration and environments', 'configuration'),
    page('In an editor', 'editors'),
    page('Looking around', 'inspect'),
    page('Rules', 'rules'),
  ]),
  part('Plan and apply', [
    page('Plans and applies', 'plan-and-apply'),
    page('Preflight', 'preflight'),
    page('The graph', 'graph'),
    page('The state, and secrets', 'state'),
  ]),
  part('Run', [
    page('In CI, and the Action', 'ci'),
    page('Owners', 'owners'),
    page('Runs, status and logs', 'runs'),
    page('Many organizations', 'scale'),
    page('The sandbox', 'sandbox'),
  ]),
  part('Reference', [
    page('The command line', 'reference/cli'),
    page('Fields of manifests', 'reference/fields'),
    page('Fields of the configuration', 'reference/configuration'),
    page('Findings', 'findings'),
    page('As a library', 'library'),
  ]),
  part('Internals', [
    page('Architecture', 'architecture'),
    page('Dependencies', 'dependencies'),
    page('Testing', 'testing'),
    page('Performance', 'performance'),
    page('Staying current', 'current'),
    page('Releasing', 'releasing'),
  ]),
];

/** The anchors of GitHub, so that a link holds in both places. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

/** Where a link leads that leaves the folder: to the file on GitHub, which has to be there. */
const outside = (href: string, from: string): string | undefined => {
  if (!href.startsWith('.')) return undefined;
  const [file = '', anchor] = href.split('#');
  const target = path.posix.join('docs', path.posix.dirname(from), file);
  if (target.startsWith('docs/')) return undefined;
  if (!existsSync(path.join(root, target))) throw new Error(`${from}: ${href} leads nowhere`);
  return `${repository}/blob/main/${target}${anchor === undefined ? '' : `#${anchor}`}`;
};

type Markdown = Parameters<NonNullable<MarkdownOptions['config']>>[0];

const adapt = (markdown: Markdown): void => {
  markdown.core.ruler.push('as-on-github', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      // `${{ secrets.X }}` is GitHub's, and no template of the site.
      if (token.type === 'code_inline') token.attrSet('v-pre', '');
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      const address =
        href === null ? undefined : outside(href, (env as { readonly relativePath: string }).relativePath);
      if (address !== undefined) token.attrSet('href', address);
    }
  });
};

export default defineConfig({
  title: packageJson.name,
  description: packageJson.description,
  lang: 'en',
  base,
  cleanUrls: true,
  outDir: path.join(root, 'site'),
  cacheDir: path.join(root, 'node_modules/.cache/vitepress'),
  // No picture of its own, and no question for one.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  sitemap: { hostname: `${SITE}/` },
  markdown: { anchor: { slugify: anchorOf }, config: adapt },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Manifests', link: '/manifests' },
      { text: 'The Action', link: '/ci' },
      { text: 'Reference', link: '/reference/cli' },
    ],
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: repository }],
    editLink: { pattern: `${repository}/edit/main/docs/:path`, text: 'Change this page' },
    externalLinkIcon: true,
  },
});
