/** What `init` writes. */

/** Lines for .gitignore: secrets, and what a run leaves behind. */
export const ignored: readonly string[] = ['.env', '.polytomic/'];

const config = `# The configuration file of polytomic-gitops. Every line may be left out.
manifests:
  - polytomic/**/*.{yaml,yml}
version: '2025-09-18'

# What differs between environments, chosen by --env:
# environments:
#   staging:
#     variables: { schema: STAGING }
#     overlays: [overlays/staging/**/*.yaml]
`;

const manifest = `# A connection, and a model that reads one of its tables.
# A key is the name of a resource in this repository and never changes; the name may.
kind: Connection
key: warehouse
name: Warehouse
type: postgresql
configuration:
  hostname: warehouse.example.com
  port: 5432
  database: analytics
  username: polytomic
  password: \${secret:WAREHOUSE_PASSWORD}
---
kind: Model
key: customers
name: Customers
connection: warehouse # a reference, by key
configuration:
  table: public.customers
`;

const workflow = `# The plan on each pull request, the apply of what was reviewed on each merge, drift every morning.
name: polytomic
on:
  pull_request:
    paths: ['polytomic/**', 'polytomic.config.yaml']
  push:
    branches: [main]
    paths: ['polytomic/**', 'polytomic.config.yaml']
  merge_group:
  schedule:
    - cron: '0 6 * * *'
  workflow_dispatch:
permissions:
  contents: write # the state is a branch of this repository
  pull-requests: write # the plan is a comment
  issues: write # drift is an issue
# One apply at a time, in the order of the merges.
concurrency:
  group: polytomic-\${{ github.event_name == 'push' && 'apply' || github.ref }}
jobs:
  reconcile:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      # Details that need not be read again; safe to lose.
      - uses: actions/cache@v4
        with:
          path: .polytomic/cache
          key: polytomic-\${{ github.run_id }}
          restore-keys: polytomic-
      - uses: polytomic/polytomic-gitops@v0
        with:
          api-key: \${{ secrets.POLYTOMIC_API_KEY }}
          secrets: \${{ toJSON(secrets) }}
`;

/** Files by their path. */
export const starterFiles: Readonly<Record<string, string>> = {
  'polytomic.config.yaml': config,
  'polytomic/warehouse.yaml': manifest,
  '.github/workflows/polytomic.yml': workflow,
};
