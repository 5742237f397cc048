/** The page of the sandbox: what an organization holds, its requests, the faults that are on. */
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { objectsIn, type Json } from '../core/json.js';
import { asText, printable } from '../core/text.js';
import type { RecordedRequest } from './app.js';
import type { Faults } from './faults.js';
import { texts, within } from './resources/references.js';
import type { Collection, Store, Stored } from './store.js';
import { isWaiting } from './resources/systems.js';

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface View {
  readonly organizations: readonly Stored[];
  /** Of the organization that is shown. */
  readonly store: Store;
  readonly requests: readonly RecordedRequest[];
  readonly faults: Faults;
}

/** Rows of each kind that the page shows, and requests: enough to see what goes on. */
const MOST_ROWS = 50;

interface Section {
  readonly title: string;
  readonly collection: Collection;
  readonly columns: readonly (readonly [title: string, value: (object: Stored, store: Store) => unknown])[];
}

const nameOf = (store: Store, collection: Collection, id: Json | undefined): string => {
  const found = store.get(collection, asText(id));
  return found === undefined ? asText(id) : asText(found['name']);
};

const changed = ({ updated_at: at, updated_by: by }: Stored): string =>
  `${asText(at).replace('T', ' ').slice(0, 19)} by ${asText(within(by, 'name'))}`;

/** `read to Admin, Analysts; update to Admin`. */
const grantsOf = (actions: Json | undefined, store: Store): string =>
  objectsIn(actions)
    .flatMap(({ action, role_ids: ids }) => {
      const roles = texts(ids).map((id) => nameOf(store, 'roles', id));
      return roles.length === 0 ? [] : [`${asText(action)} to ${roles.join(', ')}`];
    })
    .join('; ');

const sections: readonly Section[] = [
  {
    title: 'Connections',
    collection: 'connections',
    columns: [
      ['Name', ({ name }) => name],
      ['Type', ({ type }) => type],
      ['Status', (connection) => (isWaiting(connection) ? 'waits to be authorized' : 'healthy')],
      ['Changed (UTC)', changed],
    ],
  },
  {
    title: 'Models',
    collection: 'models',
    columns: [
      ['Name', ({ name }) => name],
      ['Connection', ({ connection_id: id }, store) => nameOf(store, 'connections', id)],
      ['Version', ({ version }) => version],
      ['Changed (UTC)', changed],
    ],
  },
  {
    title: 'Syncs',
    collection: 'syncs',
    columns: [
      ['Name', ({ name }) => name],
      ['Mode', ({ mode }) => mode],
      [
        'Target',
        ({ target }, store) =>
          `${nameOf(store, 'connections', within(target, 'connection_id'))} ${asText(within(target, 'object'))}`,
      ],
      ['Schedule', ({ schedule }) => within(schedule, 'frequency')],
      ['Active', ({ active }) => (active === true ? 'yes' : 'no')],
      ['Changed (UTC)', changed],
    ],
  },
  {
    title: 'Bulk syncs',
    collection: 'bulkSyncs',
    columns: [
      ['Name', ({ name }) => name],
      ['From', ({ source_connection_id: id }, store) => nameOf(store, 'connections', id)],
      ['To', ({ destination_connection_id: id }, store) => nameOf(store, 'connections', id)],
      ['Active', ({ active }) => (active === true ? 'yes' : 'no')],
      ['Changed (UTC)', changed],
    ],
  },
  {
    title: 'Roles',
    collection: 'roles',
    columns: [
      ['Name', ({ name }) => name],
      ['Kept by', ({ system }) => (system === true ? 'the system' : 'people')],
      ['Changed (UTC)', changed],
    ],
  },
  {
    title: 'Policies',
    collection: 'policies',
    columns: [
      ['Name', ({ name }) => name],
      ['Grants', ({ policy_actions: actions }, store) => grantsOf(actions, store)],
      ['Kept by', ({ system }) => (system === true ? 'the system' : 'people')],
      ['Changed (UTC)', changed],
    ],
  },
];

const cell = (value: unknown): Html => html`<td>${printable(asText(value))}</td>`;

const table = (titles: readonly string[], rows: readonly Html[]): Html =>
  html`<div class="scroll">
    <table>
      <thead>
        <tr>
          ${titles.map((title) => html`<th scope="col">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

const sectionOf = ({ title, collection, columns }: Section, store: Store): Html => {
  const all = store.list(collection);
  const shown = all.slice(0, MOST_ROWS);
  return html`<section id="${collection}">
    <h2>${title} <span class="count">${all.length}</span></h2>
    ${
      all.length === 0
        ? html`<p class="none">None yet.</p>`
        : table(
            columns.map(([name]) => name),
            shown.map(
              (object) =>
                html`<tr>
                  ${columns.map(([, value]) => cell(value(object, store)))}
                </tr>`,
            ),
          )
    }
    ${all.length > shown.length ? html`<p class="none">and ${all.length - shown.length} more</p>` : ''}
  </section>`;
};

const statusClass = (status: number): string => (status === 0 ? 'cut' : `s${Math.floor(status / 100)}`);

const requestsOf = ({ requests, store }: View): Html => {
  const own = requests.filter(
    ({ organization }) =>
      organization === undefined || organization === store.organization || organization === '',
  );
  const latest = own.slice(-MOST_ROWS).reverse();
  return html`<section id="requests">
    <h2>Requests <span class="count">${own.length}</span></h2>
    ${
      latest.length === 0
        ? html`<p class="none">None yet.</p>`
        : table(
            ['Time (UTC)', 'Request', 'Version', 'Answer'],
            latest.map(({ at, method, path, query, headers, status }) => {
              const search = new URLSearchParams(query).toString();
              return html`<tr>
                ${cell(at.slice(11, 23))}
                <td><b>${method}</b> ${printable(path)}${search === '' ? '' : `?${search}`}</td>
                ${cell(headers['x-polytomic-version'] ?? 'none: the oldest')}
                <td><span class="status ${statusClass(status)}">${status === 0 ? 'cut' : status}</span></td>
              </tr>`;
            }),
          )
    }
  </section>`;
};

