/** What becomes of columns, and how it reads. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ValueObject } from '../../src/core/secret.js';
import { modelPreview } from '../../src/kinds/model-preview.js';
import type { Column } from '../../src/kinds/preview.js';
import { compareColumns } from '../../src/preflight/columns.js';
import { columnLines, columnNote } from '../../src/report/effects.js';
import type { Change } from '../../src/plan/plan.js';

const column = fc.record({
  name: fc.constantFrom('id', 'email', 'mail', 'score', '__proto__'),
  label: fc.constant(''),
  type: fc.constantFrom('string', 'number', ''),
  unique: fc.boolean(),
  of: fc.constantFrom('source' as const, 'enricher' as const, 'manifest' as const),
});
const columns = fc.uniqueArray(column, { selector: ({ name }) => name });

const names = (all: readonly { readonly name: string }[]): readonly string[] =>
  all.map(({ name }) => name).sort();
const made = (all: readonly Column[]): readonly Column[] => all.filter(({ of }) => of !== 'manifest');

describe('columns before and after', () => {
  it('differ by what comes and goes, whatever the order; those added by hand do not count', () => {
    fc.assert(
      fc.property(columns, columns, (before, after) => {
        const { added, removed, changed, unknown } = compareColumns(before, after);
        const gone = names(removed);
        const left = names(made(before)).filter((name) => !gone.includes(name));
        expect([...left, ...names(added)].sort()).toEqual(names(made(after)));
        for (const { name } of changed) expect(left).toContain(name);
        expect(unknown).toBeUndefined();
        expect(compareColumns([...before].reverse(), [...after].reverse())).toEqual({
          added,
          removed,
          changed,
        });
        const back = compareColumns(after, before);
        expect([back.added, back.removed]).toEqual([removed, added]);
      }),
    );
  });

  it('are the same where nothing changes', () => {
    fc.assert(
      fc.property(columns, (all) => {
        expect(compareColumns(all, all)).toEqual({ added: [], removed: [], changed: [] });
      }),
    );
  });
});

describe('what an answer leaves out', () => {
  const answer = { fields: ['id', 'email', 'score'].map((name) => ({ name, type: 'string' })) };
  const foreseen = (document: ValueObject) => {
    const { columns: all, isWhole } = modelPreview.foreseen(answer, document);
    return [all.map(({ name }) => name), isWhole];
  };

  it('is what the manifest does not choose, and never what it adds', () => {
    expect(foreseen({})).toEqual([['id', 'email', 'score'], true]);
    expect(
      foreseen({
        fields: ['id', 'score'],
        additional_fields: [{ name: 'plan', label: 'Plan', type: 'string' }],
      }),
    ).toEqual([['id', 'score', 'plan'], true]);
  });

  it('of an enricher has not gone away: not all is told', () => {
    expect(foreseen({ enricher: { connection: 'clearbit' } })).toEqual([['id', 'email', 'score'], false]);
  });
});

describe('the lines of columns', () => {
  it('are cut where there are many, and say how many more there are', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({ name: `c${index}`, type: 'string' }));
    const lines = columnLines({ added: many, removed: [], changed: [] });
    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toEqual({ sign: ' ', text: 'and 5 more that come' });
  });

  it('show what a source calls them without doing what it says', () => {
    const evil = 'a\u001b[2J\nb\u202e';
    const texts = columnLines({
      added: [{ name: evil, type: evil }],
      removed: [{ name: evil, type: '' }],
      changed: [{ name: evil, before: evil, after: evil }],
    }).map(({ text }) => text);
    const note = columnNote({
      columns: { added: [], removed: [], changed: [], unknown: evil },
    } as unknown as Change);
    expect([...texts, note].join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
