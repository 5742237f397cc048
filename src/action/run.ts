/** One run of the Action: reads it, does what its event asks for, in each environment, and hands on what came of it. */
import { DiagnosticError } from '../core/diagnostics.js';
import { createScrubber, scrubCrash } from '../core/scrub.js';
import { apply } from './commands/apply.js';
import { check } from './commands/check.js';
import { drift } from './commands/drift.js';
import { exportLive } from './commands/export.js';
import { plan } from './commands/plan.js';
import { status } from './commands/status.js';
import { validate } from './commands/validate.js';
import { commandFor } from './event.js';
import { GitHubError } from './github/client.js';
import { readInputs, type CommandName, type Inputs } from './inputs.js';
import { nothing, scrubbed, type Report } from './reports.js';
import { annotate, fail, mask, setOutputs } from './runner.js';
import { environmentsIn, openSession, readRun, type Run, type Session } from './session.js';

const commands: Readonly<Record<CommandName, (session: Session) => Promise<Report>>> = {
  plan,
  check,
  apply,
  drift,
  status,
  export: exportLive,
  validate,
};

const commandOf = ({ inputs, event }: Run): CommandName => {
  if (inputs.command !== 'auto') return inputs.command;
  const command = commandFor(event);
  if (command !== undefined) return command;
  throw new DiagnosticError([
    {
      severity: 'error',
      code: 'unknown-event',
      message: `nothing follows from the event ${event.type === 'other' ? event.name : event.type}`,
      hint: 'name a command in the input command, or run on pull_request, pull_request_review, merge_group, push, schedule or workflow_dispatch',
    },
  ]);
};

/** Reports of several environments as one: numbers add up, files and addresses stand line by line. */
const added = (a: Report, b: Report): Report => ({
  failed: a.failed || b.failed,
  creates: a.creates + b.creates,
  updates: a.updates + b.updates,
  deletes: a.deletes + b.deletes,
  replaces: a.replaces + b.replaces,
  changes: a.changes + b.changes,
  converged: a.converged && b.converged,
  runs: a.runs + b.runs,
  failedRuns: a.failedRuns + b.failedRuns,
  ...joined('digest', a, b),
  ...joined('commentUrl', a, b),
  ...joined('planFile', a, b),
  ...joined('reportFile', a, b),
  ...joined('htmlFile', a, b),
});

const joined = (
  name: 'digest' | 'commentUrl' | 'planFile' | 'reportFile' | 'htmlFile',
  a: Report,
  b: Report,
): Partial<Report> => {
  const values = [a[name], b[name]].filter((value) => value !== undefined);
  return values.length === 0 ? {} : { [name]: values.join('\n') };
};

const failures = (
  error: unknown,
): readonly { severity: 'error'; code: string; message: string }[] | undefined =>
  error instanceof GitHubError ? [{ severity: 'error', code: 'github', message: error.message }] : undefined;

/** One environment; what goes wrong with it is told, and the others go on. */
const inEnvironment = async (run: Run, command: CommandName, name: string): Promise<Report> => {
  try {
    return await commands[command](await openSession(run, name));
  } catch (error) {
    const findings = error instanceof DiagnosticError ? error.diagnostics : failures(error);
    if (findings === undefined) throw error;
    annotate(scrubbed(run, findings), ({ file }) => file);
    return { ...nothing, failed: true, converged: false };
  }
};

const outputsOf = (report: Report): Readonly<Record<string, string | number | boolean>> => ({
  'has-changes': report.changes > 0,
  creates: report.creates,
  updates: report.updates,
  deletes: report.deletes,
  replaces: report.replaces,
  'plan-file': report.planFile ?? '',
  'report-file': report.reportFile ?? '',
  'html-file': report.htmlFile ?? '',
  digest: report.digest ?? '',
  'comment-url': report.commentUrl ?? '',
  runs: report.runs,
  'failed-runs': report.failedRuns,
  converged: report.converged,
});

/** Runs it with this process's environment, output and exit code, as the runner's own library does. Never throws. */
export const runAction = async (pace: Run['pace'] = {}): Promise<void> => {
  let inputs: Inputs | undefined;
  try {
    inputs = readInputs();
    const { apiKey, stateKey, token, ownersToken } = inputs;
    mask([apiKey, stateKey, token, ownersToken].flatMap((secret) => secret ?? []));
    const run: Run = { ...(await readRun(inputs, process.env)), pace, coming: new Map() };
    const command = commandOf(run);
    let report = nothing;
    for (const name of await environmentsIn(run))
      report = added(report, await inEnvironment(run, command, name));
    setOutputs(outputsOf(report));
    if (report.failed) fail('The run failed: see the findings above.');
  } catch (error) {
    if (error instanceof DiagnosticError) {
      const { apiKey, stateKey, token, ownersToken } = inputs ?? {};
      const scrub = createScrubber([apiKey, stateKey, token, ownersToken].flatMap((secret) => secret ?? []));
      annotate(scrubbed({ scrub }, error.diagnostics), ({ file }) => file);
      fail('The run could not begin: see the findings above.');
      return;
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    fail(`This is a bug in polytomic-gitops; please report it with this text:\n${scrubCrash(text)}`);
  }
};
