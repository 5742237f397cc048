/** Whether a live object still is what the plan saw: it is read again before it is touched. */
import type { Reader } from '../api/client.js';
import { isMissing } from '../api/failure.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { jsonEqual, type JsonObject } from '../core/json.js';
import { asText, printable } from '../core/text.js';
import type { Kind } from '../kinds/kind.js';
import { comparable } from '../kinds/normalise.js';
import { readObject } from '../live/objects.js';
import type { Change } from '../plan/plan.js';

/** Without its parts: these are looked at before they are written. */
const formOf = (kind: Kind, value: JsonObject): JsonObject =>
  comparable(
    kind,
    kind.fromLive(value).document,
    kind.parts.map(({ name }) => [name]),
  );

/**
 * Reads the object of a change. Throws `DiagnosticError` where somebody changed it since the plan was made, or
 * where it is gone and not to be deleted; `ApiError` where it cannot be read.
 */
export const checkFresh = async (
  reader: Reader,
  kind: Kind,
  { step, id = '', action, carried = [] }: Change,
  seen: JsonObject | undefined,
  /** Whether an object is as this run sends it, or a killed one did. */
  isOwn: (now: JsonObject) => boolean = () => false,
): Promise<void> => {
  if (seen === undefined) return;
  const moved = (message: string): DiagnosticError =>
    new DiagnosticError([
      { severity: 'error', code: 'changed-meanwhile', message: `${step}: ${message}`, hint: 'plan again' },
    ]);
  let now: JsonObject;
  try {
    now = await readObject(reader, kind, id);
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (action === 'delete') return;
    throw moved('it was deleted since the plan was made');
  }
  if (now['updated_at'] !== undefined && now['updated_at'] === seen['updated_at']) return;
  // What no answer shows may be what changed: what goes along would overwrite it.
  if (carried.length === 0 && (jsonEqual(formOf(kind, now), formOf(kind, seen)) || isOwn(now))) return;
  const by = now['updated_by'];
  const name = typeof by === 'object' && by !== null && 'name' in by ? asText(by['name']) : '';
  throw moved(`it was changed since the plan was made${name === '' ? '' : ` by ${printable(name)}`}`);
};
