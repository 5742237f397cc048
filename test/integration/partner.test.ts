/** A partner: one key for many organizations, each an environment of its own. */
import { describe, expect, it } from 'vitest';
import { isJsonArray, objectsIn, type JsonObject } from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';
import { filesIn } from '../support/examples.js';
import { workbench, type Workbench } from '../support/workbench.js';

const SECRETS = { SHOP_PASSWORD: 'a', WAREHOUSE_PASSWORD: 'b', SOUTH_CLIENT_SECRET: 'a-secret-of-south' };

const example = async (more: Parameters<typeof workbench>[1] = {}): Promise<Workbench> => {
  const bench = await workbench(await filesIn('examples/partner'), { partner: true, ...more });
  Object.assign(bench.environment, SECRETS);
  return bench;
};

/** What the partner sees, within an organization or in the account. */
const see = async ({ sandbox }: Workbench, path: string, within?: string): Promise<readonly JsonObject[]> => {
  const credential =
    within === undefined
      ? `Bearer ${sandbox.partnerKey}`
      : `Basic ${Buffer.from(`${within}:${sandbox.partnerKey}`).toString('base64')}`;
  const response = await fetch(`${sandbox.url}/api/${path}`, {
    headers: { authorization: credential, 'x-polytomic-version': '2025-09-18' },
  });
  const { data } = (await response.json()) as JsonObject;
  return isJsonArray(data) ? objectsIn(data) : objectsIn([data ?? null]);
};

const idOf = async (bench: Workbench, name: string): Promise<string> =>
  asText((await see(bench, 'organizations')).find((each) => each['name'] === name)?.['id']);

const manifests = (text: string, organization?: string): Readonly<Record<string, string>> => ({
  'polytomic.config.yaml': `manifests: [polytomic.yaml]\n${organization === undefined ? '' : `organization: ${organization}\n`}`,
  'polytomic.yaml': text,
});

const made = 'kind: Organization\nkey: north\nname: North\n';

const run = async (bench: Workbench, ...args: readonly string[]): Promise<void> => {
  const { code, err } = await bench.cli(...args);
  expect([code, err]).toEqual([0, '']);
};

describe('the example of a partner', () => {
  it('is planned, what cannot be known yet is said, and applied in one run', async () => {
    const bench = await example();
    const { code, out, err } = await bench.cli('--env', 'all', 'plan', '--detailed-exitcode');
    expect(code).toBe(2);
    expect(out).toContain('── account ──');
    expect(err.match(/organization "(North|South)" is not there yet/g)).toHaveLength(2);
    expect(err).not.toContain('error');
    await run(bench, '--env', 'all', 'apply', '--yes');
    await run(bench, '--env', 'all', 'plan', '--detailed-exitcode');
    await run(bench, '--env', 'all', 'drift', '--strict');
    for (const name of ['North', 'South']) {
      const connections = await see(bench, 'connections', await idOf(bench, name));
      expect(connections.map((each) => each['name']).toSorted()).toEqual(['Shop', 'Warehouse']);
      expect(
        connections.find((each) => each['name'] === 'Warehouse')?.['parent_connection_id'],
      ).toBeDefined();
    }
  });

  it('acts in each organization by its id, and names it in bodies that take it', async () => {
    const bench = await example();
    await run(bench, '--env', 'all', 'apply', '--yes');
    const north = await idOf(bench, 'North');
    const inNorth = bench.sandbox.requests.filter(({ organization }) => organization === north);
    const basic = `Basic ${Buffer.from(`${north}:${bench.sandbox.partnerKey}`).toString('base64')}`;
    expect(new Set(inNorth.map(({ headers }) => headers['authorization']))).toEqual(new Set([basic]));
    const posted = Object.fromEntries(
      inNorth
        .filter(({ method }) => method === 'POST')
        .map(({ path, body }) => [path, (body as JsonObject)['organization_id']]),
    );
    // A sync takes none (api.md, 6.1).
    expect(posted).toEqual({ '/api/connections': north, '/api/models': north, '/api/syncs': undefined });
  });

  it('keeps a state for each, and refuses that of one for another', async () => {
    const bench = await example();
    await run(bench, '--env', 'all', 'apply', '--yes');
    await bench.write({
      '.polytomic/state/south.json': await bench.read('.polytomic/state/north.json'),
    });
    const { code, err } = await bench.cli('--env', 'south', 'plan');
    expect([code, err]).toEqual([1, expect.stringContaining('the state belongs to organization')]);
    expect(err).toContain('("North"), and the API key to');
  });

  it('takes a connection back from one alone, where its manifest goes', async () => {
    const bench = await example();
    await run(bench, '--env', 'account', 'apply', '--yes');
    const text = await bench.read('account/warehouse.yaml');
    await bench.write({ 'account/warehouse.yaml': text.split('---\n').slice(0, 2).join('---\n') });
    await run(bench, '--env', 'account', 'apply', '--yes');
    const connectionsOf = async (name: string): Promise<number> =>
      (await see(bench, 'connections', await idOf(bench, name))).length;
    expect([await connectionsOf('North'), await connectionsOf('South')]).toEqual([1, 0]);
    await run(bench, '--env', 'account', 'plan', '--detailed-exitcode');
  });

  it('shares another one in its place, and takes the old one back before its connection goes', async () => {
    const bench = await example();
    const connection = (key: string): string =>
      `kind: Connection\nkey: ${key}\nname: ${key}\ntype: mysql\nconfiguration: { hostname: h, account: a, passwd: '\${secret:SHOP_PASSWORD}', dbname: d }\n`;
    const share = (key: string): string =>
      `kind: SharedConnection\nkey: of-north\nconnection: ${key}\norganization: north\n`;
    const files = (...texts: readonly string[]): Readonly<Record<string, string>> => ({
      'account/warehouse.yaml': texts.join('---\n'),
    });
    await bench.write(files(connection('first'), connection('second'), share('first')));
    await run(bench, '--env', 'account', 'apply', '--yes');
    await bench.write(files(connection('second'), share('second')));
    await run(bench, '--env', 'account', 'apply', '--yes', '--max-deletes', '9');
    const north = await idOf(bench, 'North');
    expect((await see(bench, 'connections', north)).map(({ name }) => name)).toEqual(['second']);
    await run(bench, '--env', 'account', 'plan', '--detailed-exitcode');
  });

  it('shares once, though the answer is lost', async () => {
    const bench = await example();
    bench.sandbox.failNext({ method: 'POST', path: /shared$/, drop: 'before', afterEffect: true, times: 2 });
    const first = await bench.cli('--env', 'account', 'apply', '--yes');
    if (first.code !== 0) await run(bench, '--env', 'account', 'apply', '--yes');
    await run(bench, '--env', 'account', 'plan', '--detailed-exitcode');
    for (const name of ['North', 'South'])
      expect(await see(bench, 'connections', await idOf(bench, name))).toHaveLength(1);
  });
});

