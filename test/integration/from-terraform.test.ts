/** From Terraform: an export under the names of a state, and the document that leads a team over. */
import { chmod, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';
import { readTerraform } from '../../src/export/terraform.js';
import { MAX_STATE_BYTES } from '../../src/workspace/terraform.js';
import { shown, stateFile, type Held } from '../support/terraform.js';
import { shop, workbench, writeFiles, type Workbench } from '../support/workbench.js';

/** In the state in clear, as Terraform keeps them. */
const SECRETS = [
  'a-secret-of-the-database',
  'a-secret-of-the-warehouse',
  'a-passphrase-of-terraform',
] as const;

const FOREIGN = '6f0c9d1e-5c1f-4b0d-9a53-0a6d1f2b3c4d';

/** The shop lives, and Terraform has made it: nothing is in the repository. */
const made = async (): Promise<Workbench> => {
  const bench = await workbench(shop);
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  for (const file of Object.keys(shop)) await bench.remove(file);
  await rm(path.join(bench.root, '.polytomic'), { recursive: true });
  return bench;
};

const idOf = (
  { sandbox }: Workbench,
  collection: 'connections' | 'models' | 'syncs',
  index: number,
): string => {
  const all = sandbox.list(collection).toSorted((a, b) => (asText(a['name']) < asText(b['name']) ? -1 : 1));
  return all[index]!.id;
};

const held = (bench: Workbench): readonly Held[] => [
  {
    type: 'polytomic_postgresql_connection',
    name: 'shop',
    id: idOf(bench, 'connections', 0),
    attributes: { name: 'Shop database', configuration: { password: SECRETS[0] } },
  },
  {
    type: 'polytomic_snowflake_connection',
    name: 'Main_DWH',
    id: idOf(bench, 'connections', 1),
    modules: ['module.warehouses["eu"]'],
    attributes: { configuration: { password: SECRETS[1] } },
  },
  {
    type: 'polytomic_sync',
    name: 'people',
    id: idOf(bench, 'syncs', 0),
    index: 'crm.eu',
    attributes: { encryption_passphrase: SECRETS[2] },
  },
  { type: 'polytomic_bulk_sync', name: 'everything', id: FOREIGN },
  { type: 'random_password', name: 'db', id: 'none', attributes: { result: SECRETS[0] } },
];

/** Beside the repository: a state never belongs into it. */
const given = async (bench: Workbench, text: string | Buffer, name = 'state.json'): Promise<string> => {
  const file = path.join(`${bench.root}-terraform`, name);
  await mkdir(path.dirname(file), { recursive: true });
  onTestFinished(async () => rm(path.dirname(file), { recursive: true, force: true }));
  await writeFile(file, text);
  return file;
};

const filesOf = async (root: string): Promise<Readonly<Record<string, string>>> => {
  const all = await readdir(root, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    await Promise.all(
      all
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .map(async (file) => [path.relative(root, file), await readFile(file, 'utf8')] as const),
    ),
  );
};

const expectNoSecrets = (...texts: readonly string[]): void => {
  for (const text of texts) for (const secret of SECRETS) expect(text).not.toContain(secret);
};

describe('an export under the names of a Terraform state', () => {
  it.each([
    ['a state file', stateFile],
    ['what terraform show -json prints', shown],
  ])('gives them as keys, names what is not here, and leaves an empty plan: %s', async (_what, write) => {
    const bench = await made();
    const file = await given(bench, JSON.stringify(write(held(bench)), undefined, 2));
    const { code, out, err } = await bench.cli('export', '--keys-from', file);
    expect([code, err]).toEqual([0, '']);
    const files = await filesOf(bench.root);
    expect(
      Object.keys(files)
        .filter((name) => name.startsWith('polytomic/'))
        .sort(),
    ).toEqual([
      'polytomic/connections/Main_DWH.yaml',
      'polytomic/connections/shop.yaml',
      // Terraform does not know the model: its key follows from its name.
      'polytomic/models/customers.yaml',
      'polytomic/syncs/people-crm-eu.yaml',
    ]);
    expect(files['polytomic/syncs/people-crm-eu.yaml']).toContain('connection: Main_DWH');
    expect(out).toContain(`3 resources of ${file} are here.`);
    expect(out).toContain(`polytomic_bulk_sync.everything (${FOREIGN})`);
    expect(out).not.toContain('random_password');
    // Secrets have names here; the values of the state are nowhere.
    expect(files['polytomic/connections/shop.yaml']).toContain('password: ${secret:SHOP_PASSWORD}');
    expect(files['.env.example']).toContain('SHOP_PASSWORD=');
    expect(files['.env.example']).toContain('MAIN_DWH_PASSWORD=');
    expectNoSecrets(out, err, ...Object.values(files));
    const plan = await bench.cli('plan', '--detailed-exitcode', '--without-secrets');
    expect(plan).toMatchObject({ code: 0, err: '' });
    // A second time nothing is new, and everything is still found.
    const again = await bench.cli('--json', 'export', '--check', '--keys-from', file);
    expect(again.code).toBe(0);
    const { keysFrom } = JSON.parse(again.out) as { readonly keysFrom: JsonObject };
    expect(keysFrom).toEqual({
      file,
      found: [
        {
          address: 'connection.Main_DWH',
          terraform: 'module.warehouses["eu"].polytomic_snowflake_connection.Main_DWH',
        },
        { address: 'connection.shop', terraform: 'polytomic_postgresql_connection.shop' },
        { address: 'sync.people-crm-eu', terraform: 'polytomic_sync.people["crm.eu"]' },
      ],
      elsewhere: [{ terraform: 'polytomic_bulk_sync.everything', id: FOREIGN }],
    });
  });

  it('leaves a key to the manifest that has it', async () => {
    const bench = await made();
    await bench.write({
      'polytomic/mine.yaml': 'kind: Model\nkey: people\nname: Customers\nexternal: true\n',
      'polytomic/other.yaml': 'kind: Sync\nkey: people-crm-eu\nname: Elsewhere\nexternal: true\n',
    });
    bench.sandbox.seed({ connections: 1, models: 1, syncs: 1 });
    bench.sandbox.edit(
      'syncs',
      bench.sandbox.list('syncs').find(({ id }) => id !== idOf(bench, 'syncs', 0))!.id,
      {
        name: 'Elsewhere',
      },
    );
    const sync = bench.sandbox.list('syncs').find(({ name }) => name === 'Customers to warehouse')!.id;
    const state = held(bench).map((each) => (each.type === 'polytomic_sync' ? { ...each, id: sync } : each));
    const file = await given(bench, JSON.stringify(stateFile(state)));
    expect(await bench.cli('export', '--keys-from', file, '--select', `id=${sync}`)).toMatchObject({
      code: 0,
      err: '',
    });
    expect(await bench.read('polytomic/syncs/people-crm-eu-2.yaml')).toContain('key: people-crm-eu-2\n');
  });

  it('stops before anything is written where no id of the state lives here', async () => {
    const bench = await made();
    const file = await given(
      bench,
      JSON.stringify(stateFile([{ type: 'polytomic_model', name: 'x', id: FOREIGN }])),
    );
    const { code, err } = await bench.cli('export', '--keys-from', file);
    expect(code).toBe(1);
    expect(err).toContain('no object of this state lives in organization Sandbox, of 1 resource');
    expect(Object.keys(await filesOf(bench.root)).filter((name) => name.startsWith('polytomic/'))).toEqual(
      [],
    );
  });

  it.each<[string, string | Buffer, string]>([
    ['no JSON', `{"version":4,"resources":[{"x":"${SECRETS[0]}" "y"`, 'state.json:1:'],
    ['cut off in a secret', `{"version":4,"x":"${SECRETS[0]}`, 'the file is no JSON'],
    ['of another format', '{"version":3,"modules":[]}', 'this version reads 4'],
    ['no text', Buffer.from([0xff, 0x00, 0x9f]), 'the file is not UTF-8 text'],
    ['empty', '', 'the file is no JSON: value expected'],
  ])('stops with the place and what to do at a file that is %s', async (_what, text, message) => {
    const bench = await made();
    const file = await given(bench, text);
    bench.sandbox.clearRequests();
    const { code, out, err } = await bench.cli('export', '--keys-from', file);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(err).toContain('hint: ');
    expectNoSecrets(out, err);
    expect(bench.sandbox.requests).toEqual([]);
  });

  it('stops at a file that is not there, a folder, and one without a bound', async () => {
    const bench = await made();
    const huge = await given(bench, '{');
    await truncate(huge, MAX_STATE_BYTES + 1);
    for (const [file, message] of [
      ['missing.tfstate', 'the file cannot be read (ENOENT)'],
      ['..', 'the file cannot be read (EISDIR)'],
      ['/dev/zero', 'the file has more than 128 MB'],
      [huge, 'the file has more than 128 MB'],
    ] as const) {
      const { code, err } = await bench.cli('export', '--keys-from', file);
      expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    }
  });

  it('reads what PowerShell writes into a file', async () => {
    const bench = await made();
    const text = JSON.stringify(shown(held(bench)));
    const file = await given(bench, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
    expect(await bench.cli('export', '--keys-from', file)).toMatchObject({ code: 0, err: '' });
    expect(await bench.read('polytomic/connections/shop.yaml')).toContain('key: shop\n');
  });
});

/** Terraform in small: a state, and the commands of the document, as the real one answers them. */
const terraform = `#!/usr/bin/env node
const { readFileSync, writeFileSync, existsSync } = require('node:fs');
const path = require('node:path');
const [verb, ...rest] = process.argv.slice(2);
const file = path.join(process.env.TERRAFORM_DATA, 'state.json');
const state = JSON.parse(readFileSync(file, 'utf8'));
const known = JSON.parse(readFileSync(path.join(process.env.TERRAFORM_DATA, 'addresses.json'), 'utf8'));
const command = [verb, ...rest].join(' ');
if (command === 'plan -detailed-exitcode') process.exit(state.resources.length === known.length ? 0 : 2);
if (command === 'show -json') {
  const ids = new Set(state.resources.flatMap(({ instances }) => instances.map(({ attributes }) => attributes.id)));
  const shown = JSON.parse(readFileSync(path.join(process.env.TERRAFORM_DATA, 'shown.json'), 'utf8'));
  const without = (module) => ({
    ...module,
    ...(module.resources && { resources: module.resources.filter(({ values }) => ids.has(values.id)) }),
    ...(module.child_modules && { child_modules: module.child_modules.map(without) }),
  });
  process.stdout.write(JSON.stringify({ ...shown, values: { root_module: without(shown.values.root_module) } }));
} else if (command === 'state pull') process.stdout.write(JSON.stringify(state));
else if (verb === 'state' && rest[0] === 'rm' && rest.length === 2) {
  const { id } = known.find(({ address }) => address === rest[1]) ?? {};
  const left = state.resources.filter(({ instances }) => instances.every(({ attributes }) => attributes.id !== id));
  if (left.length === state.resources.length) throw new Error('no such resource: ' + rest[1]);
  writeFileSync(file, JSON.stringify({ ...state, serial: state.serial + 1, resources: left }));
} else if (command.startsWith('state push -force ')) writeFileSync(file, readFileSync(rest[2], 'utf8'));
else throw new Error('what is terraform ' + command + '?');
`;

describe('docs/from-terraform.md', () => {
  it('leads over and back: each of its commands does what it says', async () => {
    const bench = await made();
    const all = held(bench);
    const aside = path.dirname(await given(bench, JSON.stringify(stateFile(all))));
    const { resources } = readTerraform('state', JSON.stringify(stateFile(all)));
    await writeFiles(aside, {
      'shown.json': JSON.stringify(shown(all)),
      'addresses.json': JSON.stringify([...resources, { address: 'random_password.db', id: 'none' }]),
      'bin/terraform': terraform,
      'bin/polytomic-gitops': `#!/bin/sh\nexec node '${path.resolve('dist/cli.js')}' "$@"\n`,
      'work/main.tf': '# what Terraform manages\n',
    });
    for (const name of ['terraform', 'polytomic-gitops']) await chmod(path.join(aside, 'bin', name), 0o755);
    const cwd = path.join(aside, 'work');
    const env = {
      ...bench.environment,
      SHOP_PASSWORD: SECRETS[0],
      MAIN_DWH_PASSWORD: SECRETS[1],
      TERRAFORM_DATA: aside,
      PATH: `${path.join(aside, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
      GIT_AUTHOR_NAME: 'A team',
      GIT_AUTHOR_EMAIL: 'team@example.com',
      GIT_COMMITTER_NAME: 'A team',
      GIT_COMMITTER_EMAIL: 'team@example.com',
    };
    await execa('git', ['init', '--quiet'], { cwd, env });
    const document = await readFile('docs/from-terraform.md', 'utf8');
    const blocks = [...document.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, text = '']) => text);
    expect(blocks.length).toBeGreaterThan(7);
    const ran: string[] = [];
    const addressesLeft: string[][] = [];
    bench.sandbox.clearRequests();
    for (const block of blocks) {
      const { stdout } = await execa('bash', ['-euo', 'pipefail', '-c', block], { cwd, env });
      ran.push(stdout);
      const state = JSON.parse(await readFile(path.join(aside, 'state.json'), 'utf8')) as {
        readonly resources: readonly { readonly type: string }[];
      };
      addressesLeft.push(state.resources.map(({ type }) => type));
    }
    const text = ran.join('\n');
    expect(text).toContain('3 resources of /dev/stdin are here.');
    expect(text).toContain('No changes.');
    expect(text).toMatch(/connection\.Main_DWH +[0-9a-f-]{36}/);
    // Terraform kept what is not managed here, and had everything again at the end.
    expect(addressesLeft).toContainEqual(['polytomic_bulk_sync', 'random_password']);
    expect(addressesLeft.at(-1)).toHaveLength(all.length);
    const { stdout: committed } = await execa('git', ['ls-files'], { cwd, env });
    expect(committed.split('\n')).toEqual([
      '.env.example',
      '.gitignore',
      'polytomic/connections/Main_DWH.yaml',
      'polytomic/connections/shop.yaml',
      'polytomic/models/customers.yaml',
      'polytomic/syncs/people-crm-eu.yaml',
    ]);
    expectNoSecrets(text, ...Object.values(await filesOf(cwd)));
    expect(new Set(bench.sandbox.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
  });
});
