/** Model syncs, their targets and executions. In the notation of notation.ts. */
export const syncsTypes = `
CreateSyncRequest:
  active boolean, encryption_passphrase, fields! [SyncField], filter_logic, filters [Filter],
  identities ModelSyncIdentities, identity Identity, mode! ModelsyncSyncTargetMode,
  model_filters ModelFilters, name! name, only_enrich_updates boolean, organization_id,
  override_fields [SyncField], overrides [Override], policies [text], schedule! Schedule,
  skip_initial_backfill boolean, sync_all_records boolean, target! Target, target_filters TargetFilters
StartSyncRequest:
  identities [text], resync boolean, source_identities [SourceIdentities], test boolean
SourceIdentities = [ModelSyncSourceIdentity]
UpdateSyncRequest = CreateSyncRequest
ActivateSyncEnvelope:
  data ActivateSyncOutput
ActivateSyncInput:
  active! boolean
ActivateSyncOutput:
  active boolean, id
CancelSyncExecutionResponse:
  message
CancelSyncExecutionResponseEnvelope:
  data CancelSyncExecutionResponse
CancelSyncResponse:
  message
CancelSyncResponseEnvelope:
  data CancelSyncResponse
ConfigurationValue:
  items [any], type
ExecutionConsoleLogEntry:
  id, level, message, payload map, timestamp instant
ExecutionConsoleLogsResponse:
  entries [ExecutionConsoleLogEntry], next_cursor
ExecutionConsoleLogsResponseEnvelope:
  data ExecutionConsoleLogsResponse
ExecutionCounts:
  delete number, error number, insert number, total number, update number, upserts number,
  warnings number
ExecutionLogResponse:
  expires instant, urls [text]
ExecutionLogType = 'records' | 'errors' | 'warnings' | 'inserts' | 'updates' | 'deletes'
LogsIndexEntry:
  count integer, url
LogsIndexResponse:
  deletes LogsIndexEntry, errors LogsIndexEntry, inserts LogsIndexEntry, records LogsIndexEntry,
  updates LogsIndexEntry, warnings LogsIndexEntry
LogsIndexResponseEnvelope:
  data LogsIndexResponse
ExecutionLogsResponseEnvelope:
  data ExecutionLogResponse
Filter:
  field Source, field_id, field_type FilterFieldReferenceType, function! FilterFunction, label, value any,
  value_field Source
FilterFieldReferenceType = 'Model' | 'Target'
FilterFunction = 'Equality' | 'Inequality' | 'IsNull' | 'IsNotNull' | 'True' | 'False' | 'OnOrAfter'
  | 'OnOrBefore' | 'GreaterThan' | 'GreaterThanEqual' | 'LessThan' | 'LessThanEqual' | 'StringContains'
  | 'StringStartsWith' | 'StringEndsWith' | 'StringDoesNotContain' | 'StringDoesNotStartWith'
  | 'StringDoesNotEndWith' | 'StringOneOf' | 'StringNotOneOf' | 'Between' | 'ArrayContains'
  | 'ArrayDoesNotContain' | 'InTheLast' | 'RelativeOnOrBefore' | 'RelativeOnOrAfter' | 'StringLike'
  | 'StringNotLike' | 'StringMatchesTrimmed'
GetExecutionResponseEnvelope:
  data GetExecutionResponseSchema
GetExecutionResponseSchema:
  completed_at instant, counts ExecutionCounts, created_at instant, errors [text], id,
  started_at instant, status UtilExecutionStatus, type, version
GetSyncSourceMetaEnvelope:
  data SyncSourceMetaResponse
Identity:
  function! SchemaIdentityFunction, new_field boolean, remote_field_type_id, source! Source, target!
IdentityFunction:
  id, label
ListExecutionResponseEnvelope:
  data [GetExecutionResponseSchema], pagination PaginationDetails
ListSyncItem:
  active boolean, created_at instant, created_by OutputActor, id, mode, model_ids [text], name,
  only_enrich_updates boolean, organization_id, schedule Schedule, skip_initial_backfill boolean,
  sync_all_records boolean, target_connection_id, target_object, updated_at instant,
  updated_by OutputActor
ListSyncResponseEnvelope:
  data [ListSyncItem], pagination PaginationDetails
Mode:
  description, label, mode, requires_identity boolean, supports_field_sync_mode boolean,
  supports_target_filters boolean
ModelFilterCondition:
  function! FilterFunction, label, source! Source, value any
ModelFilters:
  conditions [ModelFilterCondition], logic
ModelSyncIdentities:
  mappings! [Identity], strategy IdentityStrategy
IdentityStrategy = 'priority' | 'and'
ModelSyncProblem:
  code, message, path, severity ProblemSeverity
ProblemSeverity = 'error'
ModelSyncSourceIdentity:
  source! Source, value! text
ModelsyncSyncTargetMode = 'create' | 'update' | 'updateOrCreate' | 'replace' | 'append' | 'remove'
  | 'snapshot'
Override:
  field Source, field_id, function FilterFunction, override any, value any
RunAfter:
  bulk_sync_ids [text], sync_ids [text]
Schedule:
  connection_id, day_of_month, day_of_week, frequency ScheduleFrequency, hour, job_id number, minute,
  month, run_after RunAfter, run_after_success_only boolean
ScheduleFrequency = 'manual' | 'continuous' | 'hourly' | 'daily' | 'weekly' | 'custom' | 'builder'
  | 'runafter' | 'multi' | 'dbtcloud'
ScheduleOptionResponse:
  schedule_options [ScheduleScheduleOption]
ScheduleOptionResponseEnvelope:
  data ScheduleOptionResponse
ScheduleScheduleOption:
  configuration JsonschemaForm, description, frequency ScheduleFrequency, label
SchemaIdentityFunction = 'Equality' | 'ISubstring' | 'OneOf' | 'DomainMatch' | 'HostnameMatch'
Source:
  field!, model_id!
SourceMeta:
  has_items boolean, items [any], requires_one_of [text]
StartSyncResponseEnvelope:
  data StartSyncResponseSchema
StartSyncResponseSchema:
  created_at instant, id, status UtilExecutionStatus
SupportedFilterFunction:
  id FilterFunction, label, multi_value boolean, requires_value boolean, values [PickValue]
SupportedMode:
  id ModelsyncSyncTargetMode, requires_identity boolean, supports_per_field_mode boolean,
  supports_target_filters boolean
SyncDestinationProperties:
  does_not_report_operation_counts boolean, mappings_not_required boolean, new_target_label,
  optional_target_mappings boolean, primary_metadata_object, requires_configuration boolean,
  supports_field_creation boolean, supports_field_encryption boolean,
  supports_field_type_selection boolean, supports_filter_value_fields boolean,
  supports_identity_field_creation boolean, supports_multiple_identities boolean,
  supports_target_filters boolean, target_creator boolean, use_field_names_as_labels boolean
SyncField:
  encryption_enabled boolean, new boolean, override_value, source Source, sync_mode, target!
SyncResponse:
  active boolean, created_at instant, created_by OutputActor, encryption_passphrase, fields [SyncField],
  filter_logic, filters [Filter], id, identities ModelSyncIdentities, identity Identity,
  mode ModelsyncSyncTargetMode, model_filters ModelFilters, model_ids [text], name,
  only_enrich_updates boolean, organization_id, override_fields [SyncField], overrides [Override],
  policies [text], problems [ModelSyncProblem], schedule Schedule, skip_initial_backfill boolean,
  sync_all_records boolean, target Target, target_filters TargetFilters, updated_at instant,
  updated_by OutputActor
SyncResponseEnvelope:
  data SyncResponse
SyncSourceMetaResponse:
  configuration map(ConfigurationValue), items map(SourceMeta), requires_one_of [text]
SyncStatusEnvelope:
  data SyncStatusResponse
SyncStatusResponse:
  current_execution GetExecutionResponseSchema, last_execution GetExecutionResponseSchema,
  next_execution_time instant
Target:
  configuration map, connection_id!, create map(text), filter_logic, new_name, object, search_values map
TargetCreator:
  properties [TargetPropertyValues], supported boolean
TargetField:
  association boolean, createable boolean, description, encryptable boolean,
  filter_functions [SupportedFilterFunction], filterable boolean, id,
  identity_functions [IdentityFunction], multiple_associations boolean, name, required boolean, source_type,
  supports_identity boolean, type, updateable boolean, values [PickValue]
TargetFilterCondition:
  field!, function! FilterFunction, label, value any, value_source Source
TargetFilters:
  conditions [TargetFilterCondition], logic
TargetObject:
  id, modes [SupportedMode], name
TargetObjectsResponseEnvelope:
  data [TargetObject], target_creation TargetCreator
TargetPropertyValues:
  enum boolean, id, title, values [UtilEnumValue]
TargetPropertyValuesEnvelope:
  data TargetPropertyValues
TargetResponse:
  fields [TargetField], id, modes [Mode], name, properties SyncDestinationProperties,
  refreshed_at instant
TargetResponseEnvelope:
  data TargetResponse
UtilEnumValue:
  label, value
UtilExecutionStatus = 'created' | 'scheduled' | 'queued' | 'waiting' | 'running' | 'processing'
  | 'canceling' | 'canceled' | 'completed' | 'failed' | 'interrupted'
`;
