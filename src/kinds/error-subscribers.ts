/** Error subscribers: who is told of errors anywhere in an organization. There is one list of them. */
import schema from '../../schemas/error-subscribers.schema.json' with { type: 'json' };
import type { JsonObject } from '../core/json.js';
import { isValueArray, type ValueObject } from '../core/secret.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Kind } from './kind.js';
import { mapValue, pick } from './paths.js';
import { plain, plainShape } from './plain.js';
import { serverMade } from './server-made.js';
import { uniqueEmails } from './emails.js';

const PATH = '/api/notifications/global-error-subscribers';

export const errorSubscribers: Kind = {
  ...plain,
  name: 'ErrorSubscribers',
  schema,
  noun: { one: 'subscriber list', many: 'subscriber lists' },
  endpoints: () => ({
    list: { path: PATH, is: 'alone' },
    lists: 'whole',
    one: PATH,
    update: { method: 'PUT', path: PATH },
    remove: { method: 'PUT', path: PATH, body: { emails: [] } },
    bare: true,
  }),
  identity: { fields: [], unique: true, idless: true },
  read: 'used',
  isUnset: ({ emails }) => !isValueArray(emails) || emails.length === 0,
  consequences: { delete: 'nobody is told of errors any more' },
  shape: {
    ...plainShape,
    sets: [['emails']],
  },
  levels: [{ path: [], server: serverMade }],
  collapse: (document) => ({ ...document, emails: document['emails'] ?? [] }),
  fromLive: (raw) => {
    const { document, masked } = openExtra(errorSubscribers, gatherExtra(errorSubscribers, raw));
    return { document: pick(document, ['emails', 'extra']), masked };
  },
  // A body replaces the list, and silence might keep it.
  complete: (desired): ValueObject => ({ ...desired, emails: desired['emails'] ?? [] }),
  canonical: (document) => mapValue(document, ['emails'], uniqueEmails) as JsonObject,
};
