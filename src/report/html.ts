/** Pages for people who were not there: one file, no script, nothing from elsewhere. Pure. */
import { createHash } from 'node:crypto';
import { html as tagged, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { grouped, printable } from '../core/text.js';
import { style } from './html-style.js';

/** Finished HTML: no text of somebody else is of this type before it was escaped. */
export type Html = HtmlEscapedString;

type Part = string | number | Html | readonly Part[];

const isText = (part: Part): part is string => typeof part === 'string';

const shown = (part: Part): Part =>
  Array.isArray(part) ? part.map(shown) : isText(part) ? printable(part) : part;

/** HTML whose every value is text, on one line and without anything invisible, unless it is HTML itself. */
export const html = (strings: TemplateStringsArray, ...values: readonly Part[]): Html => {
  const flat = strings.map((text) => text.replaceAll(/\n\s*/g, '\n'));
  // Only where a value is a promise it gives one.
  return tagged(flat as readonly string[] as TemplateStringsArray, ...values.map(shown)) as Html;
};

export const nothing = html``;

/** Several, one after the other, with plain text between them. */
export const joined = (parts: readonly Html[], between: string): Html => raw(parts.join(between));

/** Several, each on a line of its own; nothing of those that are nothing. */
export const lines = (parts: readonly Html[]): Html =>
  raw(
    parts
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .join('\n'),
  );

/** Markup that this project wrote, such as a picture whose texts are escaped. */
export const markup = (text: string): Html => raw(text);

/** A link to another page; plain text where the address is none of the web. */
export const link = (text: string, url: string | undefined): Html =>
  url !== undefined && /^https?:\/\//i.test(url) ? html`<a href="${url}">${text}</a>` : html`${text}`;

/** Text of a manifest or of the API, kept apart from the direction of what stands around it. */
export const code = (text: string): Html => html`<code>${text}</code>`;

/** The id of what a step does on its page: letters, digits, dots, hyphens and tildes, another one for each step. */
export const anchorOf = (step: string): string =>
  `change-${step.replace(/[^\w.-]/gu, (character) => `~${(character.codePointAt(0) ?? 0).toString(16)}~`)}`;

/** `2026-03-01 05:00 UTC`, of an instant of ISO 8601; what is none, as it is. */
export const timeOf = (instant: string): Html => {
  const time = new Date(instant);
  if (Number.isNaN(time.getTime())) return html`${instant}`;
  const iso = time.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
};

/** Something that is known of a page, or of what stands on it. */
export interface Fact {
  readonly name: string;
  readonly value: string | Html;
}

/** Names and values, side by side where there is room; nothing for none. */
export const factsList = (facts: readonly Fact[]): Html =>
  facts.length === 0
    ? nothing
    : html`<dl class="facts">
        ${facts.map(
          ({ name, value }) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>`;

export interface Frame {
  readonly title: string;
  readonly facts: readonly Fact[];
  /** When it was made, ISO 8601. */
  readonly made: string;
}

const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** A number of what there is, in a colour that its class gives it. */
export interface Count {
  readonly kind: string;
  readonly number: number;
  readonly words: string;
  /** The id of where they stand. */
  readonly at?: string;
}

const countHtml = ({ number, words, at }: Count): Html => {
  const text = html`<b>${grouped(number)}</b> ${words}`;
  return at === undefined ? text : html`<a href="#${at}">${text}</a>`;
};

export const countsList = (counts: readonly Count[]): Html =>
  html`<ul class="counts">
    ${counts.map((each) => html`<li class="${each.kind}">${countHtml(each)}</li>`)}
  </ul>`;

/** A section under a heading; nothing where there is nothing to show. */
export const section = (id: string, heading: string, parts: readonly Html[]): Html =>
  parts.length === 0
    ? nothing
    : html`<section id="${id}" aria-labelledby="${id}-heading">
        <h2 id="${id}-heading">${heading}</h2>
        ${lines(parts)}
      </section>`;

/** Beyond so many, the rest of a list is folded. */
const MOST_OPEN = 20;

/** Something long, folded. */
export const folded = (summary: string, body: Html): Html =>
  html`<details>
    <summary>${summary}</summary>
    ${body}
  </details>`;

/** Items of a list, folded where they are many. */
export const listOf = (items: readonly Html[], words: string): Html => {
  const all = html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
  return items.length > MOST_OPEN ? folded(words, all) : all;
};

/** The whole page, from what is within. Ends with a newline. */
export const pageOf = ({ title, facts, made }: Frame, content: readonly Html[]): string =>
  `${html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${markup(`<style>${style}</style>`)}
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          ${factsList(facts)}
        </header>
        <main>${lines(content)}</main>
        <footer><p>Made by polytomic-gitops, ${timeOf(made)}.</p></footer>
      </body>
    </html>`.toString()}\n`;
