/** The webhook of an organization: its secret goes with every change, and it is switched by requests of its own. */
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/index.js';
import { ask } from '../support/ask.js';
import { killedAt } from '../support/killing.js';
import { workbench, type Workbench } from '../support/workbench.js';

const file = 'polytomic/webhook.yaml';
const SECRET = 'a-secret-of-the-webhook';
const manifest = (more = '', endpoint = 'https://hooks.example.com/polytomic'): string => `kind: Webhook
key: events
endpoint: ${endpoint}
secret: \${secret:WEBHOOK_SECRET}
${more}`;

const bench = async (text: string, more: Parameters<typeof workbench>[1] = {}): Promise<Workbench> => {
  const made = await workbench({ [file]: text }, more);
  made.environment['WEBHOOK_SECRET'] = SECRET;
  return made;
};

const applied = async (text: string): Promise<Workbench> => {
  const made = await bench(text);
  expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
  made.sandbox.clearRequests();
  return made;
};

const isEmpty = async (made: Workbench): Promise<void> => {
  expect(await made.cli('plan', '--detailed-exitcode')).toMatchObject({
    code: 0,
    out: expect.stringContaining('No changes.') as string,
    err: '',
  });
};

const writes = ({ sandbox }: Workbench): readonly (readonly [string, unknown])[] =>
  sandbox.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path: where, body }) => [`${method} ${where.replaceAll(/[0-9a-f-]{36}/g, 'ID')}`, body]);

const live = ({ sandbox }: Workbench): Readonly<Record<string, unknown>> => sandbox.list('webhooks')[0] ?? {};

const switched = async (made: Workbench, how: 'enable' | 'disable'): Promise<unknown> =>
  ask(made, 'POST', `webhooks/${String(made.sandbox.list('webhooks')[0]?.id)}/${how}`);

