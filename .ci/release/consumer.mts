// A program of somebody who uses the library: what it names has to have types under the strictest settings, and to run.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DiagnosticError,
  VERSION,
  loadSettings,
  planWorkspace,
  startSandbox,
  type Change,
  type Diagnostic,
  type Plan,
  type Sandbox,
  type Settings,
} from 'polytomic-gitops';

const manifest = `kind: Connection
key: db
name: Shop database
type: postgresql
configuration: { hostname: db.example.com, port: 5432, database: shop, username: sync }
`;

/** What a change does, in words. */
const line = ({ action, address }: Change): string => `${action} ${address}`;

const sandbox: Sandbox = await startSandbox();
const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-consumer-'));
try {
  await writeFile(path.join(folder, 'polytomic.config.yaml'), 'manifests: ["*.resource.yaml"]\n');
  await writeFile(path.join(folder, 'db.resource.yaml'), manifest);
  const settings: Settings = await loadSettings({
    cwd: folder,
    environment: { POLYTOMIC_URL: sandbox.url, POLYTOMIC_API_KEY: sandbox.apiKey },
  });
  const { ready, diagnostics } = await planWorkspace({ settings });
  const findings: readonly Diagnostic[] = diagnostics;
  const plan: Plan | undefined = ready?.plan;
  if (plan === undefined) throw new DiagnosticError(findings);
  console.log([VERSION, ...plan.changes.map(line)].join('\n'));
} finally {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
}
