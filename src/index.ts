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
export { whoami } from './workspace/access.js';
export type { Identity } from './api/calls.js';
export type { ApplyEvent, Outcome, Result } from './apply/apply.js';
export { DiagnosticError, type Diagnostic, type Place } from './core/diagnostics.js';
export type { Loaded } from './load/load.js';
export type { Action, Change, Plan } from './plan/plan.js';
export { VERSION } from './version.js';
