/** Business applications, files, and what enriches or orchestrates. */
import type { Column, SystemType, Table } from './catalog.js';
import { modes } from './modes.js';
import { boolean, integer, line, schema, secret, text } from './properties.js';

const capabilities = {
  source: true,
  destination: true,
  enrichment: false,
  logging: false,
  orchestration: false,
} as const;
const writable = {
  supports_field_creation: false,
  supports_target_filters: true,
  supports_filter_value_fields: true,
  supports_multiple_identities: true,
} as const;

const string: Column = { type: 'string', remote_type: 'string', filterable: true };
const id: Column = {
  ...string,
  primary_key: true,
  createable: false,
  updateable: false,
  identity: ['Equality'],
};
const email: Column = { ...string, remote_type: 'email', identity: ['Equality', 'DomainMatch'] };
const name: Column = { ...string, required: true, identity: ['Equality', 'ISubstring'] };
const domain: Column = { ...string, remote_type: 'url', identity: ['Equality', 'HostnameMatch'] };
const madeAt: Column = { type: 'datetime', remote_type: 'datetime', createable: false, updateable: false };

const salesforce: Readonly<Record<string, Table>> = {
  Account: {
    columns: {
      Id: id,
      Name: { ...name, label: 'Account Name' },
      Website: domain,
      Industry: { ...string, remote_type: 'picklist', values: ['Banking', 'Retail', 'Technology'] },
      NumberOfEmployees: { type: 'number', remote_type: 'int', filterable: true },
      CreatedDate: madeAt,
    },
  },
  Contact: {
    columns: {
      Id: id,
      Email: email,
      FirstName: string,
      LastName: { ...name, label: 'Last Name' },
      AccountId: { ...string, remote_type: 'reference', references: 'Account.Id' },
      HasOptedOutOfEmail: { type: 'boolean', remote_type: 'boolean' },
      CreatedDate: madeAt,
    },
  },
  Lead: { columns: { Id: id, Email: email, LastName: name, Company: { ...string, required: true } } },
  Opportunity: {
    columns: {
      Id: id,
      Name: name,
      StageName: { ...string, required: true, values: ['Open', 'Won', 'Lost'] },
      Amount: { type: 'number', remote_type: 'currency' },
      CloseDate: { type: 'datetime', remote_type: 'date', required: true },
    },
  },
};

const hubspot: Readonly<Record<string, Table>> = {
  companies: { columns: { id, name, domain, industry: string, createdate: madeAt } },
  contacts: {
    columns: {
      id,
      email: { ...email, required: true },
      firstname: string,
      lastname: string,
      lifecyclestage: { ...string, values: ['lead', 'opportunity', 'customer'] },
      createdate: madeAt,
    },
  },
  deals: {
    columns: { id, dealname: name, amount: { type: 'number', remote_type: 'number' }, dealstage: string },
  },
};

const expiry = text('Expiry of the token', { readOnly: true, examples: ['2030-01-01T00:00:00Z'] });

