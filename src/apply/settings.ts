/** Writes of what an object has at addresses of its own, after the object itself. */
import type { Writer } from '../api/client.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { jsonEqual, type JsonObject } from '../core/json.js';
import type { Kind } from '../kinds/kind.js';
import { comparable } from '../kinds/normalise.js';
import { pick } from '../kinds/paths.js';
import { readSettings, settingsPath } from '../live/settings.js';
import type { Change } from '../plan/plan.js';
import type { SettingsBody } from './body.js';

/** Whether all that a change does to a live object is done at addresses of its own. */
export const isSettingsOnly = (kind: Kind, { action, patch }: Change): boolean =>
  action !== 'create' &&
  action !== 'replace' &&
  patch.length > 0 &&
  patch.every(({ path }) =>
    kind.settings.some(({ name }) => typeof path === 'string' && `${path}/`.startsWith(`/${name}/`)),
  );

/**
 * Sends the settings of a change, each in one PUT, and gives what the object has then. `seen` is the object as the plan
 * saw it. Throws `DiagnosticError` where somebody set something else since, before anything is sent; `ApiError`.
 */
export const writeSettings = async (
  writer: Writer,
  kind: Kind,
  { step }: Change,
  id: string,
  bodies: readonly SettingsBody[],
  seen: JsonObject | undefined,
): Promise<JsonObject> => {
  if (bodies.length === 0) return {};
  const names = bodies.map(({ settings }) => settings.name);
  // What a PUT does not name stays as it is.
  const after = Object.fromEntries(
    bodies.map(({ settings: { name }, body }) => [
      name,
      { ...(seen?.[name] as JsonObject | undefined), ...body },
    ]),
  );
  const formOf = (value: JsonObject): JsonObject =>
    pick(comparable(kind, kind.fromLive(value).document), names);
  // Of what is new nobody can have changed anything.
  if (seen !== undefined && names.some((name) => seen[name] !== undefined)) {
    const now = formOf({ ...seen, ...(await readSettings(writer, kind, id)) });
    if (!jsonEqual(now, formOf(seen)) && !jsonEqual(now, formOf({ ...seen, ...after })))
      throw new DiagnosticError([
        {
          severity: 'error',
          code: 'changed-meanwhile',
          message: `${step}: its ${names.join(' and ')} was changed since the plan was made`,
          hint: 'plan again',
        },
      ]);
  }
  for (const { settings, body } of bodies)
    await writer.send('PUT', settingsPath(kind, id, settings.path), { body });
  return after;
};
