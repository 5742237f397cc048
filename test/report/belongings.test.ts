/** Labels and owners of what changes, in each of the reports. */
import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import type { Change, Plan } from '../../src/plan/plan.js';
import { belongingsOf } from '../../src/report/belongings.js';
import { planMarkdown } from '../../src/report/markdown.js';
import { codeSpan } from '../../src/report/markdown-escape.js';
import { planText } from '../../src/report/plan-text.js';
import { createStyle } from '../../src/report/style.js';
import { change, organization } from '../support/documents.js';
import { shop, workbench } from '../support/workbench.js';
import { hostileName } from './hostile.js';

const planOf = (about: Pick<Change, 'labels' | 'owners'>): Plan => ({
  formatVersion: 1,
  organization,
  environment: null,
  changes: [{ ...change('create', 'connection.a'), ...about }],
  ...{ unchanged: 0, retained: [], excluded: 0, unmanaged: {}, digest: '' },
});

const report = { diagnostics: [], drifted: [], title: '', footer: [] };
const markdownOf = (about: Pick<Change, 'labels' | 'owners'>): string =>
  planMarkdown({ plan: planOf(about), ...report }, { linkTo: () => undefined, limit: 65_536, rest: '' });

const render = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });

describe('labels', () => {
  const labelled = {
    ...shop,
    'polytomic/customers.yaml': shop['polytomic/customers.yaml']!.replace(
      'kind: Model\n',
      'kind: Model\nlabels: { team: growth, reviewed: "" }\n',
    ),
  };

  it('stand below the heading of what has them, and in the JSON of a plan', async () => {
    const bench = await workbench(labelled);
    const { out } = await bench.cli('plan');
    expect(out).toContain(
      '+ model.customers "Customers" will be created\n    # polytomic/customers.yaml:1\n    # labels: reviewed, team=growth\n',
    );
    expect(out.match(/# labels/g)).toHaveLength(1);
    const { plan } = JSON.parse((await bench.cli('plan', '--json')).out) as { plan: Plan };
    expect(plan.changes.map(({ step, labels }) => [step, labels])).toEqual([
      ['connection.db', undefined],
      ['connection.warehouse', undefined],
      ['model.customers', { team: 'growth', reviewed: '' }],
      ['sync.customers', undefined],
    ]);
  });

  it('of what is deleted are those of its last manifest', async () => {
    const bench = await workbench(labelled);
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    await bench.remove('polytomic/customers.yaml');
    expect((await bench.cli('plan')).out).toContain(
      '- model.customers "Customers" will be deleted\n    # labels: reviewed, team=growth\n',
    );
  });

  it('are no part of the digest: a plan that was saved is the same after they changed', async () => {
    const bench = await workbench(labelled);
    expect((await bench.cli('plan', '--out', 'plan.json')).code).toBe(0);
    await bench.write(shop);
    expect((await bench.cli('apply', 'plan.json', '--yes')).code).toBe(0);
  });
});

describe('labels and owners', () => {
  it('of which there are many, or long ones, are cut', () => {
    const labels = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [`label${String.fromCharCode(97 + index)}`, '']),
    );
    expect(belongingsOf({ labels, owners: [`@${'a'.repeat(99)}`] }, (text) => text)).toEqual([
      `labels: ${Array.from({ length: 10 }, (_, index) => `label${String.fromCharCode(97 + index)}`).join(', ')}, and 4 more`,
      `owners: @${'a'.repeat(59)}…`,
    ]);
  });

  it('notify nobody', () => {
    const markdown = markdownOf({ labels: { by: '@jane' }, owners: ['@acme/growth', '@jane'] });
    expect(markdown).toContain('labels: `by=@jane` · owners: `@acme/growth`, `@jane`');
  });

  it('are what they are in Markdown, whatever they are made of', () => {
    fc.assert(
      fc.property(hostileName, hostileName, (name, value) => {
        const markdown = belongingsOf({ labels: { [name]: value } }, codeSpan).join('');
        const html = render(markdown);
        expect([...html.matchAll(/<\/?([a-z]+)/g)].every(([, tag]) => tag === 'p' || tag === 'code')).toBe(
          true,
        );
        expect(markdown).not.toContain('\n');
      }),
    );
  });

  it('are one line each in a terminal', () => {
    fc.assert(
      fc.property(hostileName, (value) => {
        const plan = planOf({ labels: { a: value }, owners: [value] });
        const lines = planText(plan, createStyle(false)).split('\n');
        expect(lines.filter((line) => /^ {4}# (labels|owners): /.test(line))).toHaveLength(2);
        expect(lines.join('\n').replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      }),
    );
  });
});
