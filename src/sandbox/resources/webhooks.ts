/** Webhooks: one for an organization, switched on and off, with what was sent to it. */
import { choices } from '../choices.js';
import { crud } from './crud.js';
import { listDeliveries, removeDeliveries } from './deliveries.js';
import { found, ok, refuse, Refusal, type Route } from '../http.js';
import { only } from '../store.js';
import { within } from '../versions.js';

const state = ['disabled', 'disabled_at', 'disabled_reason'];
const shown = ['endpoint', ...state, 'created_at'];

const webhooks = crud({
  collection: 'webhooks',
  path: '/api/webhooks',
  what: 'webhook',
  create: 'CreateWebhooksSchema',
  update: 'UpdateWebhooksSchema',
  one: 'WebhookEnvelope',
  many: 'WebhookListEnvelope',
  shown,
  hidden: { secret: choices.mask },
  accept: ({ body, store }, before) => {
    if (before === undefined && store.list('webhooks').length > 0)
      throw new Refusal(refuse(422, 'one_webhook', 'an organization has one webhook at the most'));
    if (body['secret'] === choices.mask && before === undefined)
      throw new Refusal(refuse(422, 'masked_value', 'secret is a mask, not a value'));
    const secret = body['secret'] === choices.mask ? before?.['secret'] : body['secret'];
    return {
      disabled: false,
      ...only(body, ['endpoint']),
      secret: secret ?? '',
      ...only(before ?? {}, state),
    };
  },
  removed: removeDeliveries,
});

const switchWebhook = (verb: 'enable' | 'disable'): Route => ({
  method: 'POST',
  path: `/api/webhooks/:id/${verb}`,
  answer: 'WebhookEnvelope',
  handle: ({ store, params }) => {
    const before = found(store.get('webhooks', params['id'] ?? ''), 'webhook');
    const off = { disabled: true, disabled_at: store.now(), disabled_reason: choices.webhookDisabledReason };
    const changed = store.replace('webhooks', before.id, {
      ...only(before, ['endpoint', 'secret']),
      ...(verb === 'enable' ? { disabled: false } : before['disabled'] === true ? only(before, state) : off),
    });
    return ok({
      ...only(changed, ['id', ...shown]),
      secret: choices.mask,
      organization_id: store.organization,
    });
  },
});

export const webhookRoutes: readonly Route[] = [
  ...webhooks,
  switchWebhook('enable'),
  switchWebhook('disable'),
  {
    method: 'GET',
    path: '/api/webhooks/:id/deliveries',
    in: within.current,
    query: ['success', 'event_id', 'start', 'end', 'page_token'],
    answer: 'WebhookDeliveriesEnvelope',
    handle: (request) =>
      listDeliveries(request, found(request.store.get('webhooks', request.params['id'] ?? ''), 'webhook')),
  },
];
