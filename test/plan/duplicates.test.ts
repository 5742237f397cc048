/** Live objects that look like a managed one. */
import { describe, expect, it } from 'vitest';
import { wantedLive } from '../../src/plan/match.js';
import { planText } from '../../src/report/plan-text.js';
import { createStyle } from '../../src/report/style.js';
import { binding, connection, liveConnection, liveModel, model, planOf } from '../support/documents.js';

const applied = { name: 'm', connection: 'db', configuration: { table: 't' } };
const situation = {
  manifests: [connection('db'), model('m')],
  state: {
    'connection.db': binding('Connection', 'c1', {
      name: 'db',
      type: 'postgresql',
      configuration: { hostname: 'h' },
    }),
    'model.m': binding('Model', 'm1', applied),
  },
};
const own = [liveConnection('c1', 'db'), liveModel('m1', 'm', 'c1')];

describe('a live object without a manifest', () => {
  it('of the kind, the name and the content of a managed one looks like a duplicate', () => {
    const { plan } = planOf({ ...situation, live: [...own, liveModel('m2', 'm', 'c1')] });
    expect(plan.changes).toEqual([]);
    expect(plan.duplicates).toEqual([{ kind: 'Model', name: 'm', id: 'm2', of: 'model.m', bound: 'm1' }]);
    const text = planText(plan, createStyle(false));
    expect(text).toContain('Not managed here and left alone: 1 model, of which 1 looks like a duplicate.');
    expect(text).toContain('  model "m" (m2) looks like a duplicate of model.m (m1): delete it in Polytomic');
  });

  it.each([
    ['another name', liveModel('m2', 'other', 'c1')],
    ['another kind', liveConnection('c2', 'm')],
    ['something else in it', liveModel('m2', 'm', 'c9')],
  ])('of %s does not', (_what, object) => {
    const { plan } = planOf({ ...situation, live: [...own, object] });
    expect(plan).not.toHaveProperty('duplicates');
  });

  it('is counted, and not part of the digest', () => {
    const twins = Array.from({ length: 25 }, (_, index) => liveModel(`t${index}`, 'm', 'c1'));
    const { plan } = planOf({ ...situation, live: [...own, ...twins] });
    expect(plan.digest).toBe(planOf({ ...situation, live: own }).plan.digest);
    const text = planText(plan, createStyle(false));
    expect(text).toContain('of which 25 look like duplicates.');
    expect(text).toContain('  and 5 more\n');
  });

  it('is read in detail where it bears the name of a manifest', () => {
    const { input } = planOf({ ...situation, live: own });
    const wants = wantedLive(input.desired, input.state);
    expect([wants('Model', 'm2', 'm'), wants('Model', 'm2', 'other')]).toEqual([true, false]);
  });
});
