/** Pull requests of strangers, and manifests that mean no good. */
import { access } from 'node:fs/promises';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { established, team, teamSecrets, type Team } from '../support/team.js';
import type { ActionRun } from '../support/runner.js';
import { shop } from '../support/workbench.js';

const fork = 'mallory/data';

const everything = (run: ActionRun, { github }: Team): string =>
  [
    run.log,
    run.summary,
    JSON.stringify([run.outputs, run.files, run.annotations]),
    ...github.comments.map(({ body }) => body),
  ].join('\n');

const manifest = (name: string, more = ''): string =>
  `kind: Connection\nkey: c\nname: ${JSON.stringify(name)}\ntype: postgresql\nconfiguration: { hostname: h, database: d, username: u }\n${more}`;

describe('a pull request from a fork', () => {
  it('is checked by itself where there is no key', async () => {
    const acme = await established(shop, { real: true });
    const number = await acme.propose('rename', { 'polytomic/c.yaml': manifest('C') }, fork);
    const before = acme.sandbox.requests.length;
    const run = await acme.plan(number, {
      token: acme.github.tokens.readOnly,
      inputs: { 'api-key': '', secrets: '' },
    });
    expect(run.code).toBe(0);
    expect(run.log).toContain('5 resources valid.');
    expect(run.annotations[0]?.message).toContain('Without an API key there is no plan');
    expect(acme.sandbox.requests).toHaveLength(before);
  });

  it('is planned with a key, gets no secrets, and its plan says what it could not compare', async () => {
    const acme = await established(shop, { real: true });
    const number = await acme.propose(
      'port',
      { 'polytomic/connections.yaml': shop['polytomic/connections.yaml']!.replace('5432', '5433') },
      fork,
    );
    const run = await acme.plan(number, { token: acme.github.tokens.readOnly });
    expect(run.code).toBe(0);
    expect(run.summary).toContain('`configuration.password` cannot be compared with the live secret');
    expect(acme.github.comments).toEqual([]);
    expect(run.annotations[0]?.message).toContain('The token may not write comments');
    const seen = everything(run, acme);
    for (const secret of Object.values(teamSecrets)) expect(seen).not.toContain(secret);
  });
});