describe('a webhook', () => {
  it('is made, changed with its secret, and deleted; each plan after it is empty', async () => {
    const made = await bench(manifest());
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    await isEmpty(made);
    await made.write({ [file]: manifest('', 'https://hooks.example.com/other') });
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    await isEmpty(made);
    await made.write({ [file]: '# nothing\n---\nkind: Removed\nfrom: webhook.events\ndestroy: true\n' });
    const { out } = await made.cli('apply', '--yes');
    expect(out).toContain('nothing is told of events any more');
    expect(writes(made)).toEqual([
      ['POST /api/webhooks', { endpoint: 'https://hooks.example.com/polytomic', secret: SECRET }],
      ['PUT /api/webhooks/ID', { endpoint: 'https://hooks.example.com/other', secret: SECRET }],
      ['DELETE /api/webhooks/ID', undefined],
    ]);
    expect(made.sandbox.list('webhooks')).toEqual([]);
  });

  it('is sent a secret that changed, and says it nowhere', async () => {
    const made = await applied(manifest());
    made.environment['WEBHOOK_SECRET'] = 'another-secret-of-the-webhook';
    const { out, err } = await made.cli('apply', '--yes');
    expect(writes(made)).toEqual([
      [
        'PUT /api/webhooks/ID',
        { endpoint: 'https://hooks.example.com/polytomic', secret: 'another-secret-of-the-webhook' },
      ],
    ]);
    await isEmpty(made);
    const state = await made.read('.polytomic/state/default.json');
    for (const text of [out, err, state]) expect(text).not.toMatch(/a-secret-of|another-secret-of/);
  });

  it('is switched off and on by requests of its own, after it is made and alone', async () => {
    const made = await bench(manifest('disabled: true\n'));
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    await isEmpty(made);
    await made.write({ [file]: manifest('disabled: false\n') });
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    await isEmpty(made);
    expect(writes(made).map(([call]) => call)).toEqual([
      'POST /api/webhooks',
      'POST /api/webhooks/ID/disable',
      'POST /api/webhooks/ID/enable',
    ]);
    expect(live(made)).toMatchObject({ disabled: false });
  });

  it('is left off or on where the manifest is silent, through a change of the rest', async () => {
    const made = await applied(manifest());
    await switched(made, 'disable');
    made.sandbox.clearRequests();
    await isEmpty(made);
    await made.write({ [file]: manifest('', 'https://hooks.example.com/other') });
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(live(made)).toMatchObject({ disabled: true, endpoint: 'https://hooks.example.com/other' });
    await isEmpty(made);
  });

  it.each([
    [
      'its endpoint',
      async (made: Workbench) => {
        const { id } = made.sandbox.list('webhooks')[0]!;
        made.sandbox.edit('webhooks', id, { endpoint: 'https://mallory.example.com' });
        return Promise.resolve();
      },
      'endpoint',
    ],
    ['being switched off', async (made: Workbench) => switched(made, 'disable'), 'disabled'],
  ])('drifts by %s, and the next apply brings it back', async (_what, change, shown) => {
    const made = await applied(manifest('disabled: false\n'));
    await change(made);
    const drift = await made.cli('drift');
    expect([drift.code, drift.out]).toEqual([2, expect.stringContaining(shown)]);
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(live(made)).toMatchObject({ endpoint: 'https://hooks.example.com/polytomic', disabled: false });
    await isEmpty(made);
  });

  it('that lives is adopted: an organization has one', async () => {
    const made = await bench(manifest());
    await ask(made, 'POST', 'webhooks', { endpoint: 'https://old.example.com', secret: 'old' });
    const { out } = await made.cli('--json', 'plan');
    const [change] = (JSON.parse(out) as { readonly plan: Plan }).plan.changes;
    expect(change).toMatchObject({
      action: 'adopt',
      reasons: ['an organization has one, which lives', 'differs from the manifest'],
    });
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(made.sandbox.list('webhooks')).toHaveLength(1);
    expect(live(made)).toMatchObject({ endpoint: 'https://hooks.example.com/polytomic', secret: SECRET });
    await isEmpty(made);
  });

  it('a second time is a finding at its line', async () => {
    const made = await bench(`${manifest()}---\n${manifest().replace('key: events', 'key: more')}`);
    const { code, err } = await made.cli('validate');
    expect(code).toBe(1);
    expect(err).toContain('webhook.yaml:6:1');
    expect(err).toContain('an organization has one webhook, and webhook.events stands for it already');
  });

  it.each([
    ['endpoint: hooks.example.com', 'endpoint'],
    ['endpoint: ftp://hooks.example.com', 'endpoint'],
    ['endpoint: http://hooks.example.com', 'events would go to this address in clear'],
    ['secret: "********"', 'secret is a mask, not a value'],
    ['secret: in-clear', 'secret holds a secret in clear'],
    ['disabled: off', 'disabled must be true or false'],
    ['disabled_at: 2026-01-01', 'unknown field "disabled_at"'],
  ])('of which the manifest says %s is a finding at its line', async (line, message) => {
    const text = manifest('disabled: true\n');
    const [name = ''] = line.split(':');
    const made = await bench(
      new RegExp(`^${name}:.*$`, 'm').test(text)
        ? text.replace(new RegExp(`^${name}:.*$`, 'm'), line)
        : `${text}${line}\n`,
    );
    const { err } = await made.cli('validate');
    expect(err).toMatch(/webhook\.yaml:[345]|webhook\.yaml:6/);
    expect(err).toContain(message);
  });

  it('without its secret is a finding', async () => {
    const made = await bench(manifest().replace(/^secret.*\n/m, ''));
    const { code, err } = await made.cli('validate');
    expect([code, err]).toEqual([1, expect.stringContaining('secret')]);
  });

  it('is exported, and the plan of the export is empty; the secret is a name', async () => {
    const made = await applied(manifest('disabled: true\n'));
    await rm(path.join(made.root, 'polytomic'), { recursive: true });
    const { code, out, err } = await made.cli('export', '--force');
    expect([code, err]).toEqual([0, '']);
    const text = await made.read('polytomic/webhooks/events.yaml');
    expect(text).toContain('kind: Webhook\nkey: events\nendpoint: https://hooks.example.com/polytomic\n');
    expect(text).toContain('secret: ${secret:EVENTS_SECRET}\ndisabled: true\n');
    expect(out).not.toContain(SECRET);
    expect(await made.cli('plan', '--detailed-exitcode', '--without-secrets')).toMatchObject({
      code: 0,
      err: '',
    });
  });

  it('whose secret an answer shows in clear gives it away nowhere', async () => {
    const made = await applied(manifest());
    await rm(path.join(made.root, 'polytomic'), { recursive: true });
    const answer = { data: [{ ...live(made), secret: 'an-older-secret-that-lives' }] };
    made.sandbox.failNext({
      method: 'GET',
      path: /webhooks/,
      status: 200,
      body: JSON.stringify(answer),
    });
    const { out, err } = await made.cli('export', '--force', '--trace-http', 'trace.har');
    const all = await readdir(made.root, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      all
        .filter((entry) => entry.isFile())
        .map(async (entry) => readFile(path.join(entry.parentPath, entry.name), 'utf8')),
    );
    expect(await made.read('trace.har')).toContain('/api/webhooks');
    expect(await made.read('polytomic/webhooks/events.yaml')).toContain('${secret:');
    for (const text of [out, err, ...texts]) expect(text).not.toContain('an-older-secret');
  });

  it('that is refused, or not seen by the key, leaves everything else alone', async () => {
    const made = await workbench({});
    made.sandbox.failNext({ method: 'GET', path: /webhooks/, status: 403, times: 9 });
    const { code, out } = await made.cli('export');
    expect(code).toBe(0);
    expect(out).toContain('since the key may not see them:\n  webhooks (403)');
    const other = await bench(manifest());
    other.sandbox.failNext({ method: 'GET', path: /webhooks/, status: 403, times: 9 });
    expect(await other.cli('plan')).toMatchObject({
      code: 1,
      err: expect.stringContaining('reading the list of webhooks') as string,
    });
  });

  it.each([
    ['POST', /webhooks$/, false],
    ['POST', /webhooks$/, true],
    ['POST', /disable$/, false],
    ['POST', /disable$/, true],
  ])(
    'is settled by the next apply where a run was killed at %s %s (done: %s)',
    async (method, where, afterEffect) => {
      const made = await bench(manifest('disabled: true\n'), { real: true });
      await killedAt(made, { method, path: where, afterEffect }, 'apply', '--yes');
      expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0 });
      expect(made.sandbox.list('webhooks')).toHaveLength(1);
      expect(live(made)).toMatchObject({ disabled: true, secret: SECRET });
      await isEmpty(made);
    },
  );

  it.each(['2022-12-12', '2024-02-08'])('is the same in version %s', async (version) => {
    const made = await bench(manifest('disabled: true\n'));
    await made.write({ 'polytomic.config.yaml': `version: '${version}'\n` });
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    await isEmpty(made);
    expect(live(made)).toMatchObject({ disabled: true });
  });
});
