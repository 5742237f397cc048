/** Pages of a list: at most fifty, an opaque token to the next. */
import type { JsonObject } from '../../core/json.js';
import { choices } from '../choices.js';
import { ok, refuse, type Reply } from '../http.js';
import type { Stored } from '../store.js';

/** The page that `page_token` and `limit` ask for. A token names the last object of the page before. */
export const page = (
  list: readonly Stored[],
  query: Readonly<Record<string, string>>,
  show: (object: Stored) => JsonObject,
  most: number = choices.pageSize,
): Reply => {
  const asked = Number(query['limit'] ?? choices.pageSize);
  const size = Number.isInteger(asked) && asked > 0 ? Math.min(asked, most) : choices.pageSize;
  const token = query['page_token'];
  const last =
    token === undefined || token === ''
      ? -1
      : list.findIndex(({ id }) => id === Buffer.from(token, 'base64url').toString());
  if (token !== undefined && token !== '' && last < 0)
    return refuse(400, 'bad_page_token', 'the page token is not valid');
  const items = list.slice(last + 1, last + 1 + size);
  const more = list.length > last + 1 + size;
  const next = items.at(-1);
  return ok(
    items.map(show),
    more && next !== undefined
      ? { pagination: { next_page_token: Buffer.from(next.id).toString('base64url') } }
      : {},
  );
};
