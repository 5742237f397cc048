/** Where the fields of the kinds go: held against the project's own table of the API's types. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseReasons } from '../../.ci/api/explained.js';
import { fieldsByKind, fieldTables, leftOut } from '../../.ci/api/field-tables.js';
import { REASONS } from '../../.ci/api/main.js';
import { manifestsOf, type Manifests } from '../../.ci/api/writable.js';
import { kindOf } from '../../src/kinds/registry.js';

const reasons = readFileSync(REASONS, 'utf8');
const docs = readFileSync('docs/manifests.md', 'utf8');

describe.each(fieldsByKind().map(([{ name }, fields]) => [name, fields] as const))('%s', (name, fields) => {
  it('has a place for each field that the API takes for it, or the reason why not', () => {
    expect(fields.length).toBeGreaterThan(0);
    // Else: give it a place in the schema, or a reason in the file.
    expect(leftOut(fields, parseReasons(reasons)).filter(({ reason }) => reason === '')).toEqual([]);
  });

  it('has its table in the document', () => {
    expect(docs).toContain(`\n### ${name}\n`);
    for (const { row, isManaged } of fields)
      expect(docs).toContain(
        isManaged ? `| \`${row.slice(name.length + 1)}\`` : `- \`${row.slice(name.length + 1)}\`: `,
      );
  });
});

it('every reason of a field is still needed', () => {
  const rows = fieldsByKind().flatMap(([, fields]) => leftOut(fields, []).map(({ row }) => row));
  const explained = parseReasons(reasons).flatMap(({ unmanaged = [] }) => unmanaged);
  // What older versions alone take is told of clients that speak them.
  const older = ['BulkSync.discover', 'BulkSync.schedule'];
  expect(explained.filter((row) => !rows.includes(row))).toEqual(older);
});

describe('a kind', () => {
  const connection = manifestsOf(kindOf('Connection')) as Manifests;
  const properties = connection.schema.properties as Record<string, object>;

  it('that lacks a field of its requests is told', () => {
    const { policies: _, ...rest } = properties;
    const lacking: Manifests = { ...connection, schema: { ...connection.schema, properties: rest } };
    const fields = fieldsByKind([lacking]).flatMap(([, each]) => each);
    expect(leftOut(fields, parseReasons(reasons)).filter(({ reason }) => reason === '')).toEqual([
      { row: 'Connection.policies', reason: '' },
    ]);
  });

  it('that comes to the registry gets its table, with the fields of its own requests', () => {
    const schema = { type: 'object', properties: { kind: { const: 'Role' }, name: { type: 'string' } } };
    const role: Manifests = {
      name: 'Role',
      whole: ['POST /api/permissions/roles', 'PUT /api/permissions/roles/{}'],
      one: '/api/permissions/roles/{id}',
      parts: {},
      switches: {},
      references: [],
      aliases: [],
      schema,
    };
    const group = '- reason: Of partners.\n  unmanaged: [Role.organization_id]\n';
    expect(fieldTables(group, [role])).toBe(
      `### Role

\`POST /api/permissions/roles\` takes \`CreateRoleRequest\`, \`PUT /api/permissions/roles/{id}\` takes \`UpdateRoleRequest\`.

| Field | In the API | Sent with |
| --- | --- | --- |
| \`name\` | \`name\` | \`POST\`, \`PUT\` |

The API takes these, too, and a manifest has no place for them:

- \`organization_id\`: Of partners.`,
    );
  });
});