describe('which organization is meant', () => {
  const plain = 'kind: Role\nkey: a\nname: A\n';

  it('has to be said, and may be by its id', async () => {
    const bench = await workbench(manifests(plain), { partner: true });
    const unsaid = await bench.cli('plan');
    expect([unsaid.code, unsaid.err]).toEqual([
      1,
      expect.stringContaining('the key acts in many organizations, and nothing says which is meant'),
    ]);
    expect(unsaid.err).toContain('"Sandbox"');
    await bench.write(manifests(plain, 'Sandbocks'));
    expect((await bench.cli('plan')).err).toContain('did you mean "Sandbox"?');
    await bench.write(manifests(plain, bench.sandbox.organization.id));
    await run(bench, 'apply', '--yes');
    expect((await bench.cli('whoami')).out).toContain('key of:       a partner');
  });

  it('is enough where a key is known in an organization alone', async () => {
    const bench = await workbench({}, { partner: true });
    await bench.write(manifests(plain, bench.sandbox.organization.id));
    bench.sandbox.failNext({ path: /^\/api\/me$/, status: 401 });
    await run(bench, 'apply', '--yes');
    bench.sandbox.failNext({ path: /^\/api\/me$/, status: 401, times: 2 });
    expect((await bench.cli('plan')).err).toContain('in organization');
  });

  it('is nobody else’s: an id that the key does not see is refused', async () => {
    const bench = await workbench(manifests(plain, '00000000-0000-4000-8000-000000000000'), {
      partner: true,
    });
    const { code, err } = await bench.cli('plan');
    expect([code, err]).toEqual([1, expect.stringContaining('not found')]);
  });

  it('cannot be told by two keys at once', async () => {
    const bench = await workbench(manifests(plain));
    bench.environment['POLYTOMIC_DEPLOYMENT_KEY'] = 'another';
    expect((await bench.cli('plan')).err).toContain(
      'POLYTOMIC_API_KEY and POLYTOMIC_DEPLOYMENT_KEY are both set',
    );
  });
});

