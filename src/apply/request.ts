/** Requests of a kind's table, with what stands for its names filled in. Pure. */
import type { Writer } from '../api/client.js';
import { isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { fill } from '../kinds/endpoints.js';
import type { Endpoint, Kind } from '../kinds/kind.js';
import { without } from '../kinds/paths.js';

/** The address of a create: what it is made in stands in the body. */
export const pathFor = ({ organization }: Pick<Writer, 'organization'>, path: string, body: Json): string => {
  const named = isJsonObject(body) ? Object.entries(body) : [];
  return fill(path, {
    ...Object.fromEntries(
      named.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    ),
    ...(organization === undefined ? {} : { organization }),
  });
};

/**
 * The body without what the address says already of an object that has no id, and with the organization that a key of
 * many acts in.
 */
export const sentOf = (
  { identity, namesOrganization }: Kind,
  endpoint: Endpoint | undefined,
  body: Json,
  { organization, dialect }: Pick<Writer, 'organization' | 'dialect'>,
): Json => {
  const { path = '', list } = endpoint ?? {};
  const told = identity.idless === true ? identity.fields.filter((field) => path.includes(`{${field}}`)) : [];
  const names = namesOrganization === true && dialect.administers === true && organization !== undefined;
  const rest = isJsonObject(body)
    ? ({ ...without(body, ...told), ...(names ? { organization_id: organization } : {}) } as JsonObject)
    : body;
  return list === undefined ? rest : { [list]: [rest] };
};

/** A request of a kind's table. Throws where there is none: a plan has no such change. */
export const requestOf = (
  kind: Kind,
  endpoint: Endpoint | undefined,
  what: string,
  fillIn: (path: string) => string,
): Endpoint => {
  if (endpoint === undefined) throw new Error(`no ${what} of a ${kind.noun.one}`);
  return { ...endpoint, path: fillIn(endpoint.path) };
};
