/** How what runs is doing: of each sync its last run, the next one, and whether it lives as it was applied. Reads only. */
import pLimit from 'p-limit';
import { asking } from '../api/failure.js';
import { kindOf, kinds } from '../kinds/registry.js';
import { runStatus } from '../kinds/runs.js';
import { healthOf, healths, type RunningObject, type WorkspaceStatus } from '../live/health.js';
import type { Settings } from '../load/config.js';
import { addressIn } from '../live/objects.js';
import type { LiveObject } from '../live/snapshot.js';
import { findDrift } from '../plan/drift.js';
import type { Selection } from '../plan/select.js';
import { readBound } from './drift.js';
import { openStore } from './stores.js';

const running = kinds.filter(({ runs }) => runs !== undefined);

/** The managed things that run, or all of them. Throws `DiagnosticError` for what the API answers. */
export const statusWorkspace = async (
  settings: Settings,
  { all = false, selection }: { readonly all?: boolean; readonly selection?: Selection } = {},
): Promise<WorkspaceStatus> => {
  const bound = await readBound(settings, openStore(settings), selection, all ? running : []);
  const { reader, state, live, addressOf, isChosen } = bound;
  const changed = new Map(findDrift(state, live, isChosen).drifted.map((each) => [each.address, each]));
  const listed = live.objects.filter(
    (object) => kindOf(object.kind).runs !== undefined && (all || addressOf(object) !== undefined),
  );
  const statusOf = async (object: LiveObject): Promise<RunningObject> => {
    const kind = kindOf(object.kind);
    const address = addressOf(object);
    const path = addressIn(reader, kind, object.id, kind.runs?.status ?? '');
    const { data } = await asking(`reading the status of ${kind.noun.one} "${object.name}"`, async () =>
      reader.get(path),
    );
    const status = runStatus(data);
    const active = object.value['active'] === true;
    const drifted = address !== undefined && changed.has(address);
    return {
      kind: object.kind,
      id: object.id,
      name: object.name,
      ...(address === undefined ? {} : { address }),
      health: healthOf(status, { active, gone: false, drifted }),
      active,
      schedules: kind.runs?.schedules(object.value) ?? [],
      drifted,
      ...status,
    };
  };
  const limit = pLimit(settings.concurrency);
  const living = await Promise.all(listed.map(async (object) => limit(async () => statusOf(object))));
  const gone = [...changed.values()].flatMap(
    ({ address, kind, id, name, gone: is }): readonly RunningObject[] =>
      is && kindOf(kind).runs !== undefined
        ? [{ kind, id, name, address, health: 'gone', active: false, schedules: [], drifted: true }]
        : [],
  );
  const rank = ({ health, address, name }: RunningObject): readonly [number, string, string] => [
    healths.indexOf(health),
    address ?? '~',
    name,
  ];
  return {
    organization: bound.organization,
    objects: [...living, ...gone].sort((a, b) => {
      const [left, right] = [rank(a), rank(b)];
      return left[0] - right[0] || (left[1] + left[2] < right[1] + right[2] ? -1 : 1);
    }),
  };
};
