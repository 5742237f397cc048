/** A repository that is wrong in every way that a preflight knows, once. */

/** What lives before: connections, so that there is somebody to ask. */
export const connections = `kind: Connection
key: db
name: Shop database
type: postgresql
configuration: { hostname: db.example.com, password: "\${secret:DB_PASSWORD}" }
---
kind: Connection
key: warehouse
name: Warehouse
type: snowflake
configuration: { account: acme, username: SYNC, password: "\${secret:WAREHOUSE_PASSWORD}" }
---
kind: Connection
key: crm
name: CRM
type: salesforce
configuration: { domain: example.my.salesforce.com }
---
kind: Connection
key: enricher
name: Enricher
type: apollo
configuration: { apikey: "\${secret:DB_PASSWORD}" }
---
kind: Connection
key: mongo
name: Shop documents
type: mongodb
configuration: { hosts: mongo.example.com }
---
kind: Model
key: accounts
name: Accounts
connection: db
configuration: { table: company.accounts }
identifier: id
`;

export const wrong: Readonly<Record<string, string>> = {
  'polytomic/wrong-connections.yaml': `kind: Connection
key: types
name: Wrong types
type: postgresql
configuration:
  hostname: db.example.com
  port: "5432"
  databse: shop
  ssl: perhaps
---
kind: Connection
key: missing
name: Nothing said
type: snowflake
configuration:
  username: SYNC
---
kind: Connection
key: choice
name: No such choice
type: bigquery
configuration:
  auth_method: service_acount
---
kind: Connection
key: unlisted
name: Unlisted
type: stripe
configuration: {}
`,
  'polytomic/wrong-models.yaml': `kind: Model
key: table
name: No such table
connection: db
configuration: { table: company.custmers }
---
kind: Model
key: fields
name: No such fields
connection: db
configuration: { table: company.customers }
identifier: idd
tracking_columns: [updated]
fields: [id, email, frist_name]
relations:
  - { from: acount_id, to: { model: accounts, field: ident } }
---
kind: Model
key: source
name: Reads an enricher
connection: enricher
configuration: { object: people }
---
kind: Model
key: enriched
name: Enriched by a warehouse
connection: db
configuration: { table: company.teams }
enricher: { connection: warehouse }
---
kind: Model
key: collection
name: No such collection
connection: mongo
configuration: { database: shop, collection: orderz }
---
kind: Model
key: nothing
name: Reads nothing
connection: db
configuration: { tabel: company.teams }
`,
  'polytomic/wrong-syncs.yaml': `kind: Sync
key: object
name: No such object
mode: replace
fields: [{ source: accounts.name, target: NAME }]
schedule: { frequency: manual }
target: { connection: warehouse, object: CUSTOMERS.CONTCTS }
---
kind: Sync
key: mode
name: No such mode, no such field
mode: append
fields:
  - { source: accounts.nmae, target: LastNme }
  - { source: accounts.created_at, target: NumberOfEmployees }
override_fields:
  - { target: CreatedDate, override_value: "2024-01-01" }
schedule: { frequency: manual }
target: { connection: crm, object: Account }
---
kind: Sync
key: identity
name: No identity
mode: updateOrCreate
fields:
  - { source: accounts.domain, target: Website, sync_mode: create }
  - { source: accounts.name, target: Nickname, new: true }
schedule: { frequency: manual }
target: { connection: crm, object: Account }
---
kind: Sync
key: function
name: No such function
mode: update
identity: { source: accounts.domain, target: Website, function: ISubstring }
fields:
  - { source: accounts.name, target: Name, sync_mode: create, encryption_enabled: true }
filters:
  - { field: accounts.planned, function: IsNotNull }
  - { field: accounts.name, function: GreaterThan, value: 5 }
  - { field: accounts.name, function: OnOrAfter, value: "2024-01-01" }
  - { field_type: Target, field_id: NumberOfEmployees, function: StringContains, value: x }
  - { field_type: Target, field_id: CreatedDate, function: IsNotNull }
  - { field_type: Target, field_id: Industri, function: IsNotNull }
schedule: { frequency: manual }
target: { connection: crm, object: Account }
---
kind: Sync
key: unidentified
name: Found by a field that identifies nothing
mode: update
identity: { source: accounts.plan, target: Industry, function: Equality }
fields: [{ source: accounts.name, target: Name }]
schedule: { frequency: manual }
target: { connection: crm, object: Account }
---
kind: Sync
key: filtered
name: Filters a table
mode: update
identity: { source: accounts.domain, target: DOMAIN, function: Equality }
fields:
  - { source: accounts.name, target: NAME, sync_mode: create }
filters: [{ field_type: Target, field_id: NAME, function: IsNotNull }]
schedule: { frequency: dbtcloud, connection: db, job_id: 1 }
target: { connection: warehouse, object: CUSTOMERS.COMPANIES }
---
kind: Sync
key: created
name: Makes what cannot be made
mode: updateOrCreate
fields: [{ source: accounts.name, target: Name }]
schedule: { frequency: manual }
target: { connection: crm, new_name: Company }
---
kind: Sync
key: told
name: Tells a new table too little
mode: replace
fields: [{ source: accounts.name, target: NAME }]
schedule: { frequency: manual }
target: { connection: warehouse, create: { schma: CUSTOMERS, name: NEW } }
---
kind: Sync
key: nowhere
name: Goes nowhere
mode: replace
fields: [{ source: accounts.name, target: NAME }]
schedule: { frequency: manual }
target: { connection: warehouse }
---
kind: Sync
key: unwritable
name: Writes to an enricher
mode: create
fields: [{ source: accounts.name, target: title }]
schedule: { frequency: manual }
target: { connection: enricher, object: people }
`,
};
