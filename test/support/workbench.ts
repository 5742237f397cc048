/** A repository in a temporary folder, a sandbox, and the command line between the two. */
import { scrypt, type ScryptOptions } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { runProgram } from '../../src/cli/program.js';
import type { Io } from '../../src/cli/io.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Workbench {
  readonly root: string;
  readonly sandbox: Sandbox;
  readonly environment: Record<string, string>;
  /** Runs the command line in the repository. */
  readonly cli: (...args: readonly string[]) => Promise<Ran>;
  readonly write: (files: Readonly<Record<string, string>>) => Promise<void>;
  readonly remove: (file: string) => Promise<void>;
  readonly read: (file: string) => Promise<string>;
}

export interface WorkbenchOptions {
  readonly sandbox?: SandboxOptions;
  readonly io?: Partial<Io>;
  /** True: keys are derived as for people, since processes of the bundle work on the same state. */
  readonly real?: boolean;
  /** True: the key is that of the partner. */
  readonly partner?: boolean;
}

const scryptOf = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

/** Nobody waits. */
const impatient: NonNullable<Io['pace']> = { retryDelay: 5, jobInterval: 5 };

/** Nobody waits, and nobody guesses. */
export const quick: NonNullable<Io['pace']> = {
  ...impatient,
  derive: async (text, salt) => scryptOf(text, salt, 32, { N: 16, r: 8, p: 1 }),
};

/** Writes files below a folder, folders made as needed. */
export const writeFiles = async (
  root: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<void> => {
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(root, file);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
  }
};

/** A workbench with these files, gone when the test is. */
export const workbench = async (
  files: Readonly<Record<string, string>>,
  options: WorkbenchOptions = {},
): Promise<Workbench> => {
  const root = await mkdtemp(path.join(tmpdir(), 'polytomic-test-'));
  const sandbox = await startSandbox({ jobPolls: 1, ...options.sandbox });
  onTestFinished(async () => {
    await sandbox.close();
    await rm(root, { recursive: true, force: true });
  });
  await writeFiles(root, files);
  const environment: Record<string, string> = {
    POLYTOMIC_URL: sandbox.url,
    ...(options.partner === true
      ? { POLYTOMIC_PARTNER_KEY: sandbox.partnerKey }
      : { POLYTOMIC_API_KEY: sandbox.apiKey }),
    DB_PASSWORD: 'a-secret-of-the-database',
    WAREHOUSE_PASSWORD: 'a-secret-of-the-warehouse',
  };
  return {
    root,
    sandbox,
    environment,
    cli: async (...args) => {
      let out = '';
      let err = '';
      const code = await runProgram(args, {
        cwd: root,
        environment,
        out: (text) => (out += text),
        err: (text) => (err += text),
        outIsTerminal: false,
        errIsTerminal: false,
        onInterrupt: () => () => undefined,
        pace: options.real === true ? impatient : quick,
        ...options.io,
      });
      return { code, out, err };
    },
    write: async (more) => writeFiles(root, more),
    remove: async (file) => rm(path.join(root, file)),
    read: async (file) => readFile(path.join(root, file), 'utf8'),
  };
};

/** Ids and times differ from run to run. */
export const stable = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\b\d+(\.\d+)? m?s\b/g, '<time>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '<host>')
    .replaceAll(/sha256:[0-9a-f]{64}/g, '<digest>')
    .replaceAll(/(?<=\(replacing )[0-9a-f]{8}/g, '<id>');

/** Two connections, a model and a sync, small enough to read in a test. */
export const shop: Readonly<Record<string, string>> = {
  'polytomic/connections.yaml': `kind: Connection
key: db
name: Shop database
type: postgresql
configuration:
  hostname: db.example.com
  port: 5432
  password: \${secret:DB_PASSWORD}
---
kind: Connection
key: warehouse
name: Warehouse
type: snowflake
configuration:
  account: acme
  username: SYNC
  password: \${secret:WAREHOUSE_PASSWORD}
`,
  'polytomic/customers.yaml': `kind: Model
key: customers
name: Customers
connection: db
configuration: { table: company.customers }
identifier: id
---
kind: Sync
key: customers
name: Customers to warehouse
mode: updateOrCreate
active: true
identity: { source: customers.email, target: EMAIL, function: Equality }
fields:
  - { source: customers.email, target: EMAIL }
  - { source: customers.first_name, target: FIRST_NAME }
override_fields:
  - { target: LAST_NAME, override_value: unknown }
filters:
  - { field: customers.email, function: IsNotNull }
  - { field: customers.id, function: GreaterThan, value: 5 }
filter_logic: A AND B
schedule: { frequency: daily, hour: 5, minute: '05' }
target: { connection: warehouse, object: CUSTOMERS.CONTACTS }
`,
};
