/** Connection types: their schemas, and the values that their properties may take. */
import type { JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import type { SystemType } from '../catalog/catalog.js';
import { defaultsOf, isSecret, listedValues, propertiesOf, propertyOf } from '../catalog/configuration.js';
import { found, notFound, ok, type Reply, type Route, type SandboxRequest } from '../http.js';
import { connectionOf, logosOf, typeOfConnection } from './systems.js';

const shown = (type: SystemType): JsonObject => ({
  id: type.id,
  name: type.name,
  ...logosOf(type),
  use_oauth: type.oauth,
  capabilities: type.capabilities,
  // In the spelling of the wire: clients that say configuration_form read this.
  initialConfiguration: defaultsOf(type),
  configurationForm: { jsonschema: type.schema, uischema: {} },
  envConfig: {},
  // Nothing here has to be asked of somebody in a browser once more.
  oauth_prompt: null,
});

/** The values of a property: those that its schema names, and the tables for one that asks for them. */
const valuesOf = (type: SystemType, name: string): JsonObject => {
  const property = propertyOf(type, name);
  const listed = listedValues(property);
  const isFlag = listed.length === 0 && property?.['type'] === 'boolean';
  return {
    allows_creation: listed.length === 0 && !isFlag,
    values: isFlag ? [true, false].map((value) => ({ label: asText(value), value })) : listed,
  };
};

const typeValues = ({ store, params, body }: SandboxRequest): Reply => {
  const type = store.catalog.types.find(({ id }) => id === params['type']);
  if (type === undefined) return notFound('connection type');
  if (body['connection_id'] != null)
    found(store.get('connections', asText(body['connection_id'])), 'connection');
  const field = asText(body['field']);
  if (propertyOf(type, field) === undefined) return notFound(`property ${field}`);
  const { values, ...rest } = valuesOf(type, field);
  const wanted = asText(body['query']).toLowerCase();
  const matching = (values as readonly JsonObject[]).filter(({ label }) =>
    asText(label).toLowerCase().includes(wanted),
  );
  return ok({ [field]: { ...rest, values: matching } });
};

const connectionValues = (request: SandboxRequest): Reply => {
  const type = typeOfConnection(request.store, connectionOf(request));
  return ok(
    Object.fromEntries(
      propertiesOf(type)
        .filter(([name]) => !isSecret(type, name))
        .map(([name]) => [name, valuesOf(type, name)]),
    ),
  );
};

export const connectionTypeRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/connection_types',
    answer: 'ConnectionTypeResponseEnvelope',
    handle: ({ store }) => ok(store.catalog.types.map(shown)),
  },
  {
    // The one answer without an envelope: a JSON Schema.
    method: 'GET',
    path: '/api/connection_types/:id',
    answer: 'JsonSchema',
    handle: ({ store, params }) => {
      const type = store.catalog.types.find(({ id }) => id === params['id']);
      return type === undefined ? notFound('connection type') : { status: 200, body: type.schema };
    },
  },
  {
    method: 'POST',
    path: '/api/connection_types/:type/parameter_values',
    body: 'GetConnectionTypeParameterValuesRequestSchema',
    answer: 'ConnectionParameterValuesResponseEnvelope',
    handle: typeValues,
  },
  {
    method: 'GET',
    path: '/api/connections/:id/parameter_values',
    answer: 'ConnectionParameterValuesResponseEnvelope',
    handle: connectionValues,
  },
];
