/** Where the records that syncs write are logged: a setting of the organization, replaced as a whole. */
import type { JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { ok, refuse, Refusal, type Route } from '../http.js';
import { only, type Store } from '../store.js';
import { typeOfConnection } from './systems.js';
import { within } from '../versions.js';

const KEY = 'record-logging';

/** Names on the wire are in camelCase here; that of a connection is left out once it is gone. */
const read = (store: Store): JsonObject => {
  const settings: JsonObject = store.get('settings', KEY) ?? {};
  const name = store.get('connections', asText(settings['deliveryConnectionId']))?.['name'];
  return {
    enabled: settings['enabled'] ?? false,
    ...only(settings, ['deliveryConnectionId', 'deliveryPrefix']),
    ...(name === undefined ? {} : { deliveryConnectionName: name }),
  };
};

/** Refuses a connection that is not there, or that no file can be written to. */
const checkDelivery = (store: Store, id: string): void => {
  const connection = store.get('connections', id);
  const problem =
    connection === undefined
      ? `connection ${id} does not exist`
      : typeOfConnection(store, connection).shape === 'file' &&
          typeOfConnection(store, connection).capabilities.destination
        ? undefined
        : `connection "${asText(connection['name'])}" stores no files`;
  if (problem !== undefined)
    throw new Refusal(refuse(choices.invalidStatus, 'invalid_delivery_connection', problem));
};

const path = '/api/organization/record-logging';
const answer = 'RecordLoggingSettingsEnvelope';

export const recordLoggingRoutes: readonly Route[] = [
  { method: 'GET', path, in: within.current, answer, handle: ({ store }) => ok(read(store)) },
  {
    method: 'PUT',
    path,
    in: within.current,
    body: 'UpdateRecordLoggingRequest',
    answer,
    handle: ({ store, body }) => {
      if (body['deliveryConnectionId'] != null) checkDelivery(store, asText(body['deliveryConnectionId']));
      store.replace('settings', KEY, only(body, ['enabled', 'deliveryConnectionId', 'deliveryPrefix']));
      return ok(read(store));
    },
  },
];
