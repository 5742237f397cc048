/** What happens when a sync fails, and who is told: settings beside the sync. In the notation of notation.ts. */
export const errorHandlingTypes = `
UpdateSyncErrorHandlingRequest:
  auto_retry_record_errors boolean, notify_on_record_errors boolean, subscribers [email],
  warning_notifications boolean
UpdateBulkSyncErrorHandlingRequest:
  ingestion_failure_threshold count, subscribers [email]
SyncErrorHandling:
  auto_retry_record_errors boolean, notify_on_record_errors boolean, subscribers [text],
  warning_notifications boolean
SyncErrorHandlingEnvelope:
  data SyncErrorHandling
BulkSyncErrorHandling:
  ingestion_failure_threshold integer, subscribers [text]
BulkSyncErrorHandlingEnvelope:
  data BulkSyncErrorHandling
`;
