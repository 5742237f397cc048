/** Models: built from a source by a job, fields written as names and read as objects. */
import { createHash } from 'node:crypto';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { choices } from './choices.js';
import { organization, sourceTables } from './fixtures.js';
import { notFound, ok, refuse, Refusal, type Reply, type Route, type SandboxRequest } from './http.js';
import { page } from './paging.js';
import { only, shuffled, type Store, type Stored } from './store.js';
import { asText } from '../core/text.js';

const sent = [
  'name',
  'connection_id',
  'configuration',
  'identifier',
  'fields',
  'additional_fields',
  'tracking_columns',
  'relations',
  'enricher',
  'labels',
  'policies',
];

const objects = (value: Json | undefined): readonly JsonObject[] =>
  isJsonArray(value) ? value.filter(isJsonObject) : [];

/** The same field of the same model has the same id. */
const fieldId = (model: string, name: string): string => {
  const hash = createHash('sha256').update(`${model} ${name}`).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};

/** The columns of a model's source; those of a query are the names that it selects. */
const columnsOf = (configuration: Json | undefined): Readonly<Record<string, string>> => {
  const { table, query } = isJsonObject(configuration) ? configuration : {};
  const known = typeof table === 'string' ? sourceTables[table] : undefined;
  if (known !== undefined) return known;
  const selected = typeof query === 'string' ? /select\s+(.+?)\s+from\s/is.exec(query)?.[1] : undefined;
  const names = selected
    ?.split(',')
    .map((part) => /(\w+)\s*$/.exec(part)?.[1])
    .filter((name) => name !== undefined);
  const list = names === undefined || names.length === 0 ? choices.unknownTableFields : names;
  return Object.fromEntries(list.map((name) => [name, 'string']));
};

/** The id of a model's field by its name, or undefined where it has no such field. */
export const modelFieldId = (model: Stored, name: string): string | undefined =>
  fieldsOf(model).some((field) => field['name'] === name) ? fieldId(model.id, name) : undefined;

/** The name of a model's field by its id, or undefined. */
export const modelFieldName = (model: Stored, id: string): string | undefined => {
  const name = fieldsOf(model).find((field) => field['id'] === id)?.['name'];
  return typeof name === 'string' ? name : undefined;
};

const fieldsOf = (model: Stored): readonly JsonObject[] => {
  const columns = columnsOf(model['configuration']);
  const wanted =
    isJsonArray(model['fields']) && model['fields'].length > 0
      ? model['fields'].map(asText)
      : Object.keys(columns);
  return [
    ...wanted.map((name) => ({
      id: fieldId(model.id, name),
      name,
      label: name,
      type: columns[name] ?? 'string',
      remote_type: columns[name] === 'number' ? 'INT' : 'VARCHAR',
      user_added: false,
      unique: name === 'id',
      example: null,
    })),
    ...objects(model['additional_fields']).map((field) => ({
      id: fieldId(model.id, asText(field['name'])),
      name: field['name'] ?? '',
      label: field['label'] ?? '',
      type: field['type'] ?? 'string',
      user_added: true,
      example: field['example'] ?? null,
    })),
  ];
};

const read = (store: Store, model: Stored): JsonObject => {
  const { additional_fields: _, labels, ...rest } = model;
  const source = store.get('connections', asText(model['connection_id']));
  return {
    ...rest,
    // What is not set comes back empty, one way or the other.
    configuration: {
      ...(isJsonObject(rest['configuration']) ? rest['configuration'] : {}),
      ...(isJsonObject(rest['configuration']) && rest['configuration']['query'] === undefined
        ? { query: '' }
        : {}),
    },
    identifier: model['identifier'] ?? '',
    tracking_columns: model['tracking_columns'] ?? null,
    relations: model['relations'] ?? null,
    policies: model['policies'] ?? null,
    labels: isJsonArray(labels) ? labels.map((name) => ({ name, color: 'grey' })) : null,
    fields: shuffled(fieldsOf(model), store),
    organization_id: organization.id,
    type: source?.['type'] ?? '',
  };
};

/** What the source says about a model, or why it cannot be built. */
const problemOf = (body: JsonObject): string | undefined => {
  const { table } = isJsonObject(body['configuration']) ? body['configuration'] : {};
  return typeof table === 'string' && table.split('.')[0] === choices.missingSchema
    ? `table ${table} does not exist`
    : undefined;
};

const checkConnection = ({ body, store }: SandboxRequest): void => {
  if (store.get('connections', asText(body['connection_id'])) === undefined)
    throw new Refusal(
      refuse(422, 'unknown_connection', `connection ${asText(body['connection_id'])} does not exist`),
    );
};

/** Answers with the model, or with the job that builds it. */
const built = (request: SandboxRequest, type: string, status: number, build: () => Stored): Reply => {
  const { store, query, body } = request;
  const problem = problemOf(body);
  if (query['async'] !== 'true')
    return problem === undefined
      ? ok(read(store, build()), {}, status)
      : refuse(422, 'model_failed', problem);
  const job = store.startJob(
    type,
    problem === undefined ? { result: read(store, build()) } : { error: problem },
  );
  return { status, body: { job: { job_id: job.id, type, status: 'created' } } };
};

const create = (request: SandboxRequest): Reply => {
  checkConnection(request);
  return built(request, 'createmodel', choices.createdStatus, () =>
    request.store.insert('models', { ...only(request.body, sent), version: 1 }),
  );
};

const update = (request: SandboxRequest): Reply => {
  const { store, params, body } = request;
  const id = params['id'] ?? '';
  const before = store.get('models', id);
  if (before === undefined) return notFound('model');
  checkConnection(request);
  return built(request, 'updatemodel', 200, () =>
    store.replace('models', id, { ...only(body, sent), version: Number(before['version'] ?? 1) + 1 }),
  );
};

const jobTypes = ['createmodel', 'updatemodel', 'previewmodel', 'samplemodel', 'exportlogs'];

export const modelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/models',
    handle: ({ store, query }) => page(store.list('models'), query, (model) => read(store, model)),
  },
  { method: 'POST', path: '/api/models', schema: 'model', handle: create },
  {
    method: 'GET',
    path: '/api/models/:id',
    handle: ({ store, params }) => {
      const found = store.get('models', params['id'] ?? '');
      return found === undefined ? notFound('model') : ok(read(store, found));
    },
  },
  ...(['PATCH', 'PUT'] as const).map((method): Route => ({
    method,
    path: '/api/models/:id',
    in: ({ updateMethod }) => updateMethod === method,
    schema: 'model',
    handle: update,
  })),
  {
    // Nothing protects a model that a sync uses: the sync breaks.
    method: 'DELETE',
    path: '/api/models/:id',
    handle: ({ store, params }) =>
      store.remove('models', params['id'] ?? '') ? { status: choices.deletedStatus } : notFound('model'),
  },
  {
    method: 'GET',
    path: '/api/jobs/:type/:id',
    handle: ({ store, params }) => {
      if (!jobTypes.includes(params['type'] ?? ''))
        return refuse(400, 'unknown_job_type', `unknown job type ${params['type'] ?? ''}`);
      const job = store.job(params['id'] ?? '');
      if (job === undefined || job.type !== params['type']) return notFound('job');
      job.polls += 1;
      const base = { job_id: job.id, type: job.type };
      if (job.polls < job.needed) return ok({ ...base, status: 'running' });
      return ok(
        'error' in job.outcome
          ? { ...base, status: 'failed', error: job.outcome.error }
          : { ...base, status: 'done', result: job.outcome.result },
      );
    },
  },
];
