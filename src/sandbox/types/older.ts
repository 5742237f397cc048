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
OlderFilter:
  field Source, field_id, field_type FilterFieldReferenceType, function! FilterFunction, label, value any
OlderCreateSyncRequest:
  active boolean, encryption_passphrase, fields! [SyncField], filter_logic, filters [OlderFilter],
  identity Identity, mode! ModelsyncSyncTargetMode, name! name, only_enrich_updates boolean,
  organization_id, override_fields [SyncField], overrides [Override], policies [text],
  schedule! Schedule, skip_initial_backfill boolean, sync_all_records boolean, target! Target
OlderUpdateSyncRequest = OlderCreateSyncRequest
OlderSyncResponse:
  active boolean, created_at instant, created_by OutputActor, encryption_passphrase, fields [SyncField],
  filter_logic, filters [OlderFilter], id, identity Identity, mode ModelsyncSyncTargetMode,
  model_ids [text], name, only_enrich_updates boolean, organization_id, override_fields [SyncField],
  overrides [Override], policies [text], schedule Schedule, skip_initial_backfill boolean,
  sync_all_records boolean, target Target, updated_at instant, updated_by OutputActor
OlderSyncEnvelope:
  data OlderSyncResponse
OlderSyncListEnvelope:
  data [OlderSyncResponse]
OlderCancelExecutionRequest:
  status! 'canceled'
OlderTargetFieldsRequest:
  target!
OlderShareRequest:
  child_organization_id!, name
`;
