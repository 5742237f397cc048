/**
 * Whether calls may be sent through a connection. The API keeps it at an address of its own
 * (`/api/connections/{id}/proxy/settings`). Pure.
 */
import { isJsonObject, jsonEqual, type JsonObject } from '../core/json.js';
import { isValueObject, type ValueObject } from '../core/secret.js';
import type { Finding, Part } from './kind.js';
import { pick, valueAt, without, type Path } from './paths.js';
import { finding } from './preflight.js';

const NAME = 'proxy_settings';

const enabled: Path = [NAME, 'enabled'];

const PATH = '/api/connections/{id}/proxy/settings';

export const proxyPart: Part = {
  name: NAME,
  isIn: ({ connectionProxy }) => connectionProxy,
  // Whether a type has a proxy, and an organization may use it, is told by some status: not documented which.
  read: { path: PATH, is: 'object', refused: [400, 403, 422] },
  requests: (desired, live) =>
    isJsonObject(live) && isJsonObject(desired) && jsonEqual(live['enabled'], desired['enabled'])
      ? []
      : [{ method: 'PUT', path: PATH, body: desired }],
};

/** What a manifest does not name stays as it is. */
export const proxyWhenSilent: readonly Path[] = [[NAME], enabled];

/** The settings of an answer that were read with it. */
export const proxyFromLive = (live: JsonObject): JsonObject => {
  const held = live[NAME];
  return isJsonObject(held) ? { [NAME]: pick(held, ['enabled']) } : {};
};

const isSwitchedOn = (document: ValueObject): boolean => valueAt(document, enabled) === true;

/** Left out where it is off: what a connection has that nobody set. */
export const shortProxy = (document: ValueObject): ValueObject =>
  isValueObject(document[NAME]) && !isSwitchedOn(document) ? without(document, NAME) : document;

/** A system without a proxy refuses the switch; of what is new nothing is known yet. */
export const preflightProxy = (document: ValueObject, live: JsonObject | undefined): readonly Finding[] => {
  const there = live?.[NAME];
  return isSwitchedOn(document) && isJsonObject(there) && there['supported'] === false
    ? [
        finding(
          'error',
          'no-proxy',
          `/${NAME}/enabled`,
          'no calls can be sent through this connection: its type has no proxy',
          'remove the line',
        ),
      ]
    : [];
};
