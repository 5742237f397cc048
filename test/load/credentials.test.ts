/** What a manifest may not read out of the environment, and where a secret may not stand. */
import { describe, expect, it } from 'vitest';
import { credentialIn, isCredentialName, isReserved } from '../../src/load/credentials.js';
import { shop, workbench, type Workbench } from '../support/workbench.js';

describe('a name', () => {
  it.each([
    'INPUT_SECRETS',
    'INPUT_API-KEY',
    'GITHUB_TOKEN',
    'github_token',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'RUNNER_TEMP',
    'POLYTOMIC_API_KEY',
    'Polytomic_Api_Key',
    'NODE_OPTIONS',
    'npm_config__auth',
    'GIT_SSH_COMMAND',
    'CI_JOB_TOKEN',
    'PATH',
  ])('%s is one of the runner or of this tool', (name) => {
    expect(isReserved(name)).toBe(true);
  });

  it.each(['DB_PASSWORD', 'WAREHOUSE_HOST', 'GITHUB', 'MY_GITHUB_ORG', 'DIGIT_SUM', 'CITY', 'PATHS'])(
    '%s is anybody’s',
    (name) => {
      expect(isReserved(name)).toBe(false);
    },
  );

  it.each([
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'API_TOKEN',
    'STRIPE_APIKEY',
    'DB_PWD',
    'SENTRY_DSN',
    'DB_PASSPHRASE',
  ])('%s is that of a credential', (name) => {
    expect(isCredentialName(name)).toBe(true);
  });

  it.each(['SCHEMA', 'WAREHOUSE_HOST', 'KEY_FIELD', 'PATTERN', 'COMPASS_URL', 'TOKENS_TABLE'])(
    '%s is none of a credential',
    (name) => {
      expect(isCredentialName(name)).toBe(false);
    },
  );
});

describe('a value', () => {
  const long = 'abcdefghij0123456789ABCDEFGHIJ0123456789';
  it.each([
    'postgres://app:hunter22@db.example.com/app',
    'https://:token123@host/x',
    '-----BEGIN RSA PRIVATE KEY-----\nMIIE',
    `key AKIAIOSFODNN7EXAMPLE`,
    `ghp_${long}`,
    `github_pat_${long}`,
    `glpat-${long}`,
    `xoxb-${long}`,
    `AIza${long.slice(0, 35)}`,
    `npm_${long}`,
    `sk_live_${long}`,
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.sig',
    'Server=db;Database=app;Password=hunter22;',
    'DefaultEndpointsProtocol=https;AccountKey=abc==;',
    '{"type": "service_account", "private_key_id": "1", "private_key": "x"}',
  ])('like %s is a credential', (value) => {
    expect(credentialIn(value)).toBeTypeOf('string');
  });

  it.each([
    '',
    'db.example.com',
    'https://example.com/a?b=c',
    'https://user@example.com',
    'mailto:a@b',
    'SELECT * FROM passwords WHERE id = 1',
    'a:b@c',
    'jdbc:postgresql://host:5432/db',
    long,
  ])('like "%s" is none', (value) => {
    expect(credentialIn(value)).toBeUndefined();
  });
});

/** A connection with one field to be filled. */
const connection = (field: string, value: string, type = 'postgresql'): string =>
  `kind: Connection\nkey: c\nname: C\ntype: ${type}\nconfiguration:\n  database: d\n  ${field}: ${JSON.stringify(value)}\n`;

const bench = async (text: string, config = ''): Promise<Workbench> => {
  const made = await workbench({
    'polytomic/c.yaml': text,
    ...(config === '' ? {} : { 'polytomic.config.yaml': config }),
  });
  Object.assign(made.environment, {
    SECRET_HOST: 'canary-4711',
    AWS_ACCESS_KEY_ID: 'canary-4711',
    CONNECTION: 'postgres://a:canary-4711@h/d',
  });
  return made;
};

const seen = async (made: Workbench, ...args: readonly string[]): Promise<string> => {
  const { code, out, err } = await made.cli(...args);
  const everything = `${code}\n${out}\n${err}`;
  expect(everything + JSON.stringify(made.sandbox.requests)).not.toContain('canary-4711');
  return everything;
};

