/** Jobs: work that takes longer than an answer. They are done after some looks. */
import type { Json } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import type { Store } from '../store.js';

const jobTypes = [
  'createmodel',
  'updatemodel',
  'previewmodel',
  'samplemodel',
  'exportlogs',
  'connectionproxy',
] as const;

export type JobType = (typeof jobTypes)[number];

/** Starts a job, and answers with it alone. */
export const startJob = (
  store: Store,
  type: JobType,
  outcome: { readonly result: Json } | { readonly error: string },
  status: number,
): Reply => {
  const { id } = store.insert('jobs', { type, looks: 0, ...outcome });
  return { status, body: { job: { job_id: id, type, status: 'created' } } };
};

const read = ({ store, params }: SandboxRequest): Reply => {
  const type = params['type'] ?? '';
  if (!(jobTypes as readonly string[]).includes(type))
    return refuse(400, 'unknown_job_type', `unknown job type ${type}`);
  const before = store.get('jobs', params['id'] ?? '');
  if (before?.['type'] !== type) return notFound('job');
  const looks = Number(before['looks']) + 1;
  const job = store.touch('jobs', before.id, { looks });
  const base = { job_id: job.id, type };
  if (looks < store.looks) return ok({ ...base, status: 'running' });
  return ok(
    job['error'] === undefined
      ? { ...base, status: 'done', result: job['result'] ?? null }
      : { ...base, status: 'failed', error: asText(job['error']) },
  );
};

export const jobRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/jobs/:type/:id', answer: 'JobResponseEnvelope', handle: read },
];