describe('a manifest cannot', () => {
  it.each([
    ['a name', manifest('${secret:DB_PASSWORD}')],
    ['a name, as a plain value', manifest('${env:DB_PASSWORD}')],
    ['the token of the runner', manifest('${env:GITHUB_TOKEN}')],
    ['an input of the Action', manifest('${env:INPUT_SECRETS}')],
    ['all secrets at once', manifest('C').replace('hostname: h', 'password: "${secret:INPUT_SECRETS}"')],
    ['the API key', manifest('C').replace('hostname: h', 'password: "${secret:POLYTOMIC_API_KEY}"')],
    ['the token', manifest('C').replace('hostname: h', 'password: "${secret:github_token}"')],
    ['a host', manifest('C').replace('hostname: h', 'hostname: "${secret:DB_PASSWORD}.example.com"')],
  ])('put a secret into %s', async (_place, text) => {
    const acme = await team({ 'README.md': '' }, { real: true });
    const run = await acme.plan(await acme.propose('c', { 'polytomic/c.yaml': text }));
    const seen = everything(run, acme);
    for (const secret of Object.values(teamSecrets)) expect(seen).not.toContain(secret);
    expect(acme.sandbox.requests.map((request) => JSON.stringify(request)).join()).not.toContain('canary');
  });

  it.each([
    [
      'the key to a stranger',
      'url: https://evil.example.com\n',
      'the configuration file sends the API key to evil.example.com',
    ],
    [
      'the state to a stranger',
      'state: git\nstateRemote: https://evil.example.com/x.git\n',
      'is not the name of a remote',
    ],
    [
      'a command to Git',
      'state: git\nstateRemote: "ext::sh -c touch% pwned"\n',
      'is not the name of a remote',
    ],
  ])('send %s by its configuration file', async (_what, config, message) => {
    const acme = await team({ 'README.md': '' }, { real: true });
    const number = await acme.propose('c', {
      'polytomic.config.yaml': config,
      'polytomic/c.yaml': manifest('C'),
    });
    const checkout = await acme.repository.checkoutMerge(number);
    const run = await acme.plan(number);
    expect(run.code).toBe(1);
    expect(run.annotations.map((each) => each.message).join('\n')).toContain(message);
    await expect(access(`${checkout.folder}/pwned`)).rejects.toThrow('ENOENT');
  });

  it('allow itself to show a secret; what the base branch allows counts', async () => {
    const shown = manifest('C').replace('hostname: h', 'hostname: "${secret:DB_PASSWORD}.example.com"');
    const config = { 'polytomic.config.yaml': 'allowSecrets: [connection.c/configuration/hostname]\n' };
    const acme = await team({ 'README.md': '' }, { real: true });
    const proposed = await acme.propose('c', { ...config, 'polytomic/c.yaml': shown });
    const refused = await acme.plan(proposed);
    expect(refused.code).toBe(1);
    expect(refused.annotations.map(({ message }) => message).join('\n')).toContain(
      'which Polytomic shows to everybody who may read the connection',
    );
    // The rule was merged by somebody: what comes after may use it.
    const allowing = await team({ 'README.md': '', ...config }, { real: true });
    const used = await allowing.plan(await allowing.propose('c', { 'polytomic/c.yaml': shown }));
    expect(used.code).toBe(0);
    expect(used.annotations.map(({ level, message }) => [level, message])).toContainEqual([
      'warning',
      expect.stringContaining('allowSecrets says so'),
    ]);
    expect(everything(used, allowing)).not.toContain('canary');
  });

  it('bring a dotenv file along', async () => {
    const acme = await team({ 'README.md': '' }, { real: true });
    const number = await acme.propose('c', {
      '.env': 'POLYTOMIC_API_KEY=theirs\nPOLYTOMIC_URL=https://evil.example.com\nNAME=mine\n',
      'polytomic/c.yaml': manifest('${env:NAME}'),
    });
    const run = await acme.plan(number, { inputs: { 'api-key': '', 'api-url': '' } });
    expect(run.code).toBe(1);
    expect(run.annotations.map((each) => each.message).join('\n')).toContain(
      'the environment has no variable NAME',
    );
  });

  const hostile = [
    '::set-output name=x::y',
    '\n::add-mask::Plan',
    '##[add-mask]Plan',
    '\r::stop-commands::x',
    '%0A::error::x',
    '@acme/owners @ana',
    '#1 GH-1 acme/data#2',
    '<script>alert(1)</script><img src=x onerror=alert(1)>',
    '</summary></details><b>x</b>',
    '--> <!-- polytomic-gitops:plan:x y.z -->',
    '[x](javascript:alert(1)) ![x](https://evil.example.com/pixel.png)',
    'https://evil.example.com www.evil.example.com',
    '``` ```` ` | \\| *x* _x_ ~~x~~',
    '\u001b[31mred\u001b[0m \u0007 \u202e reversed',
  ];

  it('do anything by the names that it gives', async () => {
    const acme = await established(shop, { real: true });
    const files = Object.fromEntries(
      hostile.map((name, index) => [
        `polytomic/h${index}.yaml`,
        manifest(name)
          .replace('key: c', `key: h${index}`)
          .replace('database: d', `database: ${JSON.stringify(name)}`),
      ]),
    );
    const run = await acme.plan(await acme.propose('hostile', files));
    expect(run.code).toBe(0);
    // Only the Action's own commands.
    expect(new Set(run.commands)).toEqual(new Set(['add-mask']));
    expect(run.masks).not.toContain('Plan');
    expect(Object.keys(run.outputs)).not.toContain('x');
    const shown = [run.log, run.summary, acme.github.comments[0]?.body].join().replaceAll('\n', '');
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const [comment] = acme.github.comments;
    const html = micromark(comment?.body ?? '', {
      allowDangerousHtml: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    });
    const outside = html
      .replaceAll(/<pre>[^]*?<\/pre>/g, '')
      .replaceAll(/<code>[^<]*<\/code>/g, '')
      .replaceAll(/<!--[^]*?-->/g, '');
    expect(outside).not.toMatch(/@(acme|ana)|#\d|<script|<img|onerror|evil\.example|javascript:/);
    expect([...outside.matchAll(/<a href="([^"]*)"/g)].map(([, href]) => new URL(href!).host)).toSatisfy(
      (hosts: string[]) => hosts.every((host) => host === 'github.test'),
    );
    expect((html.match(/<details/g) ?? []).length).toBe((html.match(/<\/details>/g) ?? []).length);
    expect(html.match(/<!--/g)).toHaveLength(1);
  });

  it('do anything by its findings', async () => {
    const acme = await team({ 'README.md': '' }, { real: true });
    const text = hostile
      .map(
        (name, index) =>
          `kind: Model\nkey: m${index}\nname: M\nconnection: ${JSON.stringify(name)}\n${JSON.stringify(name)}: 1\n`,
      )
      .join('---\n');
    const run = await acme.plan(await acme.propose('hostile', { 'polytomic/m.yaml': text }));
    expect(run.code).toBe(1);
    expect(new Set(run.commands)).toEqual(new Set(['add-mask', 'error']));
    expect(run.masks).not.toContain('Plan');
    const html = micromark(acme.github.comments[0]?.body ?? '', {
      allowDangerousHtml: true,
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    });
    const outside = html.replaceAll(/<code>[^<]*<\/code>/g, '').replaceAll(/<!--[^]*?-->/g, '');
    // Of the addresses, only those of this repository and of the pages of findings.
    const strange =
      /href="(?!https:\/\/github\.test\/|https:\/\/polytomic\.github\.io\/polytomic-gitops\/findings#[a-z-]+")/;
    expect(outside).not.toMatch(/@(acme|ana)|[^&]#\d|<script|<img|<b>/);
    expect(outside).not.toMatch(strange);
  });
});
