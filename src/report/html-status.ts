/** How what runs is doing, as a page: counts, then each object, the worst first. Pure. */
import type { Diagnostic } from '../core/diagnostics.js';
import { healths, type Health, type RunningObject, type WorkspaceStatus } from '../live/health.js';
import {
  code,
  countsList,
  factsList,
  folded,
  html,
  lines,
  nothing,
  pageOf,
  section,
  timeOf,
  type Fact,
  type Html,
} from './html.js';
import { findingsSection } from './html-findings.js';
import { lengthText, nextRun, records } from './status-text.js';

export interface StatusPage {
  /** Absent where it could not be read. */
  readonly status?: WorkspaceStatus;
  /** What to say where there is nothing to show. */
  readonly empty?: string;
  readonly diagnostics: readonly Diagnostic[];
  /** What was looked at, e.g. `production`; empty for all that there is. */
  readonly title: string;
  /** What else is known of it. */
  readonly facts: readonly Fact[];
  /** When it was read, ISO 8601. */
  readonly made: string;
}

const meanings: Readonly<Record<Health, string>> = {
  failed: 'The last run failed, or was interrupted.',
  gone: 'Deleted outside.',
  errors: 'The last run left records out.',
  drifted: 'Changed outside since the last apply.',
  'never ran': 'Active, and has not run yet.',
  running: 'A run is under way.',
  ok: 'The last run did what it was to do, or was cancelled.',
  off: 'Not active.',
};

/** A class has no spaces. */
const classOf = (health: Health): string => health.replace(' ', '-');

/** The status of what runs, or why there is none, as one file of HTML. */
export const statusPage = (page: StatusPage): string => {
  const { status, empty, diagnostics, title, made } = page;
  const { organization } = status ?? {};
  const where =
    organization === undefined
      ? []
      : [{ name: 'In organization', value: organization.name === '' ? organization.id : organization.name }];
  return pageOf(
    {
      title: `Polytomic status${title === '' ? '' : ` of ${title}`}`,
      facts: [...where, { name: 'As of', value: timeOf(made) }, ...page.facts],
      made,
    },
    [
      ...(status === undefined ? [] : bodyOf(status.objects, made, empty)),
      findingsSection(diagnostics, () => undefined),
    ],
  );
};

const bodyOf = (
  objects: readonly RunningObject[],
  made: string,
  empty = 'Nothing here runs.',
): readonly Html[] => {
  const groups = healths
    .map((health) => ({ health, all: objects.filter((object) => object.health === health) }))
    .filter(({ all }) => all.length > 0);
  return [
    objects.length === 0
      ? html`<p class="lead">${empty}</p>`
      : countsList(
          groups.map(({ health, all }) => ({
            kind: classOf(health),
            number: all.length,
            words: health,
            at: classOf(health),
          })),
        ),
    ...groups.map(({ health, all }) =>
      section(classOf(health), `${health} (${all.length})`, [
        html`<p class="quiet">${meanings[health]}</p>`,
        ...all.map((object, index) =>
          objectHtml(object, `${classOf(health)}-${index + 1}`, Date.parse(made)),
        ),
      ]),
    ),
  ];
};

/** Messages of a run beyond these are folded. */
const MOST_MESSAGES = 3;

const messagesHtml = (messages: readonly string[]): Html => {
  const all = (some: readonly string[]): Html => lines(some.map((message) => html`<p>${message}</p>`));
  const rest = messages.slice(MOST_MESSAGES);
  return html`${all(messages.slice(0, MOST_MESSAGES))}
  ${rest.length === 0 ? nothing : folded(`${rest.length} more`, all(rest))}`;
};

const lastRun = ({ current, last }: RunningObject, now: number): readonly Fact[] => {
  const at = current?.started ?? last?.ended ?? last?.started;
  if (at === undefined) return [];
  const length = lengthText(now - Date.parse(at));
  return [
    current === undefined
      ? { name: 'Last run', value: html`${timeOf(at)}, ${length} ago` }
      : { name: 'Runs since', value: html`${timeOf(at)}, for ${length}` },
  ];
};

/** What no other word says of it. */
const isAlsoDrifted = ({ drifted, health }: RunningObject): boolean =>
  drifted && health !== 'drifted' && health !== 'gone';

const objectHtml = (object: RunningObject, id: string, now: number): Html => {
  const { address, name, health, last } = object;
  const [read, wrong] = records(object);
  const schedule = nextRun(object, now);
  const facts = [
    ...lastRun(object, now),
    ...(read === ''
      ? []
      : [
          { name: 'Records', value: read },
          { name: 'Errors', value: wrong },
        ]),
    ...(schedule === '' ? [] : [{ name: 'Schedule', value: schedule }]),
  ];
  const shown = html`<bdi>${name}</bdi>`;
  return html`<article class="card ${classOf(health)}" aria-labelledby="${id}">
    <div class="head">
      <h3 id="${id}">${address === undefined ? shown : code(address)}</h3>
      <p>${address === undefined ? 'not managed' : shown}</p>
      ${isAlsoDrifted(object) ? html`<p><span class="tag drifted">changed outside</span></p>` : nothing}
    </div>
    ${health === 'failed' && last !== undefined ? messagesHtml(last.messages) : nothing} ${factsList(facts)}
  </article>`;
};
