/** Connections, their types and their proxies. In the notation of notation.ts. */
export const connectionsTypes = `
ConnectCardRequest:
  connection, dark boolean, name! name, organization_id, redirect_url! url, type, whitelist [text]
CreateConnectionRequestSchema:
  configuration! map, healthcheck_interval, name! name, organization_id, policies [text], redirect_url,
  type!, validate boolean
ExecuteConnectionProxyRequest:
  request! ConnectionProxyCall
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
ConnectCardResponse:
  redirect_url, token
ConnectCardResponseEnvelope:
  data ConnectCardResponse
ConnectionForm:
  jsonschema any, uischema any
ConnectionListResponseEnvelope:
  data [ConnectionResponseSchema]
ConnectionParameterValue:
  label, value any
ConnectionParameterValuesResp:
  allows_creation boolean, values [ConnectionParameterValue]
ConnectionParameterValuesResponseEnvelope:
  data map(ConnectionParameterValuesResp)
ConnectionProxyCall:
  body any, headers map(text), method!, path!, query map, rawQuery
ConnectionProxyContract:
  allowedMethods [text], blockedRequestHeaders [text], blockedResponseHeaders [text], bodyTypes [text],
  maxRequestBodyBytes number, maxResponseBodyBytes number, pathRule, queryModes [text],
  queryValueTypes [text], rateLimitPerMinute number, rawQueryRule, timeoutMs number
ConnectionProxyInfoResponse:
  backendType, connectionId, inheritedBase ConnectionProxyInheritedBase,
  mergeRules ConnectionProxyMergeRules, requestContract ConnectionProxyContract,
  stats ConnectionProxyStats
ConnectionProxyInheritedBase:
  baseUrl, lockedHeaders [ConnectionProxyLockedHeader], lockedQuery map
ConnectionProxyLockedHeader:
  name, redacted boolean, value
ConnectionProxyMergeRules:
  headers, query
ConnectionProxyResponse:
  body, contentType, headers map(text), latencyMs number, proxyCallId, status number, truncated boolean
ConnectionProxyStats:
  callsLast24h number, lastProxyCallAt instant, proxy2xxLast24h number, proxy4xxLast24h number,
  proxy5xxLast24h number, proxyCallsLast24h number
ConnectionResponseEnvelope:
  data ConnectionResponseSchema
ConnectionResponseSchema:
  api_calls_last_24_hours number, configuration map, created_at instant, created_by OutputActor, id,
  name, organization_id, parent_connection_id, policies [text], saved boolean, status, status_error,
  type ConnectionTypeSchema, updated_at instant, updated_by OutputActor
ConnectionType:
  capabilities! BackendConnectionCapabilities, configurationForm ConnectionForm, envConfig map, id,
  initialConfiguration map, logo_dark_url, logo_url, name, oauth_prompt BackendOAuthPrompt, use_oauth boolean
ConnectionTypeResponseEnvelope:
  data [ConnectionType]
ConnectionTypeSchema:
  id, logo_url, name, operations [text]
CreateConnectionResponseEnvelope:
  data CreateConnectionResponseSchema
CreateConnectionResponseSchema:
  auth_code, auth_url, configuration map, healthcheck_interval, id, name, organization_id,
  policies [text], saved boolean, status, status_error, type ConnectionTypeSchema
CreateSharedConnectionResponseEnvelope:
  data CreateSharedConnectionResponseSchema
CreateSharedConnectionResponseSchema:
  id
ExecuteConnectionProxyEnvelope:
  data ConnectionProxyResponse
GetConnectionProxyInfoEnvelope:
  data ConnectionProxyInfoResponse
`;