const faultsOf = (faults: Faults): Html => {
  const { latencyMs = 0, jitterMs = 0, requestsPerSecond, rates = {}, seed = 1 } = faults.settings();
  const lines = [
    ...(latencyMs > 0 || jitterMs > 0
      ? [`each answer takes ${latencyMs} ms, and up to ${jitterMs} ms more`]
      : []),
    ...(requestsPerSecond === undefined ? [] : [`at most ${requestsPerSecond} requests a second`]),
    ...Object.entries(rates).map(([kind, rate]) => `${kind}: ${rate * 100} % of requests (seed ${seed})`),
    ...faults.waiting().map((fault) => {
      const { path, times, method, ...what } = fault;
      return `next ${times ?? 1}: ${method ?? 'any'} ${path?.source ?? 'path'}: ${JSON.stringify(what)}`;
    }),
  ];
  return html`<section id="faults">
    <h2>Faults <span class="count">${lines.length}</span></h2>
    ${
      lines.length === 0
        ? html`<p class="none">None: every request is answered as it should be.</p>`
        : html`<ul>
            ${lines.map((line) => html`<li>${printable(line)}</li>`)}
          </ul>`
    }
  </section>`;
};

/** What changes while somebody looks: all but the frame. */
export const overview = (view: View): Html => {
  const { organizations, store, faults } = view;
  return html`<nav aria-label="Organizations">
      ${organizations.map(
        ({ id, name }) =>
          html`<a href="/?organization=${id}" ${id === store.organization ? raw('aria-current="page"') : ''}
            >${printable(asText(name))}</a
          >`,
      )}
    </nav>
    ${faultsOf(faults)} ${sections.map((section) => sectionOf(section, store))} ${requestsOf(view)}`;
};

const frame = (title: string, content: Html, live: boolean): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/_sandbox/page.css" />
        ${live ? html`<script src="/_sandbox/page.js" defer></script>` : ''}
      </head>
      <body>
        <header>
          <h1>Polytomic sandbox</h1>
          <p>Nothing here is real: no system is behind its connections.</p>
        </header>
        <main>${content}</main>
      </body>
    </html>`;

/** The whole page. */
export const document = (view: View): Html => frame('Polytomic sandbox', overview(view), true);

/** A page that says one thing, with a way on. */
export const notice = (text: string | Html, next?: string): Html =>
  frame(
    'Polytomic sandbox',
    html`<section id="notice">
      <p>${text}</p>
      <p>
        ${next === undefined || !/^https?:\/\//.test(next) ? 'You can close this page.' : html`<a href="${next}" rel="noreferrer">Back to where you came from</a>`}
      </p>
      <p><a href="/">What the sandbox holds</a></p>
    </section>`,
    false,
  );

/** Asks for what changed once a second, and leaves alone what did not. */
export const script = `
const main = document.querySelector('main');
let last = '';
const look = async () => {
  try {
    const answer = await fetch('/_sandbox/overview' + location.search);
    const text = await answer.text();
    const scrolled = [...main.querySelectorAll('.scroll')].map((each) => each.scrollTop);
    if (answer.ok && text !== last) {
      if (last !== '') {
        main.innerHTML = text;
        main.querySelectorAll('.scroll').forEach((each, index) => { each.scrollTop = scrolled[index] ?? 0; });
      }
      last = text;
    }
    document.body.classList.remove('away');
  } catch {
    document.body.classList.add('away');
  }
  setTimeout(look, 1000);
};
look();
`.trimStart();

export const style = `
:root { color-scheme: light dark; --line: #d7d7de; --quiet: #62626d; --accent: #2f5bd0; --back: #fff; --text: #1c1c22; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a3a44; --quiet: #a0a0ab; --accent: #8fb0ff; --back: #17171b; --text: #ececf1; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem 1.25rem 3rem; background: var(--back); color: var(--text);
  font: 0.9rem/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; }
h1 { font-size: 1.25rem; margin: 0.25rem 0; }
header p, .none { color: var(--quiet); margin: 0.25rem 0; }
h2 { font-size: 1rem; margin: 1.5rem 0 0.4rem; }
.count { color: var(--quiet); font-weight: normal; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; margin: 0.5rem 0; padding-bottom: 0.5rem;
  border-bottom: 1px solid var(--line); }
a { color: var(--accent); }
nav a { text-decoration: none; }
nav a[aria-current] { color: inherit; font-weight: 600; }
.scroll { max-height: 22rem; overflow: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; min-width: 38rem; }
th, td { text-align: left; padding: 0.3rem 0.6rem; vertical-align: top; overflow-wrap: break-word; }
th { position: sticky; top: 0; background: var(--back); color: var(--quiet); font-weight: 500;
  box-shadow: inset 0 -1px var(--line); }
tbody tr + tr td { border-top: 1px solid var(--line); }
#requests td { font-family: ui-monospace, monospace; font-size: 0.8rem; }
.status { padding: 0 0.4em; border-radius: 4px; border: 1px solid currentcolor; }
.s2 { color: #1a7f37; } .s3 { color: var(--accent); } .s4 { color: #b35900; } .s5, .cut { color: #c9312b; }
ul { margin: 0.25rem 0; padding-left: 1.25rem; }
body.away main { opacity: 0.5; }
body.away header p::after { content: ' The sandbox does not answer.'; color: #c9312b; }
`.trimStart();
