/**
 * What fails, as Markdown: its outcome, its counts, and what to type for more. No message of a run is in it: nobody
 * says that such a text holds no value of a row, and an issue is read by many.
 */
import { count, grouped } from '../core/text.js';
import { isFailing, type Health, type RunningObject } from '../live/health.js';
import { logsCommand } from './logs-text.js';
import { codeSpan, escapeMarkdown } from './markdown-escape.js';

export interface StatusReport {
  readonly objects: readonly RunningObject[];
  readonly title: string;
  /** Name of the environment that a command has to name; empty where there is none. */
  readonly environment: string;
  readonly limit: number;
  readonly footer: readonly string[];
}

const words: Readonly<Partial<Record<Health, string>>> = {
  failed: '❌ failed',
  gone: '❌ deleted outside',
  errors: '⚠️ records left out',
};

/** An instant in one form, so that nothing else can stand in its place. */
const instantOf = (text: string | undefined): string => {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? '' : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
};

const row = ({ address, name, health, last }: RunningObject, environment: string): string => {
  const env = environment === '' ? undefined : environment;
  const command =
    health === 'gone' || address === undefined ? '' : codeSpan(logsCommand(address, last?.id, env));
  const cells = [
    codeSpan(address ?? name),
    words[health] ?? health,
    instantOf(last?.ended ?? last?.started),
    last === undefined ? '' : grouped(last.records),
    last === undefined ? '' : grouped(last.errors),
    command,
  ];
  return `| ${cells.join(' | ')} |`;
};

/** A row for each sync that fails, the worst first, and no more than fits. */
export const statusMarkdown = ({ objects, title, environment, limit, footer }: StatusReport): string => {
  const failing = objects.filter(isFailing);
  const head = [
    `### Polytomic syncs${title === '' ? '' : ` for ${escapeMarkdown(title)}`}`,
    failing.length === 0
      ? `**Nothing fails.** ${count(objects.length, 'sync')} looked at.`
      : `**${count(failing.length, 'sync')} of ${grouped(objects.length)} ${failing.length === 1 ? 'fails' : 'fail'}.**`,
  ];
  const advice =
    failing.length === 0
      ? []
      : ['Why, and which records were left out, says the command: no value of a row is written here.'];
  const headings = [
    '| Sync | Last run | At | Records | Errors | Log |',
    '| --- | --- | --- | ---: | ---: | --- |',
  ];
  const rest = (number: number): readonly string[] =>
    number === 0 ? [] : [`And ${count(number, 'more sync')}: see the summary of the run.`];
  let room =
    limit -
    [...head, headings.join('\n'), ...advice, ...rest(failing.length), footer.join('\n')].join('\n\n').length;
  const rows = failing
    .map((each) => row(each, environment))
    .filter((text) => {
      const fits = text.length + 1 <= room;
      if (fits) room -= text.length + 1;
      return fits;
    });
  return [
    ...head,
    ...(rows.length === 0 ? [] : [[...headings, ...rows].join('\n')]),
    ...rest(failing.length - rows.length),
    ...advice,
    footer.join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
};
