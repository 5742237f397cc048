/** Deliveries to a webhook: what each event's attempt would have come to, since nothing is ever sent. */
import type { JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { refuse, type Reply, type SandboxRequest } from '../http.js';
import { only, type Store, type Stored } from '../store.js';
import { page } from './paging.js';

/** A name that never resolves (RFC 2606): the one endpoint that is known not to answer. */
const isUnreachable = (endpoint: string): boolean => /^https?:\/\/[^/]*\.invalid(?=[:/]|$)/i.test(endpoint);

const outcome = (endpoint: string): JsonObject =>
  isUnreachable(endpoint)
    ? { success: false, error: 'the name of the endpoint does not resolve', error_kind: choices.unresolved }
    : { success: true, status_code: 200, response_body: '' };

/** Notes an attempt for an event at the webhook that is on; what happens while one is off is not sent later. */
export const deliver = (store: Store, event: Stored): void => {
  for (const webhook of store.list('webhooks'))
    if (webhook['disabled'] !== true)
      store.insert('deliveries', {
        webhook_id: webhook.id,
        event_id: event.id,
        event_type: asText(event['type']),
        attempted_at: store.now(),
        duration_ms: 1,
        ...outcome(asText(webhook['endpoint'])),
      });
};

/** Forgets what was sent to a webhook that is deleted. */
export const removeDeliveries = (store: Store, webhook: string): void => {
  for (const delivery of store.list('deliveries'))
    if (delivery['webhook_id'] === webhook) store.remove('deliveries', delivery.id);
};

const shown = [
  'id',
  'event_id',
  'event_type',
  'attempted_at',
  'duration_ms',
  'success',
  'status_code',
  'response_body',
  'error',
  'error_kind',
];

/** The attempts of a webhook, the newest first: from `start` on, before `end`. A last page has an empty token. */
export const listDeliveries = ({ store, query }: SandboxRequest, webhook: Stored): Reply => {
  const [start = -Infinity, end = Infinity] = ['start', 'end'].map((name) =>
    query[name] === undefined ? undefined : Date.parse(query[name]),
  );
  if (Number.isNaN(start) || Number.isNaN(end))
    return refuse(400, 'bad_time', 'start and end are instants in RFC 3339');
  const wanted = store.list('deliveries').filter((delivery) => {
    const at = Date.parse(asText(delivery['attempted_at']));
    return (
      delivery['webhook_id'] === webhook.id &&
      (query['success'] === undefined || asText(delivery['success']) === query['success']) &&
      (query['event_id'] === undefined || delivery['event_id'] === query['event_id']) &&
      at >= start &&
      at < end
    );
  });
  const reply = page(wanted, query, (delivery) => only(delivery, shown));
  return reply.status === 200
    ? { ...reply, body: { pagination: { next_page_token: '' }, ...reply.body } }
    : reply;
};
