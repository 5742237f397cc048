/** Bulk syncs, their schemas, schedules and executions. In the notation of notation.ts. */
export const bulkTypes = `
CreateBulkSyncRequest:
  active boolean, additional_schedules [BulkSyncAdditionalScheduleRequest],
  automatically_add_new_fields BulkDiscover, automatically_add_new_objects BulkDiscover,
  concurrency_limit number, data_cutoff_timestamp, default_schedule! BulkSyncDefaultScheduleRequest,
  destination_configuration! map, destination_connection_id!, disable_record_timestamps boolean,
  mode BulkSyncTargetMode, name! name, normalize_names BulkNormalizeNames, organization_id,
  policies [text], resync_concurrency_limit number, schemas [text|SchemaConfiguration],
  source_configuration map, source_connection_id!
StartBulkSyncRequest:
  fetch_mode BulkFetchMode, resync_mode BulkResyncMode, schemas [text], test boolean
UpdateBulkSyncRequest = CreateBulkSyncRequest
CreateScheduleRequest:
  schedule! BulkSyncScheduleApi
UpdateScheduleRequest:
  schedule! BulkSyncScheduleApi
UpdateBulkSchema:
  data_cutoff_timestamp, disable_data_cutoff boolean, enabled boolean, fields [UpdateBulkField],
  filters [BulkFilter], history_enabled boolean, partition_key, tracking_field, user_output_name
UpdateBulkSyncSchemasRequest:
  schemas [BulkSchema]
BulkBulkSyncSchedule:
  createdAt instant, createdBy, dayOfMonth, dayOfWeek, deletedAt instant, deletedBy,
  frequency! ScheduleFrequency, hour, isDefault boolean, minute, month, schemas [text],
  selectiveMode BulkSelectiveMode, syncId, syncMode BulkScheduleSyncMode, updatedAt instant, updatedBy
BulkDiscover = 'all' | 'onlyIncremental' | 'onlyNonIncremental' | 'none'
BulkExecutionStatus = 'created' | 'scheduled' | 'running' | 'exporting' | 'canceling' | 'canceled'
  | 'completed' | 'failed' | 'processing' | 'errors' | 'interrupted'
BulkFetchMode = 'none' | 'incremental' | 'full'
BulkField:
  enabled boolean, id, obfuscated boolean, output_name, user_output_name
BulkFilter:
  field_id, function! FilterFunction, value any
BulkNormalizeNames = 'enabled' | 'disabled' | 'legacy'
BulkOutputDisposition = 'retain' | 'truncate' | 'rebuild'
BulkResyncMode = 'refetch' | 'resync' | 'rebuild'
BulkScheduleSyncMode = 'normal' | 'refetch' | 'resync' | 'rebuild'
BulkSchema:
  data_cutoff_timestamp, destination_history_output_name, disable_data_cutoff boolean, enabled boolean,
  fields [BulkField], filters [BulkFilter], history_enabled boolean, id, output_name, partition_key, tracking_field, user_output_name
BulkSchemaEnvelope:
  data BulkSchema
BulkSchemaExecutionStatus = 'created' | 'scheduled' | 'running' | 'exporting' | 'canceled' | 'completed'
  | 'failed' | 'interrupted' | 'processing'
BulkSchemaListItem:
  data_cutoff_timestamp, destination_history_output_name, disable_data_cutoff boolean, enabled boolean,
  history_enabled boolean, id, output_name, partition_key,
  tracking_field, user_output_name
BulkSelectiveMode = 'none' | 'incrementalFields' | 'nonincrementalFields'
BulkSyncAdditionalScheduleRequest:
  day_of_month, day_of_week, frequency! ScheduleFrequency, hour, id, minute, month,
  resync_mode BulkScheduleSyncMode, schemas [text], selective_mode BulkSelectiveMode
BulkSyncAdditionalScheduleResponse:
  created_at instant, created_by OutputActor, day_of_month, day_of_week, frequency! ScheduleFrequency,
  hour, id, minute, month, resync_mode BulkScheduleSyncMode, schemas [text],
  selective_mode BulkSelectiveMode, updated_at instant, updated_by OutputActor
BulkSyncDefaultScheduleRequest:
  day_of_month, day_of_week, frequency! ScheduleFrequency, hour, id, minute, month
BulkSyncDefaultScheduleResponse:
  created_at instant, created_by OutputActor, day_of_month, day_of_week, frequency! ScheduleFrequency,
  hour, id, minute, month, updated_at instant, updated_by OutputActor
BulkSyncDest:
  configuration map, modes [SupportedBulkMode], supported_resync_modes [BulkResyncMode],
  supports_history_mode boolean
BulkSyncDestEnvelope:
  data BulkSyncDest
BulkSyncExecution:
  completed_at instant, created_at instant, error_count number, fetch_mode BulkFetchMode, id,
  is_partial boolean, is_resync boolean, is_test boolean, output_disposition BulkOutputDisposition,
  record_count number, schemas [BulkSyncSchemaExecution], started_at instant, status BulkExecutionStatus,
  status_message, type, updated_at instant, version, warning_count number
BulkSyncExecutionEnvelope:
  data BulkSyncExecution
BulkSyncExecutionLogs:
  Expires instant, URLs [text]
BulkSyncExecutionLogsEnvelope:
  data BulkSyncExecutionLogs
BulkSyncExecutionStatus:
  nextExecutionTime instant, schemas [BulkSyncSchemaExecutionStatus], status BulkExecutionStatus, sync_id
BulkSyncIngestionStatus:
  enabled boolean, highwater_mark, is_running boolean, position, position_time instant,
  status IngestionStatusLevel, status_message, updated_at instant
BulkSyncListEnvelope:
  data [BulkSyncResponse], pagination PaginationDetails
BulkSyncResponse:
  active boolean, additional_schedules [BulkSyncAdditionalScheduleResponse],
  automatically_add_new_fields BulkDiscover, automatically_add_new_objects BulkDiscover,
  concurrency_limit number, created_at instant, created_by OutputActor, data_cutoff_timestamp,
  default_schedule BulkSyncDefaultScheduleResponse, destination_configuration map,
  destination_connection_id, disable_record_timestamps boolean, id, mode BulkSyncTargetMode, name,
  normalize_names BulkNormalizeNames, organization_id, policies [text], resync_concurrency_limit number,
  source_configuration map, source_connection_id, updated_at instant, updated_by OutputActor
BulkSyncResponseEnvelope:
  data BulkSyncResponse
BulkSyncScheduleApi:
  dayOfMonth, dayOfWeek, frequency! ScheduleFrequency, hour, minute, month,
  selectiveMode BulkSelectiveMode
BulkSyncSchemaExecution:
  completed_at instant, created_at instant, error_count number, output_name, record_count number, schema,
  started_at instant, status BulkSchemaExecutionStatus, status_message, updated_at instant, version,
  warning_count number
BulkSyncSchemaExecutionStatus:
  completed_at instant, error_count number, execution_id, record_count number, schema,
  started_at instant, status BulkSchemaExecutionStatus, status_message, warning_count number
BulkSyncSource:
  capabilities BulkSyncSourceCapabilities, configuration any, schemas [Schema]
BulkSyncSourceCapabilities:
  supports_namespaces boolean, supports_tracking_fields boolean
BulkSyncSourceEnvelope:
  data BulkSyncSource
BulkSyncSourceSchemaEnvelope:
  data Schema
BulkSyncSourceStatus:
  cache_status, last_refresh_finished instant, last_refresh_started instant
BulkSyncSourceStatusEnvelope:
  data BulkSyncSourceStatus
BulkSyncStatusEnvelope:
  data BulkSyncStatusResponse
BulkSyncStatusResponse:
  current_execution BulkSyncExecution, ingestion_status BulkSyncIngestionStatus,
  last_execution BulkSyncExecution, next_execution_time instant
BulkSyncTargetMode = 'snapshot' | 'replicate' | 'append'
CancelBulkSyncResponse:
  message
CancelBulkSyncResponseEnvelope:
  data CancelBulkSyncResponse
ExportSyncLogsEnvelope:
  data ExportSyncLogsResponse, job JobResponse
ExportSyncLogsResponse:
  url
FieldConfiguration:
  enabled boolean, id, obfuscate boolean, user_output_name
IngestionStatusLevel = 'ok' | 'warning' | 'error'
ListBulkSchemaEnvelope:
  data [BulkSchemaListItem]
ListBulkSyncExecutionsEnvelope:
  data [BulkSyncExecution], pagination PaginationDetails
ListBulkSyncExecutionsStatusEnvelope:
  data [BulkSyncExecutionStatus]
ScheduleEnvelope:
  data BulkBulkSyncSchedule
SchedulesEnvelope:
  data [BulkBulkSyncSchedule]
SchemaConfiguration:
  data_cutoff_timestamp, disable_data_cutoff boolean, enabled boolean, fields [text|FieldConfiguration],
  filters [BulkFilter], history_enabled boolean, id, partition_key, tracking_field, user_output_name
SupportedBulkMode:
  description, id BulkSyncTargetMode, label, requires_identity boolean, supports_field_sync_mode boolean,
  supports_target_filters boolean
UpdateBulkField:
  enabled boolean, id, obfuscated boolean, user_output_name
UpdateBulkSyncSchemasEnvelope:
  data [BulkSchema]
`;
