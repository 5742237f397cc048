/** What `init` writes. */
import { MANIFEST_SCHEMA, modeline } from '../core/modeline.js';

/** Lines for .gitignore: secrets, and what a run leaves behind. */
export const ignored: readonly string[] = ['.env', '.polytomic/'];

const config = `# The configuration file of polytomic-gitops. Every line may be left out.
manifests:
  - polytomic/**/*.{yaml,yml}
version: '2025-09-18'

# Rules that manifests and plans have to fit; init --rules writes some:
# rules: [rules/**/*.yaml]

# What differs between environments, chosen by --env:
# environments:
#   staging:
#     variables: { schema: STAGING }
#     overlays: [overlays/staging/**/*.yaml]
`;

const manifest = `${modeline(MANIFEST_SCHEMA)}
# A connection, and a model that reads one of its tables.
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
${modeline(MANIFEST_SCHEMA)}
kind: Model
key: customers
name: Customers
connection: warehouse # a reference, by key
configuration:
  table: public.customers
`;

/** As examples/workflows/single.yml. */
const workflow = `# One organization: the plan on each pull request, the apply on the merge, a look for drift every morning.
name: polytomic
on:
  pull_request:
  merge_group:
  push:
    branches: [main]
  schedule:
    - cron: '17 5 * * *'
  workflow_dispatch:
permissions:
  contents: write # the state is kept on a branch
  pull-requests: write # the plan is a comment
  issues: write # drift is an issue
# One after the other, in order; a waiting apply is not dropped for a newer one.
concurrency:
  group: polytomic-\${{ github.event_name }}-\${{ github.ref }}
  queue: max
jobs:
  polytomic:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
      - uses: actions/cache@cdf6c1fa76f9f475f3d7449005a359c84ca0f306 # v5.0.3; makes plans cheaper; nothing depends on it
        with:
          path: .polytomic/cache
          key: polytomic-\${{ github.run_id }}-\${{ github.run_attempt }}
          restore-keys: polytomic-
      - id: polytomic
        uses: polytomic/polytomic-gitops@v0
        with:
          api-key: \${{ secrets.POLYTOMIC_API_KEY }}
          secrets: \${{ toJSON(secrets) }} # only those that a manifest names are read
      - if: \${{ !cancelled() && steps.polytomic.outputs.html-file != '' }} # the report as a page
        uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1
        with: { path: '\${{ steps.polytomic.outputs.html-file }}', archive: false }
`;

/** The configuration file where there are rules from the beginning. */
export const configWithRules = config
  .replace('# rules: [', 'rules: [')
  .replace('; init --rules writes some:', ':');

/** Files by their path. */
export const starterFiles: Readonly<Record<string, string>> = {
  'polytomic.config.yaml': config,
  'polytomic/warehouse.yaml': manifest,
  '.github/workflows/polytomic.yml': workflow,
};
