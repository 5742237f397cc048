/** Schedules of bulk syncs: within the sync in one spelling, as a resource of their own in another. */
import { randomUUID } from 'node:crypto';
import { objectsIn, type JsonObject } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { choices } from '../choices.js';
import { found, notFound, ok, refuse, type Reply, type Route, type SandboxRequest } from '../http.js';
import { within as inside } from './references.js';
import { audit, only, type Store, type Stored } from '../store.js';

const times = ['frequency', 'minute', 'hour', 'day_of_week', 'day_of_month', 'month'];
const extras = ['resync_mode', 'schemas', 'selective_mode'];

/** A schedule to store: what was sent, with an id, and with who made it when. */
export const scheduleFrom = (store: Store, sent: JsonObject, before: JsonObject | undefined): JsonObject => {
  const at = store.now();
  const by: JsonObject = { ...store.actor };
  return {
    ...only(sent, [...times, ...extras]),
    id: before?.['id'] ?? randomUUID(),
    created_at: before?.['created_at'] ?? at,
    created_by: before?.['created_by'] ?? by,
    updated_at: at,
    updated_by: by,
  };
};

/** As it stands within a bulk sync. The default schedule is for all schemas. */
export const shownSchedule = (schedule: JsonObject, place: 'default' | 'additional'): JsonObject =>
  only(schedule, ['id', ...times, ...audit, ...(place === 'default' ? [] : extras)]);

/** The names of the resource of its own, by those within the sync. */
const spelling: Readonly<Record<string, string>> = {
  frequency: 'frequency',
  minute: 'minute',
  hour: 'hour',
  month: 'month',
  day_of_week: 'dayOfWeek',
  day_of_month: 'dayOfMonth',
  schemas: 'schemas',
  resync_mode: 'syncMode',
  selective_mode: 'selectiveMode',
  created_at: 'createdAt',
  updated_at: 'updatedAt',
};

const camel = (schedule: JsonObject, sync: Stored): JsonObject => ({
  ...Object.fromEntries(
    Object.entries(spelling).flatMap(([name, other]) =>
      schedule[name] === undefined ? [] : [[other, schedule[name]]],
    ),
  ),
  // Who it was by their id alone.
  createdBy: inside(schedule['created_by'], 'id') ?? null,
  updatedBy: inside(schedule['updated_by'], 'id') ?? null,
  isDefault: schedule['id'] === asText(mainOf(sync)['id']),
  syncId: sync.id,
});

const snake = (body: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(spelling).flatMap(([name, other]) => (body[other] == null ? [] : [[name, body[other]]])),
  );

const mainOf = (sync: Stored): JsonObject => (sync['default_schedule'] ?? {}) as JsonObject;

const find = ({ store, params }: SandboxRequest): Stored =>
  found(store.get('bulkSyncs', params['id'] ?? ''), 'bulk sync');

const save = (store: Store, { id, ...sync }: Stored, change: JsonObject): Stored =>
  store.replace('bulkSyncs', id, { ...sync, ...change });

const list = (request: SandboxRequest): Reply => {
  const sync = find(request);
  return ok(
    [mainOf(sync), ...objectsIn(sync['additional_schedules'])].map((schedule) => camel(schedule, sync)),
  );
};

const sent = ({ body }: SandboxRequest): JsonObject => snake((body['schedule'] ?? {}) as JsonObject);

const create = (request: SandboxRequest): Reply => {
  const { store } = request;
  const sync = find(request);
  const schedule = scheduleFrom(store, sent(request), undefined);
  const all = [...objectsIn(sync['additional_schedules']), schedule];
  return ok(camel(schedule, save(store, sync, { additional_schedules: all })), {}, choices.createdStatus);
};

const withOne =
  (handle: (request: SandboxRequest, sync: Stored, schedule: JsonObject, isMain: boolean) => Reply) =>
  (request: SandboxRequest): Reply => {
    const sync = find(request);
    const id = request.params['schedule'];
    const main = mainOf(sync);
    if (main['id'] === id) return handle(request, sync, main, true);
    const schedule = objectsIn(sync['additional_schedules']).find((each) => each['id'] === id);
    return schedule === undefined ? notFound('schedule') : handle(request, sync, schedule, false);
  };

const update = withOne((request, sync, before, isMain) => {
  const { store } = request;
  const schedule = scheduleFrom(store, sent(request), before);
  const change: JsonObject = isMain
    ? { default_schedule: schedule }
    : {
        additional_schedules: objectsIn(sync['additional_schedules']).map((each) =>
          each['id'] === before['id'] ? schedule : each,
        ),
      };
  return ok(camel(schedule, save(store, sync, change)));
});

const remove = withOne(({ store }, sync, schedule, isMain) => {
  if (isMain) return refuse(403, 'default_schedule', 'the default schedule cannot be deleted');
  save(store, sync, {
    additional_schedules: objectsIn(sync['additional_schedules']).filter(
      (each) => each['id'] !== schedule['id'],
    ),
  });
  return { status: choices.deletedStatus };
});

const path = '/api/bulk/syncs/:id/schedules';

export const scheduleRoutes: readonly Route[] = [
  { method: 'GET', path, answer: 'SchedulesEnvelope', handle: list },
  { method: 'POST', path, body: 'CreateScheduleRequest', answer: 'ScheduleEnvelope', handle: create },
  {
    method: 'GET',
    path: `${path}/:schedule`,
    answer: 'ScheduleEnvelope',
    handle: withOne((_request, sync, schedule) => ok(camel(schedule, sync))),
  },
  {
    method: 'PUT',
    path: `${path}/:schedule`,
    body: 'UpdateScheduleRequest',
    answer: 'ScheduleEnvelope',
    handle: update,
  },
  { method: 'DELETE', path: `${path}/:schedule`, handle: remove },
];
