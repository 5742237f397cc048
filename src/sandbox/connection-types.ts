/** Connection types of the sandbox: what each asks for, keeps to itself and fills in. */
import type { JsonObject } from '../core/json.js';

export interface SandboxType {
  readonly id: string;
  readonly name: string;
  readonly oauth?: true;
  readonly source?: true;
  readonly destination?: true;
  /** Properties of the configuration with their JSON type; `secret` is text that is masked. */
  readonly properties: Readonly<Record<string, 'string' | 'integer' | 'boolean' | 'secret'>>;
  readonly required: readonly string[];
  /** What the server adds where it is not sent. */
  readonly defaults?: JsonObject;
}

const database = {
  hostname: 'string',
  port: 'integer',
  database: 'string',
  username: 'string',
  password: 'secret',
  ssl: 'boolean',
  ssh: 'boolean',
  ssh_host: 'string',
  ssh_port: 'integer',
  ssh_user: 'string',
  ssh_private_key: 'secret',
} as const;

const list: readonly SandboxType[] = [
  {
    id: 'mysql',
    name: 'MySQL',
    source: true,
    destination: true,
    // The quickstart writes database, username and password; the types of the API account and passwd.
    properties: { ...database, account: 'string', passwd: 'secret', dbname: 'string' },
    required: ['hostname'],
    defaults: { ssl: false, ssh: false },
  },
  {
    id: 'postgresql',
    name: 'PostgreSQL',
    source: true,
    destination: true,
    properties: database,
    required: ['hostname'],
    defaults: { ssl: false, ssh: false },
  },
  {
    id: 'redshift',
    name: 'Redshift',
    source: true,
    destination: true,
    properties: database,
    required: ['hostname'],
    defaults: { ssh: false },
  },
  {
    id: 'snowflake',
    name: 'Snowflake',
    source: true,
    destination: true,
    properties: {
      account: 'string',
      username: 'string',
      password: 'secret',
      dbname: 'string',
      warehouse: 'string',
      params: 'string',
      private_key: 'secret',
      key_pair_auth: 'boolean',
    },
    required: ['account', 'username'],
    defaults: { key_pair_auth: false, params: '' },
  },
  {
    id: 'bigquery',
    name: 'BigQuery',
    source: true,
    destination: true,
    properties: { service_account: 'secret', project_id: 'string', location: 'string' },
    required: [],
  },
  {
    id: 's3',
    name: 'S3',
    source: true,
    destination: true,
    properties: {
      s3_bucket_name: 'string',
      s3_bucket_region: 'string',
      aws_access_key_id: 'string',
      aws_secret_access_key: 'secret',
    },
    required: ['s3_bucket_name'],
  },
  {
    id: 'webhook',
    name: 'Webhook',
    destination: true,
    properties: { url: 'string', secret: 'secret' },
    required: ['url'],
  },
  {
    id: 'salesforce',
    name: 'Salesforce',
    oauth: true,
    source: true,
    destination: true,
    properties: {
      domain: 'string',
      client_id: 'secret',
      client_secret: 'secret',
      oauth_refresh_token: 'secret',
    },
    required: [],
    defaults: { oauth_token_expiry: '2030-01-01T00:00:00Z' },
  },
  {
    id: 'hubspot',
    name: 'HubSpot',
    oauth: true,
    source: true,
    destination: true,
    properties: { client_id: 'secret', client_secret: 'secret', oauth_refresh_token: 'secret' },
    required: [],
  },
];

/** A type by its slug. One that the sandbox has no facts of takes any configuration. */
export const typeOf = (id: string): SandboxType =>
  list.find((type) => type.id === id) ?? {
    id,
    name: id,
    source: true,
    destination: true,
    properties: {},
    required: [],
  };

export const connectionTypes = list;

const credential =
  /(^|_)(pass(word|wd|phrase)?|secret|private_key|api_?key|(access|refresh|api|auth|bearer)_token)$/i;

/** Whether a property of this type's configuration is masked. */
export const isSecret = (type: SandboxType, property: string): boolean =>
  type.properties[property] === 'secret' || credential.test(property);
