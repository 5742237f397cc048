/** Schedules: when a sync runs next, and which there are. */
import { isJsonObject, type Json } from '../../core/json.js';
import { asText } from '../../core/text.js';
import { ok, type Route } from '../http.js';

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const HOUR = 60 * 60 * 1000;

/**
 * The next run of a schedule (times are UTC), or null where none is known: of a paused sync, a manual one, one
 * that waits for another, or a cron-like one, which nothing here has to follow.
 */
export const nextRun = (schedule: Json | undefined, active: boolean, now: number): string | null => {
  if (!active || !isJsonObject(schedule)) return null;
  const { frequency } = schedule;
  const minute = Number(asText(schedule['minute'])) || 0;
  const hour = Number(asText(schedule['hour'])) || 0;
  const at = new Date(now);
  at.setUTCSeconds(0, 0);
  const after = (start: Date, step: number): string => {
    let time = start.getTime();
    while (time <= now) time += step;
    return new Date(time).toISOString();
  };
  if (frequency === 'continuous') return new Date(now).toISOString();
  at.setUTCMinutes(minute);
  if (frequency === 'hourly') return after(at, HOUR);
  at.setUTCHours(hour);
  if (frequency === 'daily') return after(at, 24 * HOUR);
  const day = days.indexOf(asText(schedule['day_of_week']).toLowerCase());
  if (frequency !== 'weekly' || day < 0) return null;
  at.setUTCDate(at.getUTCDate() + day - at.getUTCDay());
  return after(at, 7 * 24 * HOUR);
};

const frequencies: readonly (readonly [string, string, readonly string[]])[] = [
  ['manual', 'Manual', []],
  ['continuous', 'Continuous', []],
  ['hourly', 'Hourly', ['minute']],
  ['daily', 'Daily', ['hour', 'minute']],
  ['weekly', 'Weekly', ['day_of_week', 'hour', 'minute']],
  ['custom', 'Custom', ['minute', 'hour', 'day_of_month', 'month', 'day_of_week']],
  ['runafter', 'Run after other syncs', ['run_after']],
  ['dbtcloud', 'After a job of dbt Cloud', ['connection_id', 'job_id']],
];

/** What schedules there are, and what each has to be told. */
export const scheduleRoute: Route = {
  method: 'GET',
  path: '/api/syncs/schedules',
  answer: 'ScheduleOptionResponseEnvelope',
  handle: () =>
    ok({
      schedule_options: frequencies.map(([frequency, label, required]) => ({
        frequency,
        label,
        description: required.length === 0 ? '' : `needs ${required.join(', ')}`,
        configuration: {
          type: 'object',
          required: [...required],
          properties: Object.fromEntries(required.map((name) => [name, {}])),
        },
      })),
    }),
};
