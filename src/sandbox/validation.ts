/** Request bodies: what is required and of which type, as the reference's tables say. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonObject } from '../core/json.js';
import { choices } from './choices.js';
import { refuse, type Reply } from './http.js';

const text = { type: 'string' };
const id = { type: 'string', format: 'uuid' };
const map = { type: 'object' };
const strings = { type: ['array', 'null'], items: text };
const source = {
  type: 'object',
  required: ['model_id', 'field'],
  properties: { model_id: text, field: text },
};
const mapping = {
  type: 'object',
  required: ['target'],
  properties: {
    target: text,
    source: { anyOf: [source, { type: 'null' }, map] },
    override_value: text,
    sync_mode: text,
    new: { type: 'boolean' },
  },
};
const modes = ['create', 'update', 'updateOrCreate', 'replace', 'append', 'remove', 'snapshot'];

const connection = {
  type: 'object',
  required: ['name', 'configuration'],
  properties: {
    name: { ...text, minLength: 1 },
    type: text,
    configuration: map,
    policies: strings,
    validate: { type: 'boolean' },
    redirect_url: text,
    healthcheck_interval: text,
  },
};

const schemas: Readonly<Record<string, object>> = {
  createConnection: { ...connection, required: [...connection.required, 'type'] },
  updateConnection: connection,
  model: {
    type: 'object',
    required: ['name', 'connection_id', 'configuration'],
    properties: {
      name: { ...text, minLength: 1 },
      connection_id: id,
      configuration: map,
      identifier: text,
      fields: strings,
      additional_fields: {
        type: ['array', 'null'],
        items: { type: 'object', required: ['name', 'label', 'type'] },
      },
      tracking_columns: strings,
      labels: strings,
      relations: { type: ['array', 'null'], items: map },
      policies: strings,
    },
  },
  sync: {
    type: 'object',
    required: ['name', 'mode', 'fields', 'schedule', 'target'],
    properties: {
      name: { ...text, minLength: 1 },
      mode: { enum: modes },
      active: { type: 'boolean' },
      fields: { type: 'array', items: mapping },
      override_fields: { type: ['array', 'null'], items: mapping },
      filters: { type: ['array', 'null'], items: { type: 'object', required: ['function'] } },
      overrides: { type: ['array', 'null'], items: map },
      identity: {
        type: ['object', 'null'],
        required: ['source', 'target', 'function'],
        properties: { source },
      },
      schedule: {
        type: 'object',
        properties: Object.fromEntries(
          ['frequency', 'minute', 'hour', 'day_of_week', 'day_of_month', 'month'].map((name) => [name, text]),
        ),
      },
      target: {
        type: 'object',
        required: ['connection_id'],
        properties: { connection_id: id, object: text, configuration: map },
      },
    },
  },
  activate: { type: 'object', required: ['active'], properties: { active: { type: 'boolean' } } },
  start: {
    type: 'object',
    properties: { identities: strings, resync: { type: 'boolean' }, test: { type: 'boolean' } },
  },
  webhook: {
    type: 'object',
    required: ['endpoint', 'secret'],
    properties: { endpoint: { ...text, pattern: '^https?://' }, secret: { ...text, minLength: 1 } },
  },
  policy: {
    type: 'object',
    required: ['name'],
    properties: {
      name: { ...text, minLength: 1 },
      policy_actions: {
        type: ['array', 'null'],
        items: { type: 'object', required: ['action'], properties: { action: text, role_ids: strings } },
      },
    },
  },
  role: { type: 'object', required: ['name'], properties: { name: { ...text, minLength: 1 } } },
  createUser: {
    type: 'object',
    required: ['email'],
    properties: { email: { ...text, pattern: '@' }, role: text, role_ids: strings },
    not: { required: ['role', 'role_ids'] },
  },
  updateUser: {
    type: 'object',
    properties: { role: text, role_ids: strings },
    not: { required: ['role', 'role_ids'] },
  },
  subscribers: {
    type: 'object',
    properties: { emails: { type: ['array', 'null'], items: { ...text, pattern: '@' } } },
  },
  testConnection: {
    type: 'object',
    required: ['type', 'configuration'],
    properties: { type: text, configuration: map, connection_id: text },
  },
  targetFields: { type: 'object', required: ['target'], properties: { target: text } },
};

const ajv = new Ajv2020({ allErrors: true, strict: false });
ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i);
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with a body, or undefined. */
export const invalid = (name: string, body: JsonObject): Reply | undefined => {
  const validate = compiled.get(name) ?? ajv.compile(schemas[name] ?? {});
  compiled.set(name, validate);
  if (validate(body)) return undefined;
  const messages = (validate.errors ?? []).map(({ instancePath, message }) =>
    `${instancePath.slice(1).replaceAll('/', '.')} ${message ?? ''}`.trim(),
  );
  return refuse(choices.invalidStatus, 'validation_failed', messages.join('; '), { errors: messages });
};
