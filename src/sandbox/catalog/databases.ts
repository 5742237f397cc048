/** Databases and warehouses; their tables are those of the quickstart. */
import type { JsonObject } from '../../core/json.js';
import type { Column, SystemType, Table } from './catalog.js';
import { modes } from './modes.js';
import { boolean, integer, line, schema, secret, text } from './properties.js';

const key: Column = { type: 'number', primary_key: true };
const string: Column = { type: 'string' };
const number: Column = { type: 'number' };
const datetime: Column = { type: 'datetime' };

const sourceTables: Readonly<Record<string, Table>> = {
  'company.accounts': {
    columns: {
      id: key,
      name: string,
      domain: string,
      plan: { type: 'string', values: ['free', 'team', 'enterprise'] },
      created_at: datetime,
    },
  },
  'company.customers': {
    columns: {
      id: key,
      email: string,
      first_name: string,
      last_name: string,
      account_id: { ...number, references: 'company.accounts.id' },
      created_at: datetime,
      updated_at: datetime,
    },
  },
  'company.teams': {
    columns: { id: key, name: string, account_id: { ...number, references: 'company.accounts.id' } },
  },
};

const target: Column = { type: 'string', remote_type: 'VARCHAR(16777216)', identity: ['Equality'] };
const columns = (...names: readonly string[]): Table => ({
  columns: Object.fromEntries(names.map((name) => [name, target])),
});

const targetTables: Readonly<Record<string, Table>> = {
  'CUSTOMERS.COMPANIES': columns('NAME', 'DOMAIN', 'PLAN'),
  'CUSTOMERS.CONTACTS': columns('EMAIL', 'FIRST_NAME', 'LAST_NAME'),
  'TEAMS.MEMBERS': columns('EMAIL', 'TEAM'),
  'TEAMS.TEAMS': columns('NAME'),
};

const server = {
  hostname: line('Hostname', { examples: ['db.example.com'] }),
  port: integer('Port'),
  database: text('Database'),
  username: text('Username'),
  password: secret('Password'),
  ssl: boolean('Use SSL', { default: false }),
  ssh: boolean('Connect through an SSH tunnel', { default: false }),
  ssh_host: text('SSH host'),
  ssh_port: integer('SSH port'),
  ssh_user: text('SSH user'),
  ssh_private_key: secret('SSH private key'),
} as const;

const database = (
  id: string,
  name: string,
  properties: Readonly<Record<string, JsonObject>>,
  required: readonly string[],
  tables: Readonly<Record<string, Table>>,
): SystemType => ({
  id,
  name,
  schema: schema(name, properties, required),
  oauth: false,
  capabilities: { source: true, destination: true, enrichment: false, logging: false, orchestration: false },
  tables,
  shape: 'sql',
  modes: modes.warehouse,
  targetProperties: { supports_field_creation: true, supports_multiple_identities: false },
  targetCreation: [
    { id: 'schema', title: 'Schema', enum: true },
    { id: 'name', title: 'Name', enum: false },
  ],
});

export const databases: readonly SystemType[] = [
  // The quickstart writes database, username and password; the types of the API account and passwd.
  database(
    'mysql',
    'MySQL',
    {
      ...server,
      account: text('User'),
      passwd: secret('Password'),
      dbname: text('Database'),
      change_detection: boolean('Follow the binary log'),
    },
    ['hostname'],
    { ...sourceTables, ...targetTables },
  ),
  database(
    'postgresql',
    'PostgreSQL',
    {
      ...server,
      client_certs: boolean('Use client certificates'),
      ca_cert: secret('CA certificate'),
      client_certificate: secret('Client certificate'),
      client_key: secret('Client key'),
      change_detection: boolean('Follow the write-ahead log'),
      publication: text('Publication'),
    },
    ['hostname'],
    { ...sourceTables, ...targetTables },
  ),
  database(
    'redshift',
    'Redshift',
    {
      ...server,
      aws_access_key_id: text('AWS access key'),
      aws_secret_access_key: secret('AWS secret key'),
      s3_bucket_name: text('Bucket for staging'),
      s3_bucket_region: text('Region of the bucket'),
    },
    ['hostname'],
    { ...sourceTables, ...targetTables },
  ),
  database(
    'snowflake',
    'Snowflake',
    {
      account: line('Account'),
      username: line('Username'),
      password: secret('Password'),
      dbname: text('Database'),
      warehouse: text('Warehouse'),
      params: text('Parameters', { default: '' }),
      key_pair_auth: boolean('Use a key pair', { default: false }),
      private_key: secret('Private key'),
      private_key_passphrase: secret('Passphrase of the private key'),
    },
    ['account', 'username'],
    { ...targetTables, ...sourceTables },
  ),
  database(
    'bigquery',
    'BigQuery',
    {
      auth_method: text('Authentication', { enum: ['service_account', 'workload_identity'] }),
      service_account: secret('Service account key'),
      project_id: text('Project', { readOnly: true, examples: ['sandbox-project'] }),
      client_email: text('Account', { readOnly: true, examples: ['sync@sandbox-project.example.com'] }),
      location: text('Location'),
      bucket: text('Bucket'),
    },
    [],
    { ...targetTables, ...sourceTables },
  ),
  database(
    'databricks',
    'Databricks',
    {
      server_hostname: line('Server hostname'),
      http_path: line('HTTP path'),
      port: integer('Port', { default: 443 }),
      access_token: secret('Access token'),
    },
    ['server_hostname', 'http_path'],
    { ...targetTables, ...sourceTables },
  ),
  {
    ...database(
      'mongodb',
      'MongoDB',
      { hosts: line('Hosts'), username: text('Username'), password: secret('Password'), ssl: server.ssl },
      ['hosts'],
      {
        'shop.orders': {
          columns: {
            _id: { type: 'string', remote_type: 'objectId', primary_key: true },
            customer: { type: 'object' },
            lines: { type: 'array' },
            total: number,
            placed_at: datetime,
          },
        },
        'shop.visits': { columns: { _id: { type: 'string', primary_key: true }, page: string } },
        'support.tickets': { columns: { _id: { type: 'string', primary_key: true }, subject: string } },
      },
    ),
    shape: 'collection',
    capabilities: {
      source: true,
      destination: false,
      enrichment: false,
      logging: false,
      orchestration: false,
    },
    targetCreation: [],
  },
];
