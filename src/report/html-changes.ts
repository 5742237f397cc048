/** What a plan does to each object, as parts of a page. Pure. */
import type { Address } from '../core/address.js';
import { count } from '../core/text.js';
import type { DriftedField, Drifted } from '../plan/drift.js';
import type { Downstream } from '../plan/impact.js';
import type { Cause, Change } from '../plan/plan.js';
import { belongingsOf } from './belongings.js';
import { differencesOf, goneBy, type Difference, type Origin, type Sign } from './differences.js';
import { anchorOf, code, folded, html, joined, lines, markup, nothing, type Html } from './html.js';
import { appliedText, placeHtml, type LinkTo } from './html-findings.js';
import { columnLines, columnNote, effectTexts } from './effects.js';
import { downstreamCounts, treeLines } from './impact-text.js';
import { sentences, symbols } from './plan-text.js';

export interface ChangesPart {
  /** Addresses that get an id only by this plan. */
  readonly created: ReadonlySet<Address>;
  /** What was changed outside since the last apply. */
  readonly outside: ReadonlyMap<Address, Drifted>;
  /** What comes after each, as far as it can be felt there. */
  readonly downstream: ReadonlyMap<Address, readonly Downstream[]>;
  readonly linkTo: LinkTo;
  /** Whether what changes is folded, where there are too many changes to be read one by one. */
  readonly isFolded: (change: Change) => boolean;
}

/** More lines than this are folded. */
const MOST_LINES = 24;

/** What stands in a change as one: a value, or the lines of what is new or gone as a whole. */
interface Block {
  readonly label: string;
  readonly note: string;
  readonly origin?: Origin;
  readonly lines: readonly { readonly sign: Sign | '~'; readonly text: string }[];
}

const linesOf = (difference: Difference): Block['lines'] => {
  switch (difference.type) {
    case 'line':
      return [difference];
    case 'value':
      return [
        { sign: '-', text: difference.old },
        { sign: '+', text: difference.now },
      ];
    case 'lines':
      return difference.lines;
  }
};

/** Lines that belong to none of the values before them stay together. */
const blocksOf = (differences: readonly Difference[]): readonly Block[] => {
  const blocks: (Block & { readonly lines: Block['lines'][number][] })[] = [];
  for (const difference of differences) {
    const { type, origin } = difference;
    const before = blocks.at(-1);
    if (type === 'line' && origin === undefined && before?.label === '') before.lines.push(difference);
    else
      blocks.push({
        label: type === 'line' ? '' : difference.label,
        note: type === 'line' ? '' : difference.note,
        lines: [...linesOf(difference)],
        ...(origin === undefined ? {} : { origin }),
      });
  }
  return blocks;
};

const causes: Readonly<Record<Cause, string>> = {
  manifest: 'changed in the manifest',
  outside: 'changed outside',
  both: 'changed in the manifest and outside',
};

/** Who made a difference; of what was changed outside also how it was applied. */
const causeHtml = (origin: Origin | undefined, fields: readonly DriftedField[]): Html => {
  if (origin === undefined) return nothing;
  const { cause, pointer } = origin;
  const field = cause === 'manifest' ? undefined : fields.find((each) => each.pointer === pointer);
  const last = field === undefined ? nothing : html` last applied: ${code(appliedText(field))}`;
  return html`<span class="cause ${cause}"><b>${causes[cause]}</b>${last}</span>`;
};

const lineHtml = ({ sign, text }: Block['lines'][number]): Html => {
  const shown = html`<b>${sign} </b>${text}`;
  if (sign === '+') return html`<ins>${shown}</ins>`;
  return sign === '-' ? html`<del>${shown}</del>` : html`<span>${shown}</span>`;
};

const preOf = (all: Block['lines']): Html =>
  html`${markup('<pre>')}${joined(all.map(lineHtml), '')}${markup('</pre>')}`;

const blockHtml = (block: Block, fields: readonly DriftedField[]): Html => {
  const { label, note, origin } = block;
  const cause = causeHtml(origin, fields);
  const head = [
    ...(label === '' ? [] : [code(label)]),
    ...(note === '' ? [] : [html`<span class="cause">${note.trim()}</span>`]),
    ...(origin === undefined ? [] : [cause]),
  ];
  const text = preOf(block.lines);
  return html`${head.length === 0 ? nothing : html`<p class="what">${lines(head)}</p>`}
  ${block.lines.length > MOST_LINES ? folded(count(block.lines.length, 'line'), text) : text}`;
};

/** More steps than these are counted. */
const MOST_STEPS = 8;

const afterHtml = (steps: readonly string[]): Html =>
  steps.length > MOST_STEPS
    ? html`after ${count(steps.length, 'other change')}`
    : html`after
      ${joined(
        steps.map((step) => html`<a href="#${anchorOf(step)}">${step}</a>`),
        ', ',
      )}`;

/** What comes after, as a tree, at the change of the object itself. */
const downstreamHtml = (root: string, all: readonly Downstream[]): Html =>
  folded(
    `Downstream: ${downstreamCounts(all)}`,
    preOf(treeLines(root, all).map((text) => ({ sign: ' ', text }))),
  );

/** What it does to the data: its columns, then sentences. */
const effectsHtml = (change: Change): Html => {
  const note = columnNote(change);
  const columns = note === undefined && change.columns !== undefined ? columnLines(change.columns) : [];
  const told = [
    ...(columns.length === 0 ? [] : [html`<p class="what">${code('columns')}</p>`, preOf(columns)]),
    ...(note === undefined ? [] : [html`<p class="quiet">${note}</p>`]),
    ...effectTexts(change).map((text) => html`<p>${text}</p>`),
  ];
  return told.length === 0 ? nothing : lines(told);
};

/** A change: what it is, what it changes and why, and what comes before it. */
export const changeHtml = (
  change: Change,
  { created, outside, downstream, linkTo, isFolded }: ChangesPart,
): Html => {
  const { action, step, address, name, reasons, place, unknownSecrets, waitsFor } = change;
  const fields = outside.get(address)?.fields ?? [];
  const blocks = blocksOf([...goneBy(change), ...differencesOf(change, created)]);
  const after = downstream.get(address);
  const body = lines(blocks.map((block) => blockHtml(block, fields)));
  const length = blocks.reduce((sum, block) => sum + block.lines.length, 0);
  const sent = change.patch.length === 0 ? 'sent only with another change' : 'sent along';
  const about = [
    ...(place === undefined ? [] : [placeHtml(place, linkTo)]),
    ...belongingsOf(change, (text) => text).map((line) => html`${line}`),
    ...reasons.map((reason) => html`${reason}`),
    ...(waitsFor.length === 0 ? [] : [afterHtml(waitsFor)]),
  ];
  return html`<article id="${anchorOf(step)}" class="card ${action}" aria-labelledby="${anchorOf(step)}-name">
    <div class="head">
      <h3 id="${anchorOf(step)}-name">${symbols[action]} ${code(step)}</h3>
      <p><bdi>${name}</bdi></p>
      <p><span class="tag">${sentences[action]}</span></p>
    </div>
    ${about.length === 0 ? nothing : html`<p class="quiet">${joined(about, ' · ')}</p>`}
    ${length > 0 && isFolded(change) ? folded(count(length, 'line'), body) : body}
    ${unknownSecrets.map(
      (pointer) =>
        html`<p class="quiet">
          ${code(pointer.slice(1).replaceAll('/', '.'))} cannot be compared with the live secret; ${sent}
        </p>`,
    )}
    ${effectsHtml(change)}
    ${after === undefined || step !== address ? nothing : downstreamHtml(address, after)}
  </article>`;
};
