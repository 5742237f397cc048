/** What versions before 2025-09-18 write in another way. In the notation of notation.ts. */
export const olderTypes = `
JsonSchema = map
OlderBulkSchedule:
  day_of_month, day_of_week, frequency! ScheduleFrequency, hour, minute, month, multi map
OlderBulkSyncRequest:
  active boolean, automatically_add_new_fields BulkDiscover, automatically_add_new_objects BulkDiscover,
  concurrency_limit number, data_cutoff_timestamp instant, destination_configuration! map,
  destination_connection_id!, disable_record_timestamps boolean, discover boolean,
  mode BulkSyncTargetMode, name! name, normalize_names BulkNormalizeNames, organization_id,
  policies [text], resync_concurrency_limit number, schedule! OlderBulkSchedule,
  schemas [text|SchemaConfiguration], source_configuration map, source_connection_id!
OlderBulkSyncResponse:
  active boolean, automatically_add_new_fields BulkDiscover, automatically_add_new_objects BulkDiscover,
  concurrency_limit number, created_at instant, created_by OutputActor, data_cutoff_timestamp instant,
  destination_configuration map, destination_connection_id, disable_record_timestamps boolean,
  discover boolean, id, mode BulkSyncTargetMode, name, normalize_names BulkNormalizeNames,
  organization_id, policies [text], resync_concurrency_limit number, schedule OlderBulkSchedule,
  source_configuration map, source_connection_id, updated_at instant, updated_by OutputActor
OlderBulkSyncEnvelope:
  data OlderBulkSyncResponse
OlderBulkSyncListEnvelope:
  data [OlderBulkSyncResponse], pagination PaginationDetails
OlderStartBulkSyncRequest:
  fetch_mode BulkFetchMode, resync boolean, resync_mode BulkResyncMode, schemas [text], test boolean
OlderSyncListEnvelope:
  data [SyncResponse]
OlderCancelExecutionRequest:
  status! 'canceled'
OlderTargetFieldsRequest:
  target!
OlderShareRequest:
  organization_id!, name
`;
