/** Sample data: the tables of the quickstart. */
export const organization = { id: '7d4b3a52-5f0e-4b57-9c8f-0f3a6e1c9d10', name: 'Sandbox' } as const;
export const user = {
  id: '3f1c2a44-8a3e-4f0c-9a55-1c0e8f6f7b21',
  email: 'you@example.com',
  role: 'admin',
} as const;

/** Tables that models read, with their columns and types. */
export const sourceTables: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'company.accounts': {
    id: 'number',
    name: 'string',
    domain: 'string',
    plan: 'string',
    created_at: 'datetime',
  },
  'company.customers': {
    id: 'number',
    email: 'string',
    first_name: 'string',
    last_name: 'string',
    account_id: 'number',
    created_at: 'datetime',
    updated_at: 'datetime',
  },
  'company.teams': { id: 'number', name: 'string', account_id: 'number' },
};

/** Tables that syncs write to, by schema, with their columns. */
export const targetTables: Readonly<Record<string, readonly string[]>> = {
  'CUSTOMERS.COMPANIES': ['NAME', 'DOMAIN', 'PLAN'],
  'CUSTOMERS.CONTACTS': ['EMAIL', 'FIRST_NAME', 'LAST_NAME'],
  'TEAMS.MEMBERS': ['EMAIL', 'TEAM'],
  'TEAMS.TEAMS': ['NAME'],
};

/** What the modes of a warehouse's table need. */
export const targetModes = [
  ['create', 'Create', 'Create records when they don’t exist; don’t update existing ones', true],
  ['update', 'Update', 'Update existing records only; don’t create new ones', true],
  [
    'updateOrCreate',
    'Update or Create',
    'Update records when they exist and create them when they don’t',
    true,
  ],
  ['replace', 'Replace', 'Replace all existing rows', false],
  ['append', 'Append', 'Append rows to the end of the table', false],
] as const;

/** Roles and policies that cannot be changed. */
export const systemRoles = ['Admin', 'Member'] as const;
export const systemPolicies = ['Default'] as const;
