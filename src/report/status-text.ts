/** How what runs is doing, as a table for a terminal. */
import type { JsonObject } from '../core/json.js';
import { asText, count, grouped, printable } from '../core/text.js';
import { runsAfter } from '../kinds/runs.js';
import type { Health, RunningObject, WorkspaceStatus } from '../live/health.js';
import type { Style } from './style.js';
import { tableText } from './table.js';

const MINUTE = 60_000;
const units: readonly (readonly [name: string, ms: number])[] = [
  ['d', 1440 * MINUTE],
  ['h', 60 * MINUTE],
  ['min', MINUTE],
];

/** A length of time in its largest unit: `3 h`, `12 min`. */
export const lengthText = (milliseconds: number): string => {
  const [name, size] = units.find(([, each]) => milliseconds >= each) ?? ['s', 1000];
  return `${Math.max(0, Math.floor(milliseconds / size))} ${name}`;
};

const two = (value: unknown): string => asText(value).padStart(2, '0');

const clock = ({ hour, minute }: JsonObject): string => `${two(hour ?? 0)}:${two(minute ?? 0)}`;

/** Schedules in words, by frequency. Times are UTC. */
const words: Readonly<Record<string, (schedule: JsonObject) => string>> = {
  manual: () => 'by hand',
  continuous: () => 'continuously',
  hourly: ({ minute }) => `hourly at :${two(minute ?? 0)}`,
  daily: (schedule) => `daily at ${clock(schedule)}`,
  weekly: (schedule) => `${asText(schedule['day_of_week'])}s at ${clock(schedule)}`,
  custom: ({ minute, hour, day_of_month: day, month, day_of_week: weekday }) =>
    `at ${[minute, hour, day, month, weekday].map((part) => asText(part ?? '*') || '*').join(' ')}`,
  dbtcloud: ({ job_id: job }) => `after job ${asText(job)} of dbt`,
  runafter: (schedule) => `after ${count(runsAfter(schedule).length, 'other')}`,
};

/** A schedule in words. */
export const scheduleText = (schedule: JsonObject): string => {
  const frequency = asText(schedule['frequency'] ?? 'manual') || 'manual';
  return words[frequency]?.(schedule) ?? frequency;
};

const colours: Readonly<Record<Health, 'red' | 'yellow' | 'green' | 'cyan' | 'dim'>> = {
  failed: 'red',
  gone: 'red',
  errors: 'yellow',
  drifted: 'yellow',
  'never ran': 'cyan',
  running: 'cyan',
  ok: 'green',
  off: 'dim',
};

const lastRun = ({ current, last }: RunningObject, now: number): string => {
  const at = current?.started ?? last?.ended ?? last?.started;
  if (at === undefined) return '';
  const ago = lengthText(now - Date.parse(at));
  return current === undefined ? `${ago} ago` : `for ${ago}`;
};

/** A schedule and the time until its next run, in words. */
export const nextRun = ({ next, schedules, active }: RunningObject, now: number): string => {
  const all = schedules.map(scheduleText).join(', ');
  const ahead = next === undefined ? Number.NaN : Date.parse(next) - now;
  return active && ahead > 0 ? `${all}, in ${lengthText(ahead)}` : all;
};

/** Records, and the share of those that went wrong. */
export const records = ({ current, last }: RunningObject): readonly [string, string] => {
  const run = current ?? last;
  if (run === undefined) return ['', ''];
  const share = run.records === 0 ? 0 : Math.round((run.errors / run.records) * 100);
  return [grouped(run.records), run.errors === 0 ? '0' : `${grouped(run.errors)} (${share} %)`];
};

const row = (object: RunningObject, now: number): readonly string[] => [
  object.address ?? `${object.name} (not managed)`,
  object.health,
  lastRun(object, now),
  ...records(object),
  nextRun(object, now),
];

/** The table, what failed in words, and the counts; the worst first. `now` in milliseconds since 1970. */
export const statusText = ({ objects }: WorkspaceStatus, style: Style, now: number): string => {
  if (objects.length === 0) return 'Nothing here runs.\n';
  const [head = '', ...lines] = tableText(
    ['NAME', 'HEALTH', 'LAST RUN', 'RECORDS', 'ERRORS', 'SCHEDULE'],
    objects.map((object) => row(object, now)),
  )
    .trimEnd()
    .split('\n');
  const painted = lines.map((line, index) => {
    const { health } = objects[index] ?? { health: 'ok' as const };
    return line.replace(health, style[colours[health]](health));
  });
  const failures = objects.flatMap(({ address, name, health, last }) =>
    health === 'failed' && last !== undefined
      ? last.messages
          .slice(0, 3)
          .map((message) => `${style.red('✗')} ${printable(`${address ?? name}: ${message}`)}`)
      : [],
  );
  const counts = [...new Set(objects.map(({ health }) => health))].map(
    (health) => `${objects.filter((each) => each.health === health).length} ${health}`,
  );
  return `${[
    style.dim(head),
    ...painted,
    ...(failures.length === 0 ? [] : ['', ...failures]),
    '',
    style.bold(`${counts.join(', ')}.`),
  ].join('\n')}\n`;
};
