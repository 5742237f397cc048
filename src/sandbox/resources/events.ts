/** Events: what happened to syncs, the newest first. */
import type { JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import type { Store } from '../store.js';
import { deliver } from './deliveries.js';

const eventTypes = [
  'sync.running',
  'sync.completed',
  'sync.completed_with_errors',
  'sync.failed',
  'sync.canceled',
  'bulk_sync.running',
  'bulk_sync.completed',
  'bulk_sync.completed_with_error',
  'bulk_sync.failed',
  'bulk_sync.canceled',
] as const;

/** Notes that something happened, and that the webhook was told. */
export const emit = (store: Store, type: (typeof eventTypes)[number], event: JsonObject): void => {
  const happened = store.insert('events', { type, event: { organization_id: store.organization, ...event } });
  deliver(store, happened);
};

const list = ({ store, query }: SandboxRequest): Reply => {
  const type = query['type'] ?? query['event_type'];
  const [after, before] = [query['starting_after'], query['ending_before']].map((text) =>
    text === undefined ? undefined : Date.parse(text),
  );
  if (Number.isNaN(after) || Number.isNaN(before))
    return refuse(422, 'bad_time', 'starting_after and ending_before are instants in RFC 3339');
  const asked = Number(query['limit'] ?? choices.eventsPage.usual);
  const limit = asked > 0 ? Math.min(asked, choices.eventsPage.most) : choices.eventsPage.usual;
  const wanted = store.list('events').filter((event) => {
    const at = Date.parse(asText(event['created_at']));
    return (
      (type === undefined || event['type'] === type) &&
      (after === undefined || at > after) &&
      (before === undefined || at < before)
    );
  });
  return ok(
    wanted.slice(0, limit).map(({ id, type: name, event, created_at: at }) => ({
      id,
      type: name ?? '',
      event: event ?? null,
      created_at: at ?? '',
      organization_id: store.organization,
    })),
  );
};

export const eventRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/events',
    query: ['organization_id', 'type', 'starting_after', 'ending_before', 'limit'],
    answer: 'EventsEnvelope',
    handle: list,
  },
  {
    method: 'GET',
    path: '/api/events_types',
    answer: 'EventTypesEnvelope',
    handle: () => ok([...eventTypes]),
  },
];
