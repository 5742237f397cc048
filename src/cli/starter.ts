/** What `init` writes. */
import { MANIFEST_SCHEMA, modeline } from '../load/schema-url.js';

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

const workflow = `# The plan on each pull request, the apply on each merge.
name: polytomic
on:
  pull_request:
    paths: ['polytomic/**', 'polytomic.config.yaml']
  push:
    branches: [main]
    paths: ['polytomic/**', 'polytomic.config.yaml']
permissions:
  contents: read
# One run at a time: two applies would work against each other.
concurrency:
  group: polytomic-\${{ github.event_name }}
jobs:
  reconcile:
    runs-on: ubuntu-latest
    env:
      POLYTOMIC_API_KEY: \${{ secrets.POLYTOMIC_API_KEY }}
      WAREHOUSE_PASSWORD: \${{ secrets.WAREHOUSE_PASSWORD }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      # The state tells which live object belongs to which manifest.
      - uses: actions/cache@v4
        with:
          path: .polytomic/state
          key: polytomic-state-\${{ github.run_id }}-\${{ github.run_attempt }}
          restore-keys: polytomic-state-
      - name: Validate
        run: npx polytomic-gitops validate --without-secrets
      - name: Plan
        # A pull request from a fork has no secrets, and so no plan.
        if: github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository
        run: npx polytomic-gitops plan
      - name: Apply
        if: github.event_name == 'push'
        run: npx polytomic-gitops apply --yes
`;

/** Files by their path. */
export const starterFiles: Readonly<Record<string, string>> = {
  'polytomic.config.yaml': config,
  'polytomic/warehouse.yaml': manifest,
  '.github/workflows/polytomic.yml': workflow,
};
