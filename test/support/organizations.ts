/**
 * Repositories of all kinds with references between them, by chance: a row for each kind says what its manifests can be.
 * A new kind needs a row here, and nothing else.
 */
import fc from 'fast-check';
import { stringify } from 'yaml';

export type Manifest = Readonly<Record<string, unknown>> & { readonly kind: string; readonly key: string };

/** The manifests of the rows above, which one may refer to. */
interface Others {
  /** One of a kind, any of those that fit; undefined where there is none. */
  readonly pick: (
    kind: string,
    number: number,
    fits?: (manifest: Manifest) => boolean,
  ) => Manifest | undefined;
}

interface Row<Drawn> {
  readonly kind: string;
  /** How many there can be: each has a slot, which its key and its name come from, so that repositories share some. */
  readonly slots: number;
  /** The first so many are always there. */
  readonly always?: number;
  readonly drawn: fc.Arbitrary<Drawn>;
  /** All but kind and key; undefined where there is nothing to refer to. */
  readonly manifest: (drawn: Drawn, slot: number, others: Others) => object | undefined;
}

/** A row whose type of what is drawn only the row itself knows. */
const row = <Drawn>(own: Row<Drawn>): Row<unknown> => own as unknown as Row<unknown>;

const numbers = fc.uniqueArray(fc.nat(5), { maxLength: 2 });
const emails = fc.uniqueArray(fc.constantFrom('ana@example.com', "o'neil@example.com", 'c+d@example.org'), {
  maxLength: 2,
});
const columns = ['id', 'email', 'first_name', 'last_name'];
const schedule = fc.oneof(
  fc.constant({ frequency: 'manual' }),
  fc.record({ frequency: fc.constant('hourly'), minute: fc.constantFrom('05', '30') }),
  fc.record({
    frequency: fc.constant('daily'),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.constant('15'),
  }),
);

/** Databases have even slots, warehouses odd ones. */
const isDatabase = ({ type }: Manifest): boolean => type !== 'snowflake';
const isWarehouse = (manifest: Manifest): boolean => !isDatabase(manifest);

/** References to these, each once; what is kept by Polytomic itself stands for those that are not there. */
const several = (
  others: Others,
  kind: string,
  system: string,
  all: readonly number[],
): readonly unknown[] => [
  ...new Map(
    all.map((number) => {
      const reference =
        number === 0 ? { name: system } : (others.pick(kind, number)?.key ?? { name: system });
      return [JSON.stringify(reference), reference] as const;
    }),
  ).values(),
];

const policiesOf = (others: Others, all: readonly number[]): readonly unknown[] =>
  several(others, 'Policy', 'Default', all);

