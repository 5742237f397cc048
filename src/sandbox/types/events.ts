/** Events. In the notation of notation.ts. */
export const eventsTypes = `
Event:
  created_at instant, event EventPayload, id, organization_id, type
EventPayload = EventingBulkSyncCanceledEvent | EventingBulkSyncCompletedEvent
  | EventingBulkSyncCompletedWithErrorEvent | EventingBulkSyncFailedEvent | EventingBulkSyncRunningEvent
  | EventingSyncCanceledEvent | EventingSyncCompletedEvent | EventingSyncCompletedWithErrorsEvent
  | EventingSyncFailedEvent | EventingSyncRunningEvent
EventTypesEnvelope:
  data [text]
EventingBulkSyncCanceledEvent:
  destination_connection_id, execution_id, organization_id, source_connection_id, sync_id, sync_name
EventingBulkSyncCompletedEvent:
  destination_connection_id, execution_id, organization_id, source_connection_id, sync_id, sync_name,
  schedule EventingBulkSyncSchedule, trigger_source
EventingBulkSyncCompletedWithErrorEvent:
  destination_connection_id, execution_id, organization_id, source_connection_id, sync_id, sync_name,
  schedule EventingBulkSyncSchedule, trigger_source
EventingBulkSyncFailedEvent:
  destination_connection_id, error, execution_id, organization_id, source_connection_id, sync_id,
  sync_name, schedule EventingBulkSyncSchedule, trigger_source
EventingBulkSyncSchedule:
  frequency, id
EventingBulkSyncRunningEvent:
  destination_connection_id, execution_id, organization_id, source_connection_id, sync_id, sync_name
EventingSyncCanceledEvent:
  execution_id, organization_id, status UtilExecutionStatus, sync_id, sync_name, target_connection_id
EventingSyncCompletedEvent:
  deleted_records [text], error_count number, errored_records [text], execution_id,
  inserted_count number, inserted_records [text], logs_url, organization_id, record_count number,
  schedule EventingSyncSchedule,
  status UtilExecutionStatus, sync_id, sync_name, target_connection_id, total_records [text], trigger,
  updated_count number, updated_records [text], upserted_count number, warning_count number,
  warnings [text]
EventingSyncCompletedWithErrorsEvent:
  error, execution_id, number_of_errors number, number_of_warnings number, organization_id, sync_id,
  sync_name, target_connection_id
EventingSyncFailedEvent:
  error, execution_id, organization_id, sync_id, sync_name, target_connection_id
EventingSyncRunningEvent:
  execution_id, organization_id, sync_id, sync_name, target_connection_id
EventingSyncSchedule:
  frequency
EventsEnvelope:
  data [Event]
`;