describe('a manifest', () => {
  it.each([
    ['secret', 'POLYTOMIC_API_KEY'],
    ['secret', 'INPUT_SECRETS'],
    ['env', 'POLYTOMIC_API_KEY'],
    ['env', 'GITHUB_TOKEN'],
  ])('does not read ${%s:%s}, not even where a secret may stand', async (scheme, name) => {
    const made = await bench(connection('password', `\${${scheme}:${name}}`));
    made.environment['INPUT_SECRETS'] = 'canary-4711';
    for (const command of ['validate', 'plan'])
      expect(await seen(made, command)).toContain(
        `\${${scheme}:${name}} is a name that the runner or this tool uses, and no manifest may read it`,
      );
  });

  it.each([
    ['AWS_ACCESS_KEY_ID', 'a credential'],
    ['CONNECTION', 'an address with a password in it'],
  ])('does not read ${env:%s}, which looks like %s', async (name, what) => {
    const made = await bench(connection('hostname', `\${env:${name}}`));
    expect(await seen(made, 'plan')).toContain(
      `\${env:${name}} looks like ${what}, and a plain value would be printed`,
    );
  });

  it('is told of a variable of the name that it asks the environment for, and the other way round', async () => {
    const made = await bench(connection('hostname', '${env:HOST}'), 'variables: { HOST: h }\n');
    expect(await seen(made, 'validate')).toContain(
      'the environment has no variable HOST; the configuration file has one\n    hint: write ${var:HOST}',
    );
    const other = await bench(connection('hostname', '${var:PLACE}'));
    other.environment['PLACE'] = 'h';
    expect(await seen(other, 'validate')).toContain('the environment has one of this name: ${env:PLACE}');
  });
});

describe('a secret', () => {
  const shown = connection('hostname', 'db.${secret:SECRET_HOST}.example.com');
  const name = 'connection.c/configuration/hostname';

  it('in a field that Polytomic shows is an error, and is sent to nobody', async () => {
    const made = await bench(shown);
    for (const command of [['plan'], ['apply', '--yes'], ['validate', '--live']])
      expect(await seen(made, ...command)).toMatch(
        /^1\n[^]*polytomic\/c\.yaml:7:13\n {2}error: db\.\$\{secret:SECRET_HOST\}\.example\.com stands in configuration\.hostname, which Polytomic shows to everybody/,
      );
    expect(made.sandbox.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
    // Offline this version's table alone speaks, and nothing is sent.
    expect(await seen(made, 'validate')).toMatch(/^0\n[^]*warning: .* which Polytomic shows/);
    await made.cli('schemas', 'pull');
    expect(await seen(made, 'validate')).toMatch(/^1\n[^]*error: .* which Polytomic shows/);
  });

  it('is taken there where the configuration file says so, with a warning', async () => {
    const made = await bench(shown, `allowSecrets: [${name}]\n`);
    const { code, err } = await made.cli('apply', '--yes');
    expect(code).toBe(0);
    expect(err).toContain('warning: db.${secret:SECRET_HOST}.example.com stands in configuration.hostname');
    expect(made.sandbox.list('connections')[0]?.['configuration']).toMatchObject({
      hostname: 'db.canary-4711.example.com',
    });
    expect(
      await (await bench(shown, 'allowSecrets: [connection.c/configuration/port]\n')).cli('plan'),
    ).toMatchObject({
      code: 1,
    });
  });

  it('may stand where the type keeps it, by this version’s table, by the API, or by a mask that lives', async () => {
    const made = await bench(
      `${connection('password', '${secret:SECRET_HOST}')}  hostname: h\n  username: u\n`,
    );
    expect(await made.cli('apply', '--yes')).toMatchObject({ code: 0, err: '' });
    expect(made.sandbox.requests.some(({ path }) => path.includes('connection_types/'))).toBe(false);
  });

  it('of a type that nobody knows is an error, and only a warning where nothing is sent', async () => {
    const made = await bench(connection('endpoint', '${secret:SECRET_HOST}', 'brand_new'));
    expect(await seen(made, 'validate')).toMatch(
      /^0\n[^]*warning: nothing says that a connection of type "brand_new"/,
    );
    expect(await seen(made, 'plan', '--no-preflight')).toMatch(
      /^1\n[^]*error: nothing says that a connection of type "brand_new" keeps configuration\.endpoint to itself/,
    );
  });

  it('is not allowed by a schema that the work tree brings along', async () => {
    const made = await bench(shown);
    await made.write({
      '.polytomic/schemas/connection-types/postgresql.schema.json': JSON.stringify({
        type: 'object',
        properties: { hostname: { type: 'string', sensitive: true } },
      }),
    });
    expect(await seen(made, 'plan')).toMatch(/^1\n/);
  });

  it('in the quickstart stands where it may', async () => {
    const made = await workbench(shop);
    expect(await made.cli('plan')).toMatchObject({ code: 0, err: '' });
  });
});