const rows: readonly Row<unknown>[] = [
  row({
    kind: 'Role',
    slots: 3,
    drawn: fc.constant({}),
    manifest: (_, slot) => ({ name: ['Analysts', 'Ünïcode', "it's a/b"][slot] }),
  }),
  row({
    kind: 'Policy',
    slots: 3,
    drawn: fc.uniqueArray(fc.record({ action: fc.constantFrom('read', 'update', 'share'), roles: numbers }), {
      selector: ({ action }) => action,
    }),
    manifest: (actions, slot, others) => ({
      name: `Policy ${slot}`,
      policy_actions: actions.map(({ action, roles }) => ({
        action,
        roles: several(others, 'Role', 'Admin', roles),
      })),
    }),
  }),
  row({
    kind: 'User',
    slots: 3,
    drawn: fc.option(fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 2 }), { nil: undefined }),
    manifest: (roles, slot, others) => ({
      email: `Person${slot}@example.com`,
      ...(roles === undefined ? {} : { roles: several(others, 'Role', 'Member', roles) }),
    }),
  }),
  row({
    kind: 'Webhook',
    slots: 1,
    drawn: fc.record({
      endpoint: fc.constantFrom('https://hooks.example.com', 'https://other.example.com/a'),
      disabled: fc.boolean(),
    }),
    manifest: (drawn) => ({ ...drawn, secret: '${secret:DB_PASSWORD}' }),
  }),
  row({ kind: 'ErrorSubscribers', slots: 1, drawn: emails, manifest: (all) => ({ emails: all }) }),
  row({
    kind: 'Connection',
    slots: 4,
    always: 2,
    drawn: fc.record({
      // Another type is another object, and all that refers to it is pointed there.
      type: fc.constantFrom('postgresql', 'postgresql', 'postgresql', 'mysql'),
      port: fc.integer({ min: 1, max: 65_535 }),
      policies: numbers,
    }),
    manifest: ({ type, port, policies }, slot, others) => ({
      name: `Connection ${slot}`,
      policies: policiesOf(others, policies),
      ...(slot % 2 === 0
        ? { type, configuration: { hostname: 'h', port, password: '${secret:DB_PASSWORD}' } }
        : {
            type: 'snowflake',
            configuration: { account: `a${port}`, username: 'u', password: '${secret:WAREHOUSE_PASSWORD}' },
          }),
    }),
  }),
  row({
    kind: 'Model',
    slots: 3,
    always: 1,
    drawn: fc.record({
      connection: fc.nat(5),
      labels: fc.uniqueArray(fc.constantFrom('crm', 'Ünïcode', "it's"), { maxLength: 2 }),
      tracking_columns: fc.subarray(columns),
      policies: numbers,
    }),
    manifest: ({ connection, policies, ...said }, slot, others) => ({
      name: `Model ${slot}`,
      connection: others.pick('Connection', connection, isDatabase)?.key,
      configuration: { table: 'company.customers' },
      identifier: 'id',
      ...said,
      policies: policiesOf(others, policies),
    }),
  }),
  row({
    kind: 'Sync',
    slots: 3,
    drawn: fc.record({
      model: fc.nat(5),
      target: fc.nat(5),
      mode: fc.constantFrom('append', 'replace'),
      fields: fc.subarray(columns, { minLength: 1 }),
      schedule,
      subscribers: fc.option(emails, { nil: undefined }),
    }),
    manifest: ({ model, target, fields, subscribers, ...said }, slot, others) => ({
      name: `Sync ${slot}`,
      ...said,
      fields: fields.map((field) => ({
        source: `${others.pick('Model', model)?.key}.${field}`,
        target: field.toUpperCase(),
      })),
      target: { connection: others.pick('Connection', target)?.key, object: 'CUSTOMERS.CONTACTS' },
      ...(subscribers === undefined ? {} : { error_handling: { subscribers } }),
    }),
  }),
  row({
    kind: 'BulkSync',
    slots: 2,
    drawn: fc.record({
      policies: numbers,
      source: fc.nat(5),
      destination: fc.nat(5),
      mode: fc.constant('replicate'),
      default_schedule: schedule,
      additional_schedules: fc.uniqueArray(schedule, {
        maxLength: 2,
        selector: (one) => JSON.stringify(one),
      }),
      obfuscate: fc.boolean(),
      schemas: fc.subarray(['company.accounts', 'company.teams']),
      subscribers: fc.option(emails, { nil: undefined }),
    }),
    manifest: (
      { source, destination, obfuscate, schemas, subscribers, policies, ...said },
      slot,
      others,
    ) => ({
      policies: policiesOf(others, policies),
      name: `Copy ${slot}`,
      source_connection: others.pick('Connection', source, isDatabase)?.key,
      destination_connection: others.pick('Connection', destination, isWarehouse)?.key,
      destination_configuration: { schema: 'RAW' },
      ...said,
      schemas: [
        { id: 'company.customers', fields: ['id', { id: 'email', obfuscate }], tracking_field: 'updated_at' },
        ...schemas,
      ],
      ...(subscribers === undefined ? {} : { error_handling: { subscribers } }),
    }),
  }),
  row({
    kind: 'SchemaField',
    slots: 3,
    drawn: fc.record({
      connection: fc.nat(5),
      schema_id: fc.constantFrom('company.customers', 'company.teams'),
      type: fc.constantFrom('string', 'number'),
    }),
    manifest: ({ connection, ...said }, slot, others) => ({
      connection: others.pick('Connection', connection, isDatabase)?.key,
      ...said,
      field_id: `added${slot}`,
      label: `Added ${slot}`,
      path: '$.added',
    }),
  }),
  row({
    kind: 'PrimaryKeys',
    slots: 2,
    drawn: fc.record({
      connection: fc.nat(5),
      field: fc.option(fc.nat(5)),
      // What is detected anyway (id) cannot be told from what is set.
      fields: fc.constantFrom(['name'], ['id', 'name']),
    }),
    manifest: ({ connection: number, field, fields }, slot, others) => {
      const connection = others.pick('Connection', number, isDatabase)?.key;
      const schema_id = ['company.teams', 'company.accounts'][slot];
      const added = others.pick(
        'SchemaField',
        field ?? 0,
        (each) => each['connection'] === connection && each['schema_id'] === schema_id,
      );
      return {
        connection,
        schema_id,
        fields: [...fields, ...(field === null || added === undefined ? [] : [added['field_id']])],
      };
    },
  }),
  row({
    kind: 'Organization',
    slots: 2,
    // One that leaves is deleted only where it is asked for.
    always: 2,
    drawn: fc.record({
      sso_domain: fc.option(fc.constantFrom('a.example.com', 'b.example.com'), { nil: undefined }),
      issuer: fc.option(fc.constant('https://login.example.com'), { nil: undefined }),
    }),
    manifest: ({ sso_domain, issuer }, slot) => ({
      name: `Organization ${slot}`,
      ...(sso_domain === undefined ? {} : { sso_domain }),
      client_id: issuer === undefined ? null : 'polytomic',
      client_secret: issuer === undefined ? null : '${secret:DB_PASSWORD}',
      issuer: issuer ?? null,
    }),
  }),
  row({
    kind: 'SharedConnection',
    slots: 2,
    drawn: fc.nat(5),
    manifest: (number, slot, others) => ({
      connection: others.pick('Connection', number, isWarehouse)?.key,
      organization: others.pick('Organization', slot)?.key,
    }),
  }),
  row({
    kind: 'RecordLogging',
    slots: 1,
    drawn: fc.record({ enabled: fc.boolean(), prefix: fc.option(fc.constant('logs/'), { nil: undefined }) }),
    manifest: ({ enabled, prefix }) => ({
      enabled,
      ...(prefix === undefined ? {} : { delivery_prefix: prefix }),
    }),
  }),
];