export const applications: readonly SystemType[] = [
  {
    id: 'salesforce',
    name: 'Salesforce',
    oauth: true,
    capabilities,
    schema: schema('Salesforce', {
      domain: text('Domain', { examples: ['example.my.salesforce.com'] }),
      client_id: secret('Client id'),
      client_secret: secret('Client secret'),
      oauth_refresh_token: secret('Refresh token'),
      connect_mode: text('Way to connect'),
      daily_api_calls: integer('API calls a day'),
      enforce_api_limits: boolean('Keep to the limit'),
      instance_url_override: text('Instance', {
        readOnly: true,
        examples: ['https://example.my.salesforce.com'],
      }),
      username: text('User', { readOnly: true, examples: ['integration@example.com'] }),
      oauth_token_expiry: expiry,
    }),
    tables: salesforce,
    shape: 'object',
    modes: modes.application,
    targetProperties: { ...writable, supports_field_encryption: true, primary_metadata_object: 'Account' },
    targetCreation: [],
  },
  {
    id: 'hubspot',
    name: 'HubSpot',
    oauth: true,
    capabilities,
    schema: schema('HubSpot', {
      client_id: secret('Client id'),
      client_secret: secret('Client secret'),
      oauth_refresh_token: secret('Refresh token'),
      include_static_list_support: boolean('Static lists'),
      use_search_api: boolean('Use the search API'),
      hub_domain: text('Hub', { readOnly: true, examples: ['example.com'] }),
      hub_user: text('User', { readOnly: true, examples: ['integration@example.com'] }),
      oauth_token_expiry: expiry,
    }),
    tables: hubspot,
    shape: 'object',
    modes: modes.application,
    targetProperties: { ...writable, supports_field_creation: true },
    targetCreation: [],
  },
  {
    id: 'gsheets',
    name: 'Google Sheets',
    oauth: true,
    capabilities,
    schema: schema('Google Sheets', {
      spreadsheet_id: text('Spreadsheet'),
      has_headers: boolean('First row holds names', { default: true }),
      oauth_refresh_token: secret('Refresh token'),
      user_email: text('User', { readOnly: true, examples: ['integration@example.com'] }),
      oauth_token_expiry: expiry,
    }),
    tables: { Sheet1: { columns: { A: { type: 'string' }, B: { type: 'string' } } } },
    shape: 'object',
    modes: modes.file,
    targetProperties: { supports_field_creation: true },
    targetCreation: [{ id: 'name', title: 'Name of the sheet', enum: false }],
  },
  {
    id: 'webhook',
    name: 'Webhook',
    oauth: false,
    capabilities: { ...capabilities, source: false },
    schema: schema(
      'Webhook',
      {
        url: line('URL', { format: 'uri' }),
        auth_method: text('Authentication', { enum: ['none', 'basic', 'header', 'oauth'] }),
        secret: secret('Signing secret'),
      },
      ['url'],
    ),
    tables: { webhook: { label: 'Webhook', columns: {} } },
    shape: 'object',
    modes: modes.stream,
    targetProperties: { supports_field_creation: true, optional_target_mappings: true },
    targetCreation: [],
  },
  {
    id: 's3',
    name: 'S3',
    oauth: false,
    capabilities,
    schema: schema(
      'S3',
      {
        s3_bucket_name: line('Bucket'),
        s3_bucket_region: text('Region'),
        auth_mode: text('Authentication', { enum: ['access_key_and_secret', 'iam_role'] }),
        aws_access_key_id: text('Access key'),
        aws_secret_access_key: secret('Secret key'),
        iam_role_arn: text('Role'),
        external_id: text('External id', { readOnly: true, examples: ['sandbox-external-id'] }),
        aws_user: text('AWS user', { readOnly: true, examples: ['arn:aws:iam::000000000000:user/sandbox'] }),
        csv_has_headers: boolean('First line holds names', { default: true }),
      },
      ['s3_bucket_name'],
    ),
    tables: {
      'events.csv': {
        columns: { id: { type: 'string' }, event: { type: 'string' }, at: { type: 'datetime' } },
      },
      'people.csv': { columns: { email: { type: 'string' }, name: { type: 'string' } } },
    },
    shape: 'file',
    modes: modes.file,
    targetProperties: { supports_field_creation: true },
    targetCreation: [{ id: 'name', title: 'Name of the file', enum: false }],
  },
  {
    id: 'csv',
    name: 'CSV URL',
    oauth: false,
    capabilities: { ...capabilities, destination: false },
    schema: schema(
      'CSV URL',
      { url: line('URL', { format: 'uri' }), headers: { type: 'object', title: 'Headers' } },
      ['url'],
    ),
    tables: { csv: { label: 'CSV', columns: { id: { type: 'string' }, email: { type: 'string' } } } },
    shape: 'file',
    modes: [],
    targetProperties: {},
    targetCreation: [],
  },
  {
    id: 'apollo',
    name: 'Apollo',
    oauth: false,
    capabilities: {
      source: false,
      destination: false,
      enrichment: true,
      logging: false,
      orchestration: false,
    },
    schema: schema('Apollo', { apikey: secret('API key') }, ['apikey']),
    tables: {
      people: { columns: { title: { type: 'string' }, linkedin_url: { type: 'string' } } },
      companies: { columns: { industry: { type: 'string' }, employees: { type: 'number' } } },
    },
    shape: 'object',
    modes: [],
    targetProperties: {},
    targetCreation: [],
    enrichmentInputs: [['email'], ['first_name', 'last_name', 'domain']],
  },
  {
    id: 'dbtcloud',
    name: 'dbt Cloud',
    oauth: false,
    capabilities: {
      source: false,
      destination: false,
      enrichment: false,
      logging: false,
      orchestration: true,
    },
    schema: schema('dbt Cloud', { token: secret('Token'), account_id: text('Account') }, ['token']),
    tables: {},
    shape: 'object',
    modes: [],
    targetProperties: {},
    targetCreation: [],
  },
];
