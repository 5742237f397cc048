import { describe, expect, it } from 'vitest';
import type { BulkDestination, BulkSource } from '../../src/api/bulk.js';
import { dialectOf } from '../../src/api/versions.js';
import type { JsonObject } from '../../src/core/json.js';
import { preflightBulkSync } from '../../src/kinds/bulk-sync/preflight.js';
import { expandSchemas } from '../../src/kinds/bulk-sync/schemas.js';
import type { Outlook } from '../../src/kinds/preflight.js';

const source: BulkSource = {
  trackingFields: true,
  schemas: [
    {
      id: 'public.users',
      name: 'users',
      fields: [
        { id: 'id', name: 'id', type: 'number', key: true },
        { id: 'email', name: 'email', type: 'string', key: false },
      ],
    },
    { id: 'public.log', name: 'log', fields: [{ id: 'at', name: 'at', type: 'datetime', key: false }] },
  ],
};
const destination: BulkDestination = {
  modes: ['replicate', 'snapshot'].map((mode) => ({
    mode,
    label: mode,
    description: '',
    requiresIdentity: mode === 'replicate',
  })),
  options: [
    { name: 'schema', required: true, preset: '' },
    { name: 'region', required: true, preset: 'eu' },
    { name: 'mirror', required: false },
  ],
  resyncModes: ['refetch'],
  history: false,
};

const outlook: Pick<Outlook, 'capabilities' | 'bulkSource' | 'bulkDestination' | 'bulk'> = {
  capabilities: async () => Promise.resolve(undefined),
  bulkSource: async () => Promise.resolve(source),
  bulkDestination: async () => Promise.resolve(destination),
  bulk: dialectOf('2025-09-18').bulk,
};

const findings = async (document: JsonObject, known: Partial<Outlook> = {}): Promise<readonly string[]> => {
  const own = expandSchemas({
    source_connection: 'db',
    destination_connection: 'warehouse',
    destination_configuration: { schema: 'RAW' },
    default_schedule: { frequency: 'manual' },
    ...document,
  });
  // What lives beside is nobody's concern here.
  const whole = { ...own, schemas: [{ id: 'gone', enabled: true }] };
  return (await preflightBulkSync(whole, { ...outlook, ...known } as Outlook, undefined, own)).map(
    ({ severity, code, pointer, hint }) =>
      `${severity} ${code} ${pointer}${hint === undefined ? '' : ` (${hint})`}`,
  );
};

describe('a bulk sync is checked against its ends:', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['all is well', { mode: 'replicate', schemas: ['public.users'] }, []],
    [
      'the nearest schema is named',
      { schemas: ['public.user', { id: 'public.old', enabled: false }] },
      [
        'error unknown-schema /schemas/0 (did you mean "public.users"?)',
        'warning unknown-schema /schemas/1 (did you mean "public.log"?)',
      ],
    ],
    [
      'the nearest field is named, wherever a field can stand',
      {
        schemas: [
          {
            id: 'public.users',
            fields: ['emial', { id: 'old', enabled: false }],
            filters: [{ field_id: 'mail', function: 'IsNotNull' }],
            tracking_field: 'ids',
            partition_key: 'ids',
          },
        ],
      },
      [
        'error unknown-field /schemas/0/fields/0 (did you mean "email"?)',
        'warning unknown-field /schemas/0/fields/1 (did you mean "id"?)',
        'error unknown-field /schemas/0/filters/0/field_id (did you mean "email"?)',
        'error unknown-field /schemas/0/tracking_field (did you mean "id"?)',
        'warning unknown-field /schemas/0/partition_key (did you mean "id"?)',
      ],
    ],
    [
      'a filter is for the type of its field',
      { schemas: [{ id: 'public.users', filters: [{ field_id: 'id', function: 'OnOrAfter', value: 'x' }] }] },
      ['warning function-misfit /schemas/0/filters/0/function'],
    ],
    [
      'the mode is offered',
      { mode: 'append' },
      ['error mode-not-offered /mode (one of: replicate, snapshot)'],
    ],
    [
      'a mode that needs keys has them',
      { mode: 'replicate', schemas: ['public.log', { id: 'public.log', enabled: false }] },
      ['warning no-primary-key /schemas/0 (set one for the schema in Polytomic, or choose another mode)'],
    ],
    ['one that needs none does without', { mode: 'snapshot', schemas: ['public.log'] }, []],
    [
      'the destination has what it needs, and knows what it gets',
      { destination_configuration: { mirrr: true } },
      [
        'error missing-field /destination_configuration (add schema: …)',
        'warning unknown-configuration /destination_configuration/mirrr (did you mean "mirror"?)',
      ],
    ],
    [
      'schedules are for schemas that are there, in modes that are offered',
      {
        additional_schedules: [
          { frequency: 'manual', schemas: ['public.users', 'public.logs'], resync_mode: 'rebuild' },
          { frequency: 'manual', resync_mode: 'normal' },
        ],
      },
      [
        'error unknown-schema /additional_schedules/0/schemas/1 (did you mean "public.log"?)',
        'error mode-not-offered /additional_schedules/0/resync_mode (one of: normal, refetch)',
      ],
    ],
    [
      'a history can be kept',
      { schemas: [{ id: 'public.users', history_enabled: true }] },
      ['error no-history /schemas/0/history_enabled'],
    ],
  ])('%s', async (_what, document, expected) => {
    expect(await findings(document)).toEqual(expected);
  });

  it.each<[string, Partial<Outlook>, readonly string[]]>([
    [
      'types that are no source and no destination',
      {
        capabilities: async () =>
          Promise.resolve({ source: false, destination: false, enrichment: true, orchestration: false }),
      },
      ['error no-source /source_connection', 'error no-target /destination_connection'],
    ],
    [
      'connections that the API refuses, in its words',
      {
        bulkSource: async () => Promise.resolve({ refused: 'no tables' }),
        bulkDestination: async () => Promise.resolve({ refused: 'read only' }),
      },
      [
        'error no-source /source_connection (Polytomic says: no tables)',
        'error no-target /destination_connection (Polytomic says: read only)',
      ],
    ],
    [
      'schemas that Polytomic is still reading',
      { bulkSource: async () => Promise.resolve('early' as const) },
      ['warning schemas-not-ready /source_connection (try again in a moment)'],
    ],
    [
      'nothing that is known',
      {
        bulkSource: async () => Promise.resolve(undefined),
        bulkDestination: async () => Promise.resolve(undefined),
      },
      [],
    ],
    [
      'a source without tracking fields',
      { bulkSource: async () => Promise.resolve({ ...source, trackingFields: false }) },
      ['error no-tracking-field /schemas/0/tracking_field'],
    ],
    [
      'a version without words for it',
      { bulk: dialectOf('2024-02-08').bulk },
      [
        "error newer-form /error_handling (set version: '2025-09-18' in the configuration file, or take it out)",
      ],
    ],
  ])('%s', async (_what, known, expected) => {
    const document = {
      schemas: [{ id: 'public.users', tracking_field: 'id' }],
      error_handling: { subscribers: [] },
    };
    expect(await findings(document, known)).toEqual(expected);
  });
});