/** The kinds that repositories are made of. */
export const generatedKinds: readonly string[] = rows.map(({ kind }) => kind);

const slotsOf = ({ slots, always = 0, drawn }: Row<unknown>): fc.Arbitrary<readonly unknown[]> =>
  fc.tuple(
    ...Array.from({ length: slots }, (_, slot) =>
      slot < always ? drawn : fc.option(drawn, { nil: undefined, freq: 2 }),
    ),
  );

const manifestsOf = (drawn: readonly (readonly unknown[])[]): readonly Manifest[] => {
  const all: Manifest[] = [];
  const others: Others = {
    pick: (kind, number, fits = () => true) => {
      const found = all.filter((manifest) => manifest.kind === kind && fits(manifest));
      return found[number % Math.max(1, found.length)];
    },
  };
  rows.forEach(({ kind, manifest }, index) => {
    const made = (drawn[index] ?? []).flatMap((one, slot): readonly Manifest[] => {
      const said = one === undefined ? undefined : manifest(one, slot, others);
      return said === undefined ? [] : [{ kind, key: `${kind.toLowerCase()}-${slot}`, ...said }];
    });
    all.push(...made);
  });
  return all;
};

/** The text of a repository of all kinds, in one file. */
export const repositories: fc.Arbitrary<string> = fc.tuple(...rows.map(slotsOf)).map((drawn) =>
  manifestsOf(drawn)
    .map((manifest) => stringify(manifest))
    .join('---\n'),
);
