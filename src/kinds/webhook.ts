/** The webhook of an organization: where Polytomic sends its events. */
import schema from '../../schemas/webhook.schema.json' with { type: 'json' };
import { asText } from '../core/text.js';
import { collection } from './endpoints.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Kind, Part } from './kind.js';
import { plain, plainShape } from './plain.js';
import { pick } from './paths.js';
import { finding } from './preflight.js';
import { secretField } from './secret-findings.js';
import { serverMade } from './server-made.js';

/** Switched by two requests, which send nothing: an update says nothing of it. */
const disabled: Part = {
  name: 'disabled',
  isIn: () => true,
  requests: (desired, live) =>
    desired === (live ?? false)
      ? []
      : [{ method: 'POST', path: `/api/webhooks/{id}/${desired === true ? 'disable' : 'enable'}` }],
};

const SECRET = '/secret';

const ofSecret = secretField('secret');

const check: Kind['check'] = (document) => [
  ...ofSecret.check(document),
  ...(/^http:/i.test(asText(document['endpoint']))
    ? [
        finding(
          'warning',
          'open-endpoint',
          '/endpoint',
          'events would go to this address in clear',
          'use https://',
        ),
      ]
    : []),
];

export const webhook: Kind = {
  ...plain,
  name: 'Webhook',
  schema,
  noun: { one: 'webhook', many: 'webhooks' },
  endpoints: collection('/api/webhooks'),
  identity: { fields: [], unique: true },
  read: 'used',
  namesOrganization: true,
  consequences: { delete: 'nothing is told of events any more' },
  shape: {
    ...plainShape,
    serverWhenSilent: [[disabled.name]],
  },
  secretPaths: [['secret']],
  levels: [{ path: [], server: [...serverMade, 'disabled_at', 'disabled_reason'] }],
  parts: [disabled],
  check,
  sensitive: ofSecret.sensitive,
  // Whether an answer shows the secret, masks it or leaves it out is not documented: it is there in any case.
  fromLive: (raw) => {
    const { document, masked } = openExtra(webhook, gatherExtra(webhook, raw));
    return {
      document: pick(document, ['endpoint', 'disabled', 'extra']),
      masked: [SECRET, ...masked],
    };
  },
  keepsSecret: () => true,
};
