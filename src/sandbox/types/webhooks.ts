/** Webhooks and what was sent to them. In the notation of notation.ts. */
export const webhookTypes = `
CreateWebhooksSchema:
  endpoint! url, organization_id, secret!
UpdateWebhooksSchema:
  endpoint! url, organization_id, secret!
Webhook:
  created_at instant, disabled boolean, disabled_at instant, disabled_reason, endpoint, id,
  organization_id, secret
WebhookEnvelope:
  data Webhook
WebhookListEnvelope:
  data [Webhook]
WebhookDelivery:
  attempted_at instant, duration_ms integer, error, error_kind, event_id, event_type, id, response_body,
  status_code integer, success boolean
WebhookDeliveriesEnvelope:
  data [WebhookDelivery], pagination PaginationDetails
`;
