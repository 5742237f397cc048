/** Schedules: when a sync runs next. */
import { isJsonObject, type Json } from '../../core/json.js';
import { asText } from '../../core/text.js';

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
