import { describe, expect, it } from 'vitest';
import { shop, stable, workbench } from '../support/workbench.js';

const spare =
  'kind: Connection\nkey: spare\nname: Spare\ntype: mysql\nconfiguration: { hostname: spare.example.com }\n';

const report = `kind: Model
key: report
name: Report
connection: db
configuration:
  query: |
    SELECT id, email
    FROM customers
    WHERE active
labels: [core, crm]
`;

describe('a plan with a change of every sort', () => {
  it('reads as the golden file', async () => {
    const bench = await workbench({
      ...shop,
      'polytomic/report.yaml': report,
      'polytomic/spare.yaml': spare,
      'polytomic/extra.yaml': spare.replaceAll('spare', 'extra').replace('Spare', 'Extra'),
    });
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    // Updated: a query, a list, a secret, a field of a sync, a filter; drifted: a name.
    bench.environment['DB_PASSWORD'] = 'another';
    await bench.write({
      'polytomic/report.yaml': report
        .replace('WHERE active', 'WHERE active\n      AND email IS NOT NULL')
        .replace('core, crm', 'crm, new'),
      'polytomic/customers.yaml': shop['polytomic/customers.yaml']!.replace(
        'target: FIRST_NAME }',
        'target: FULL_NAME, new: true }',
      )
        .replace('value: 5 }', 'value: [1, 2] }')
        .replace('hour: 5', 'hour: 6'),
      // Created, and referred to before it exists.
      'polytomic/new.yaml':
        'kind: Model\nkey: teams\nname: "Teams: all"\nconnection: lake\nconfiguration: { table: company.teams }\n---\nkind: Connection\nkey: lake\nname: Lake\ntype: s3\nconfiguration: { s3_bucket_name: lake }\n',
    });
    const [model] = bench.sandbox.list('models').filter(({ name }) => name === 'Customers');
    bench.sandbox.edit('models', model!.id, { identifier: 'email' });
    // Deleted: spare. Forgotten: extra.
    await bench.remove('polytomic/spare.yaml');
    await bench.remove('polytomic/extra.yaml');
    const [extra] = bench.sandbox.list('connections').filter(({ name }) => name === 'Extra');
    bench.sandbox.remove('connections', extra!.id);
    // Adopted: by its name.
    bench.sandbox.seed({ connections: 2 });
    await bench.write({
      'polytomic/adopted.yaml':
        'kind: Connection\nkey: adopted\nname: Seed connection 1\ntype: postgresql\nconfiguration: { port: 6000, password: "${secret:DB_PASSWORD}" }\n',
    });
    const { out, err } = await bench.cli('plan');
    expect(err).toBe('');
    await expect(stable(out)).toMatchFileSnapshot('golden/every-change.txt');
    expect((await bench.cli('apply', '--yes')).code).toBe(0);
    expect((await bench.cli('plan', '--detailed-exitcode')).code).toBe(0);
  });
});

describe('findings', () => {
  it('read as the golden file', async () => {
    const bench = await workbench({
      ...shop,
      'polytomic/bad.yaml':
        'kind: Sync\nkey: bad\nname: Bad\nmode: replce\nfields: [{ source: customers.email, target: A }]\nschedule: { frequency: daily }\ntarget: { connection: warehose, objct: X }\n---\nkind: Model\nkey: customers\n',
    });
    const { err, code } = await bench.cli('validate');
    expect(code).toBe(1);
    await expect(err).toMatchFileSnapshot('golden/findings.txt');
  });
});
