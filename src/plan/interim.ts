/** Names that objects bear only for a while: as long as another one has theirs. Pure. */
import type { Json, JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';

/** Ids are UUIDs: what people write in brackets does not look like the beginning of one. */
const END = /^ \(replacing [0-9a-f]{8}\)$/;

/** The name of an object until that of another one (its id) is free: told apart by it, also when no state knows it. */
export const interimName = (name: string, holder: string): string =>
  `${name} (replacing ${holder.slice(0, 8)})`;

/** Whether `text` is a name between for what is to be called `name`. */
export const isInterimOf = (text: string, name: string): boolean =>
  text.startsWith(name) && END.test(text.slice(name.length));

/** The name that one between stands for, or the name itself. */
export const finalName = (text: string): string => {
  const at = text.lastIndexOf(' (replacing ');
  return at > 0 && END.test(text.slice(at)) ? text.slice(0, at) : text;
};

/** A live document under the name that it is to get: one between is no difference that anybody made. */
export const underFinalName = (live: JsonObject, name: Json | undefined): JsonObject =>
  typeof name === 'string' && isInterimOf(asText(live['name']), name) ? { ...live, name } : live;
