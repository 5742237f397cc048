/** Connect sessions, usage, the proxy and the query runner of connections. In the notation of notation.ts. */
export const connectingTypes = `
ConnectCardRequest:
  connection, dark boolean, name! name, organization_id, redirect_url! url, ttl integer, type,
  use_organization_name boolean, whitelist [text]
ConnectCardResponse:
  redirect_url, token
ConnectCardResponseEnvelope:
  data ConnectCardResponse
ConnectSessionResponse:
  connection_id, dark boolean, expires_at instant, id, logo, name, organization_name, redirect_url, type,
  whitelist [text]
ConnectSessionResponseEnvelope:
  data ConnectSessionResponse
ConnectionUsageCategoryStats:
  calls integer, key, label
ConnectionUsageSyncStats:
  categories [ConnectionUsageCategoryStats], lastRunAt instant, syncId, syncName, syncType, totalCalls integer
ConnectionUsageResponse:
  bySync [ConnectionUsageSyncStats], callsLast24h integer, connectionId, reportsSyncStats boolean
GetConnectionUsageEnvelope:
  data ConnectionUsageResponse
UpdateConnectionProxySettingsRequest:
  enabled! boolean
ConnectionProxySettingsResponse:
  backendType, connectionId, enabled boolean, parentConnectionId, supported boolean
ConnectionProxySettingsEnvelope:
  data ConnectionProxySettingsResponse
ExecuteConnectionProxyRequest:
  async boolean, request! ConnectionProxyCall
ConnectionProxyCall:
  api, body any, headers map(text), method!, path!, query map, rawQuery
ConnectionProxyApi:
  default boolean, description, inheritedBase ConnectionProxyInheritedBase, name
ConnectionProxyContract:
  allowedMethods [text], blockedRequestHeaders [text], blockedResponseHeaders [text], bodyTypes [text],
  maxRequestBodyBytes integer, maxResponseBodyBytes integer, pathRule, queryModes [text],
  queryValueTypes [text], rateLimitPerMinute integer, rawQueryRule, timeoutMs integer
ConnectionProxyInfoResponse:
  apis [ConnectionProxyApi], backendType, connectionId, inheritedBase ConnectionProxyInheritedBase,
  mergeRules ConnectionProxyMergeRules, requestContract ConnectionProxyContract,
  stats ConnectionProxyStats
ConnectionProxyInheritedBase:
  baseUrl, lockedHeaders [ConnectionProxyLockedHeader], lockedQuery map
ConnectionProxyLockedHeader:
  name, redacted boolean, value
ConnectionProxyMergeRules:
  headers, query
ConnectionProxyResponse:
  body, contentType, headers map(text), jobId, jobStatus WorkTaskStatus, jobUrl, latencyMs integer,
  proxyCallId, status integer, truncated boolean
ConnectionProxyStats:
  callsLast24h integer, lastProxyCallAt instant, proxy2xxLast24h integer, proxy4xxLast24h integer,
  proxy5xxLast24h integer, proxyCallsLast24h integer
ExecuteConnectionProxyEnvelope:
  data ConnectionProxyResponse
GetConnectionProxyInfoEnvelope:
  data ConnectionProxyInfoResponse
QueryResultsEnvelope:
  data RunQueryResult, links RunQueryPagination
QueryStatus = 'created' | 'running' | 'unknown' | 'done' | 'failed'
RunQueryEnvelope:
  data RunQueryResult
RunQueryPagination:
  next, previous
RunQueryResult:
  count integer, error, expires, fields [text], id, results [map], status QueryStatus
`;
