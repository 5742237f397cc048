/** Findings, and what was changed outside, as parts of a page. Pure. */
import { hasErrors, type Diagnostic, type Place } from '../core/diagnostics.js';
import { findingUrl } from '../core/site.js';
import { count } from '../core/text.js';
import type { Drifted, DriftedField } from '../plan/drift.js';
import type { RuleReport } from '../rules/rule.js';
import { grouped, type Group } from './diagnostics.js';
import { inline } from './differences.js';
import { reasonText, ruleChangesText } from './rules-text.js';
import { code, html, lines, link, listOf, nothing, section, timeOf, type Html } from './html.js';

/** Where a place can be looked at; undefined where it cannot. */
export type LinkTo = (place: Place) => string | undefined;

/** `connections.yaml:3`, as a link where there is one. */
export const placeHtml = (place: Place, linkTo: LinkTo): Html =>
  html`<code>${link(`${place.file}:${place.line}`, linkTo(place))}</code>`;

const findingHtml = ({ finding, places, number }: Group, linkTo: LinkTo): Html => {
  const { severity, code: named, message, hint, link: address, related = [] } = finding;
  const url = findingUrl(named);
  const more = number - Math.max(places.length, 1);
  return html`<li class="${severity}">
    <p><span class="tag">${severity}</span> ${message}</p>
    ${
      places.length === 0
        ? nothing
        : html`<p>
            ${lines(places.map((place) => placeHtml(place, linkTo)))}${more > 0 ? ` and ${count(more, 'more', 'more')}` : ''}
          </p>`
    }
    ${related.map((other) => html`<p class="quiet">${other.message}: ${placeHtml(other.place, linkTo)}</p>`)}
    ${hint === undefined ? nothing : html`<p><b>Hint:</b> ${hint}</p>`}
    ${address === undefined ? nothing : html`<p><b>See</b> ${link(address, address)}</p>`}
    ${url === undefined ? nothing : html`<p class="quiet">${link(named, url)}</p>`}
  </li>`;
};

/** All findings; nothing for none. */
export const findingsSection = (diagnostics: readonly Diagnostic[], linkTo: LinkTo): Html =>
  section(
    'findings',
    hasErrors(diagnostics) ? 'Errors and warnings' : 'Warnings',
    diagnostics.length === 0
      ? []
      : [
          html`<ul class="findings">
            ${grouped(diagnostics).map((group) => findingHtml(group, linkTo))}
          </ul>`,
        ],
  );

/** What a proposal does to rules, and exceptions from them with their reasons; nothing where there is nothing. */
export const rulesSection = ({ changes, excepted }: RuleReport, linkTo: LinkTo): Html =>
  section('rules', 'Rules', [
    ...(changes.length === 0
      ? []
      : [html`<p><b>This pull request changes the rules:</b> ${ruleChangesText(changes)}.</p>`]),
    ...(excepted.length === 0
      ? []
      : [
          html`<p>Excepted:</p>`,
          listOf(
            excepted.map(
              (each) =>
                html`${reasonText(each)}<br /><span class="quiet">${each.message}</span
                  >${each.place === undefined ? nothing : html` ${placeHtml(each.place, linkTo)}`}`,
            ),
            count(excepted.length, 'exception'),
          ),
        ]),
  ]);

const shown = (value: DriftedField['live']): string => (value === undefined ? 'nothing' : inline(value));

/** The value of a property as it was applied last, in words. */
export const appliedText = ({ applied }: DriftedField): string => shown(applied);

const fieldHtml = (field: DriftedField): Html =>
  html`<dt>${code(field.pointer.slice(1).replaceAll('/', '.'))}</dt>
    <dd>applied ${code(appliedText(field))}, lives as ${code(shown(field.live))}</dd>`;

const driftedHtml = ({ address, name, gone, fields, by, at }: Drifted): Html => {
  const who =
    by === undefined && at === undefined
      ? nothing
      : html`<p class="quiet">
          Last change by ${by ?? 'somebody'}${at === undefined ? '' : html`, ${timeOf(at)}`}.
        </p>`;
  return html`<p>
      ${code(address)} <bdi>${name}</bdi> ${gone ? 'was deleted outside' : 'was changed outside'}
    </p>
    ${who} ${fields.length === 0 ? nothing : html`<dl class="fields">${fields.map(fieldHtml)}</dl>`}`;
};

/** What was changed outside since the last apply, under a heading; nothing for none. */
export const driftedSection = (
  id: string,
  heading: string,
  drifted: readonly Drifted[],
  about: readonly string[] = [],
): Html =>
  section(
    id,
    heading,
    drifted.length === 0
      ? []
      : [
          ...about.map((text) => html`<p>${text}</p>`),
          listOf(drifted.map(driftedHtml), count(drifted.length, 'object')),
        ],
  );
