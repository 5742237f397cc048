/** `polytomic-gitops` as a library. */
export { startSandbox, type Sandbox, type SandboxOptions } from './sandbox/index.js';
export {
  applyWorkspace,
  loadSettings,
  planWorkspace,
  validateWorkspace,
  type ApplyRun,
  type PlannedWorkspace,
  type RunOptions,
  type Settings,
} from './workspace.js';
export { exportWorkspace, type ExportRun } from './workspace/export.js';
export { readTerraformFile } from './workspace/terraform.js';
export { writeExport, type WriteExport } from './workspace/write-export.js';
export {
  planAdoption,
  prepareAdoption,
  type Adopted,
  type AdoptReady,
  type AdoptRun,
} from './workspace/adopt.js';
export { adoptByName, adoptByWish, type Adoptions, type Wish } from './export/adoption.js';
export type { Exported, ExportedFile, ExportedResource } from './export/exported.js';
export { whoami } from './workspace/access.js';
export type { Identity } from './api/calls.js';
export type { ApplyEvent, Outcome, Result } from './apply/apply.js';
export { DiagnosticError, type Diagnostic, type Place } from './core/diagnostics.js';
export type { Loaded } from './load/load.js';
export type { Action, Change, Columns, Plan } from './plan/plan.js';
export { VERSION } from './version.js';
