/** Connections and their types. In the notation of notation.ts. */
export const connectionsTypes = `
CreateConnectionRequestSchema:
  configuration! map, healthcheck_interval, name! name, organization_id, policies [text], redirect_url,
  type!, validate boolean
GetConnectionTypeParameterValuesRequestSchema:
  connection_id, field!, parameters map, query
PartnerCreateSharedConnectionRequestSchema:
  child_organization_id!, name
TestConnectionRequest:
  configuration! map, connection_id, type!
UpdateConnectionRequestSchema:
  configuration! map, healthcheck_interval, name! name, organization_id, policies [text],
  reconnect boolean, type, validate boolean
BackendConnectionCapabilities:
  destination! boolean, enrichment! boolean, logging! boolean, orchestration! boolean, source! boolean
BackendOAuthPrompt:
  key, value, when
ConnectionForm:
  jsonschema any, uischema any
ConnectionListResponseEnvelope:
  data [ConnectionResponseSchema]
ConnectionParameterValue:
  label, path, value any
ConnectionParameterValuesResp:
  allows_creation boolean, values [ConnectionParameterValue]
ConnectionParameterValuesResponseEnvelope:
  data map(ConnectionParameterValuesResp)
ConnectionResponseEnvelope:
  data ConnectionResponseSchema
ConnectionResponseSchema:
  api_calls_last_24_hours number, configuration map, created_at instant, created_by OutputActor, id,
  name, organization_id, parent_connection_id, policies [text],
  rate_limit ConnectionResponseSchemaRateLimit, saved boolean, status, status_error,
  type ConnectionTypeSchema, updated_at instant, updated_by OutputActor
ConnectionResponseSchemaRateLimit:
  currently_limited boolean, expires_at instant, limited_since instant
ConnectionType:
  capabilities! BackendConnectionCapabilities, configurationForm ConnectionForm, envConfig map, id,
  initialConfiguration map, logo_dark_url, logo_url, name, oauth_prompt BackendOAuthPrompt, use_oauth boolean
ConnectionTypeResponseEnvelope:
  data [ConnectionType]
ConnectionTypeSchema:
  id, logo_dark_url, logo_url, name, operations [text]
CreateConnectionResponseEnvelope:
  data CreateConnectionResponseSchema
CreateConnectionResponseSchema:
  auth_code, auth_url, configuration map, healthcheck_interval, id, name, organization_id,
  policies [text], saved boolean, status, status_error, type ConnectionTypeSchema
CreateSharedConnectionResponseEnvelope:
  data CreateSharedConnectionResponseSchema
CreateSharedConnectionResponseSchema:
  id
`;
