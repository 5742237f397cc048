/** Plans in files, and what moved since. */
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../src/plan/digest.js';
import type { Change, Plan } from '../../src/plan/plan.js';
import { movedSince, parseSavedPlan } from '../../src/plan/saved.js';
import { change, organization } from '../support/documents.js';

const planWith = (changes: readonly Change[], more: Partial<Plan> = {}): Plan => {
  const body = {
    formatVersion: 1 as const,
    organization,
    environment: null,
    changes,
    unchanged: 0,
    retained: [],
    excluded: 0,
    unmanaged: {},
    ...more,
  };
  return { ...body, digest: digestOf(body) };
};

const create = change('create', 'connection.a');
const saved = { formatVersion: 2, plan: planWith([create]), prune: 'managed', secrets: {} };

describe('a saved plan', () => {
  it('is read as it was written', () => {
    expect(parseSavedPlan(JSON.stringify(saved))).toEqual(saved);
  });

  it.each<[unknown, string]>([
    [null, 'it is no saved plan'],
    [{ ...saved, plan: 'x' }, 'it is no saved plan'],
    [{ ...saved, secrets: [] }, 'it is no saved plan'],
    [{ ...saved, formatVersion: 3 }, 'its format version is 3, and this version reads 2'],
    [{ ...saved, formatVersion: undefined }, 'its format version is undefined, and this version reads 2'],
    [{ ...saved, keyring: { salt: '' } }, 'its keyring is not complete'],
    [{ ...saved, plan: { ...saved.plan, changes: {} } }, 'its plan is not complete'],
    [{ ...saved, plan: { ...saved.plan, organization: 'Acme' } }, 'its plan is not complete'],
    [{ ...saved, plan: { ...saved.plan, formatVersion: 2 } }, 'its plan is not complete'],
    [
      { ...saved, plan: { ...saved.plan, changes: [] } },
      'it was altered: its digest does not fit its changes',
    ],
  ])('is refused where it is none: %j', (value, problem) => {
    expect(parseSavedPlan(JSON.stringify(value))).toEqual({ problem });
  });

  it('is refused where it is no JSON', () => {
    expect(parseSavedPlan('{"formatVersion": 1,')).toEqual({ problem: 'it is not JSON' });
  });
});

describe('since a plan was saved', () => {
  it('nothing moved where the work is the same, whatever is told', () => {
    expect(
      movedSince(planWith([create]), planWith([{ ...create, reasons: ['x'] }], { unchanged: 7 })),
    ).toEqual([]);
  });

  it.each<[readonly Change[], readonly Change[], readonly string[]]>([
    [[], [create], ['connection.a: now create, and was not part of the plan']],
    [[create], [], ['connection.a: was create, and there is nothing to do any more']],
    [[create], [change('adopt', 'connection.a')], ['connection.a: was create, and is adopt now']],
    [[create], [{ ...create, name: 'other' }], ['connection.a: the create is another one now']],
    [
      [create, change('delete', 'connection.b')],
      [{ ...create, reasons: ['x'] }, change('forget', 'connection.b')],
      ['connection.b: was delete, and is forget now'],
    ],
    [
      [create, change('delete', 'connection.b')],
      [
        change('delete', 'connection.b'),
        { ...create, place: { file: 'x', line: 1, column: 1 }, causes: { '/a': 'both' } },
      ],
      ['the order of the changes'],
    ],
  ])('what moved is told (case %#)', (before, after, lines) => {
    expect(movedSince(planWith(before), planWith(after))).toEqual(lines);
  });

  it('another organization is told first', () => {
    const other = { organization: { id: 'org-2', name: 'Other' } };
    expect(movedSince(planWith([create]), planWith([], other))).toEqual([
      'the organization: was org-1, and is org-2 now',
      'connection.a: was create, and there is nothing to do any more',
    ]);
  });
});
