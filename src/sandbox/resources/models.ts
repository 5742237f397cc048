/** Models: built from a source by a job, fields written as names and read as objects. */
import { isJsonArray, isJsonObject, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { found, ok, refuse, Refusal, updates, type Reply, type Route, type SandboxRequest } from '../http.js';
import { startJob, type JobType } from './jobs.js';
import { modelRows } from '../moving/rows.js';
import { fieldsOf, sourceProblem, stableId } from './model-fields.js';
import { page } from './paging.js';
import { only, shuffled, type Store, type Stored } from '../store.js';
import { typeOfConnection } from './systems.js';

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

const readEnricher = (store: Store, model: Stored): JsonObject | null => {
  const { enricher } = model;
  if (!isJsonObject(enricher)) return null;
  return {
    ...enricher,
    fields: shuffled(
      fieldsOf(store, model).filter(({ enriched }) => enriched === true),
      store,
    ).map(({ enriched: _, ...field }) => field),
  };
};

/** As every answer shows a model. */
export const readModel = (store: Store, model: Stored): JsonObject => {
  const { additional_fields: _, labels, ...rest } = model;
  const source = store.get('connections', asText(model['connection_id']));
  const configuration = isJsonObject(rest['configuration']) ? rest['configuration'] : {};
  return {
    ...rest,
    // What is not set comes back empty, one way or the other.
    configuration: { ...configuration, ...(configuration['query'] === undefined ? { query: '' } : {}) },
    identifier: model['identifier'] ?? '',
    tracking_columns: model['tracking_columns'] ?? null,
    relations: model['relations'] ?? null,
    policies: model['policies'] ?? null,
    labels: isJsonArray(labels) ? labels.map((name) => ({ name, color: 'grey' })) : null,
    enricher: readEnricher(store, model),
    fields: shuffled(
      fieldsOf(store, model).filter(({ enriched }) => enriched !== true),
      store,
    ),
    organization_id: store.organization,
    type: source?.['type'] ?? '',
  };
};

const cannot = (status: number, key: string, message: string): never => {
  throw new Refusal(refuse(status, key, message));
};

/** Refuses what refers to nothing; the API does not say with which status, so with that of validation. */
const checkReferences = ({ body, store }: SandboxRequest): void => {
  const id = asText(body['connection_id']);
  const connection = store.get('connections', id);
  if (connection === undefined)
    return cannot(choices.invalidStatus, 'unknown_connection', `connection ${id} does not exist`);
  if (!typeOfConnection(store, connection).capabilities.source)
    cannot(choices.invalidStatus, 'no_source', `connection ${id} cannot be a source`);
  const { enricher } = body;
  if (!isJsonObject(enricher)) return;
  const other = store.get('connections', asText(enricher['connection_id']));
  if (other === undefined || !typeOfConnection(store, other).capabilities.enrichment)
    cannot(choices.invalidStatus, 'no_enrichment', 'enricher.connection_id cannot enrich');
};

/** The object to store: the server names the enricher. */
const accepted = ({ body, store }: SandboxRequest, version: number): JsonObject => {
  const { enricher } = body;
  return {
    ...only(body, [...sent, ...store.newer]),
    ...(isJsonObject(enricher)
      ? {
          enricher: {
            ...only(enricher, ['connection_id', 'configuration', 'mappings']),
            enricher_id: enricher['enricher_id'] ?? stableId(JSON.stringify([body['name'], enricher])),
          },
        }
      : {}),
    version,
  };
};

/** Answers with the model, or with the job that builds it. */
const built = (request: SandboxRequest, type: JobType, status: number, build: () => Stored): Reply => {
  const { store, query, body } = request;
  const problem = sourceProblem(body['configuration']);
  if (query['async'] !== 'true')
    return problem === undefined
      ? ok(readModel(store, build()), {}, status)
      : refuse(choices.invalidStatus, 'model_failed', problem);
  return startJob(
    store,
    type,
    problem === undefined ? { result: readModel(store, build()) } : { error: problem },
    status,
  );
};

const create = (request: SandboxRequest): Reply => {
  checkReferences(request);
  return built(request, 'createmodel', choices.createdStatus, () =>
    request.store.insert('models', accepted(request, 1)),
  );
};

const update = (request: SandboxRequest): Reply => {
  const { store, params } = request;
  const before = found(store.get('models', params['id'] ?? ''), 'model');
  checkReferences(request);
  return built(request, 'updatemodel', 200, () =>
    store.replace('models', before.id, accepted(request, Number(before['version'] ?? 1) + 1)),
  );
};

/** A preview keeps nothing, and is always a job. */
const preview = (request: SandboxRequest): Reply => {
  checkReferences(request);
  const { store, body } = request;
  const problem = sourceProblem(body['configuration']);
  const model: Stored = { ...accepted(request, 0), id: stableId(JSON.stringify(body)) };
  return startJob(
    store,
    'previewmodel',
    problem === undefined ? { result: readModel(store, model) } : { error: problem },
    200,
  );
};

/** Records of a model: for each, its fields by the id of the model. */
const sampleOf = (store: Store, model: Stored): JsonObject => {
  const names = new Set(fieldsOf(store, model).map(({ name }) => asText(name)));
  return {
    records: modelRows(store, model)
      .slice(0, choices.sampleSize)
      .map((row) => ({
        [model.id]: Object.fromEntries(Object.entries(row).filter(([name]) => names.has(name))),
      })),
    warnings: [],
  };
};

const sample = ({ store, params, query }: SandboxRequest): Reply => {
  const model = found(store.get('models', params['id'] ?? ''), 'model');
  return query['async'] === 'true'
    ? startJob(store, 'samplemodel', { result: sampleOf(store, model) }, 200)
    : ok(sampleOf(store, model));
};

export const modelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/models',
    query: ['page_token', 'limit'],
    answer: 'ModelListResponseEnvelope',
    handle: ({ store, query }) => page(store.list('models'), query, (model) => readModel(store, model)),
  },
  {
    method: 'POST',
    path: '/api/models',
    query: ['async'],
    body: 'CreateModelRequest',
    answer: 'ModelResponseEnvelope',
    handle: create,
  },
  {
    method: 'POST',
    path: '/api/model-preview',
    query: ['async'],
    body: 'CreateModelRequest',
    answer: 'ModelResponseEnvelope',
    handle: preview,
  },
  {
    method: 'GET',
    path: '/api/models/:id',
    query: ['async'],
    answer: 'ModelResponseEnvelope',
    handle: ({ store, params }) =>
      ok(readModel(store, found(store.get('models', params['id'] ?? ''), 'model'))),
  },
  ...updates({
    path: '/api/models/:id',
    query: ['async'],
    body: 'UpdateModelRequest',
    answer: 'ModelResponseEnvelope',
    handle: update,
  }),
  {
    // Nothing protects a model that a sync uses: the sync breaks.
    method: 'DELETE',
    path: '/api/models/:id',
    query: ['async'],
    handle: ({ store, params }) => {
      const { id } = found(store.get('models', params['id'] ?? ''), 'model');
      store.remove('models', id);
      return { status: choices.deletedStatus };
    },
  },
  {
    method: 'GET',
    path: '/api/models/:id/sample',
    query: ['async'],
    answer: 'ModelSampleResponseEnvelope',
    handle: sample,
  },
];