describe('organizations', () => {
  const applied = async (text: string): Promise<Workbench> => {
    const bench = await workbench(manifests(text, 'Sandbox'), { partner: true });
    bench.environment['IDP'] = 'a-secret-of-the-provider';
    await run(bench, 'apply', '--yes');
    bench.sandbox.clearRequests();
    return bench;
  };
  const signed = (name: string, more = ''): string =>
    `kind: Organization\nkey: north\nname: ${name}\nissuer: https://login.example.com\n${more}`;
  const secret = 'client_id: polytomic\nclient_secret: ${secret:IDP}\n';

  it('need the key of a partner, and say so at the line', async () => {
    const bench = await workbench(manifests(made));
    const { code, err } = await bench.cli('plan');
    expect([code, err]).toEqual([
      1,
      expect.stringContaining(
        'polytomic.yaml:1:1\n  error: organizations are looked after with the key of a partner',
      ),
    ]);
  });

  it('are managed in the partner’s own alone', async () => {
    const bench = await applied(made);
    await bench.write({ ...manifests(made, 'North'), '.polytomic/state/default.json': '' });
    await bench.remove('.polytomic/state/default.json');
    expect((await bench.cli('plan')).err).toContain(
      'organizations are managed in the partner\'s own organization, "Sandbox", and this run is for "North"',
    );
  });

  it('are changed as a whole, the secret of the provider with each change', async () => {
    const bench = await applied(signed('North', secret));
    await run(bench, 'plan', '--detailed-exitcode');
    await run(bench, 'drift', '--strict');
    await bench.write({ 'polytomic.yaml': signed('North Sea', secret) });
    await run(bench, 'apply', '--yes');
    const puts = bench.sandbox.requests.filter(({ method }) => method === 'PUT');
    expect(puts.map(({ body }) => body)).toEqual([
      {
        name: 'North Sea',
        issuer: 'https://login.example.com',
        client_id: 'polytomic',
        client_secret: 'a-secret-of-the-provider',
      },
    ]);
  });

  it.each(['name', 'issuer', 'sso_domain', 'sso_org_id'])('are seen to drift in %s', async (field) => {
    const whole = {
      name: 'North',
      issuer: 'https://login.example.com',
      sso_domain: 'n.example.com',
      sso_org_id: 'o',
    };
    const said = Object.entries(whole).map(([name, value]) => `${name}: ${value}\n`);
    const bench = await applied(`kind: Organization\nkey: north\n${said.join('')}${secret}`);
    const id = await idOf(bench, 'North');
    const response = await fetch(`${bench.sandbox.url}/api/organizations/${id}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${bench.sandbox.partnerKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...whole, [field]: `${whole[field as 'name']}x` }),
    });
    expect(response.status).toBe(200);
    const drift = await bench.cli('drift');
    expect([drift.code, drift.out]).toEqual([2, expect.stringContaining(`${field}: `)]);
    await run(bench, 'apply', '--yes');
    expect((await see(bench, 'organizations')).find((each) => each['id'] === id)).toMatchObject(whole);
  });

  it('lose no secret that nobody speaks of', async () => {
    const bench = await applied(signed('North', secret));
    await bench.write({ 'polytomic.yaml': signed('North', 'sso_domain: north.example.com\n') });
    await bench.remove('.polytomic/state/default.json');
    expect((await bench.cli('plan')).err).toContain('an update would lose the live secret /client_secret');
  });

  it('are deleted only where it is asked for, and never the own one', async () => {
    const bench = await applied(made);
    const other = 'kind: Role\nkey: a\nname: A\n';
    await bench.write({ 'polytomic.yaml': other });
    const gone = await bench.cli('plan');
    expect([gone.code, gone.err]).toEqual([
      1,
      expect.stringContaining('organization.north would be deleted since its manifest is gone'),
    ]);
    expect(gone.err).toContain('all that is in it goes with it');
    await bench.write({
      'polytomic.yaml': `${other}---\nkind: Removed\nfrom: organization.north\ndestroy: true\n`,
    });
    await run(bench, 'apply', '--yes');
    expect((await see(bench, 'organizations')).map(({ name }) => name)).toEqual(['Sandbox']);
    await bench.write({ 'polytomic.yaml': 'kind: Organization\nkey: own\nname: Sandbox\n' });
    await run(bench, 'apply', '--yes', '--max-deletes', '1');
    await bench.write({
      'polytomic.yaml': `${other}---\nkind: Removed\nfrom: organization.own\ndestroy: true\n`,
    });
    expect((await bench.cli('plan')).err).toContain('it is the one that this run is at work in');
  });

  it('are exported from the partner’s own, and from no other', async () => {
    const bench = await applied(made);
    await bench.remove('polytomic.yaml');
    await bench.remove('.polytomic/state/default.json');
    await bench.write({
      'polytomic.config.yaml': 'manifests: [polytomic/**/*.yaml]\norganization: Sandbox\n',
    });
    await run(bench, 'export');
    expect(await bench.read('polytomic/organizations/north.yaml')).toContain('name: North');
    await run(bench, 'plan', '--detailed-exitcode');
    await bench.remove('polytomic/organizations/north.yaml');
    await bench.remove('.polytomic/state/default.json');
    await bench.write({ 'polytomic.config.yaml': 'manifests: [polytomic/**/*.yaml]\norganization: North\n' });
    expect((await bench.cli('export')).out).not.toContain('organization.');
  });
});
