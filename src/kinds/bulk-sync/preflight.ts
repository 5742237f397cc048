/** A bulk sync against its source and its destination. */
import type { BulkDestination, BulkField, BulkSchema, BulkSource } from '../../api/bulk.js';
import { isValueArray, isValueObject, type Value, type ValueObject } from '../../core/secret.js';
import { asText, printable } from '../../core/text.js';
import { misfit } from '../field-types.js';
import type { Finding } from '../finding.js';
import { items } from '../paths.js';
import { finding, unknownName, type Outlook, type Preflight } from '../preflight.js';
import { unsayable } from '../parts.js';
import { beyondVersion } from './forms.js';

const texts = (value: Value | undefined): readonly string[] => (isValueArray(value) ? value.map(asText) : []);

const isEmpty = (value: Value | undefined): boolean => value == null || value === '';

/** What a schema needs of its fields: copied with their types. */
const namesFields = (schema: ValueObject): boolean =>
  ['fields', 'filters', 'tracking_field', 'partition_key'].some((name) => schema[name] !== undefined);

interface Named {
  readonly pointer: string;
  readonly id: string;
  readonly severity: Finding['severity'];
  readonly function?: string;
}

const namedFields = (schema: ValueObject, at: string): readonly Named[] => [
  ...items(schema['fields']).map(({ id, enabled }, index) => ({
    pointer: `${at}/fields/${index}`,
    id: asText(id),
    // What is gone need not be switched off.
    severity: enabled === false ? ('warning' as const) : ('error' as const),
  })),
  ...items(schema['filters']).map(({ field_id: id, function: name }, index) => ({
    pointer: `${at}/filters/${index}/field_id`,
    id: asText(id),
    severity: 'error' as const,
    function: asText(name),
  })),
  ...(['tracking_field', 'partition_key'] as const).flatMap((name) =>
    isEmpty(schema[name])
      ? []
      : [
          {
            pointer: `${at}/${name}`,
            id: asText(schema[name]),
            // What a destination can divide a table by is not documented to be a field.
            severity: name === 'tracking_field' ? ('error' as const) : ('warning' as const),
          },
        ],
  ),
];

const checkFields = (schema: ValueObject, at: string, fields: readonly BulkField[]): readonly Finding[] =>
  namedFields(schema, at).flatMap(({ pointer, id, severity, function: name }): readonly Finding[] => {
    const field = fields.find((each) => each.id === id);
    if (field === undefined)
      return [
        unknownName(
          severity,
          'unknown-field',
          pointer,
          `schema ${asText(schema['id'])} has no field "${id}"`,
          id,
          fields.map((each) => each.id),
        ),
      ];
    const types = name === undefined ? undefined : misfit(name, field.type);
    return types === undefined
      ? []
      : [
          finding(
            'warning',
            'function-misfit',
            pointer.replace(/field_id$/, 'function'),
            `${name ?? ''} is for ${types.join(', ')}, and "${id}" is ${field.type}`,
          ),
        ];
  });

const checkSchema = (
  schema: ValueObject,
  at: string,
  source: BulkSource,
  needsKey: string | undefined,
): readonly Finding[] => {
  const id = asText(schema['id']);
  const there: BulkSchema | undefined = source.schemas.find((each) => each.id === id);
  const isOn = schema['enabled'] !== false;
  if (there === undefined)
    return [
      unknownName(
        isOn ? 'error' : 'warning',
        'unknown-schema',
        at,
        `the source has no schema "${id}"`,
        id,
        source.schemas.map((each) => each.id),
      ),
    ];
  return [
    ...(source.trackingFields === false && !isEmpty(schema['tracking_field'])
      ? [finding('error', 'no-tracking-field', `${at}/tracking_field`, 'the source takes no tracking fields')]
      : []),
    ...(there.fields === undefined ? [] : checkFields(schema, at, there.fields)),
    ...(isOn && needsKey !== undefined && there.fields?.some(({ key }) => key) === false
      ? [
          finding(
            'warning',
            'no-primary-key',
            at,
            `the mode ${needsKey} finds records by their primary key, and schema "${id}" has none`,
            'set one for the schema in Polytomic, or choose another mode',
          ),
        ]
      : []),
  ];
};

const checkSource = async (
  document: ValueObject,
  outlook: Outlook,
  needsKey: string | undefined,
): Promise<readonly Finding[]> => {
  const { source_connection: connection } = document;
  if ((await outlook.capabilities(connection))?.source === false)
    return [
      finding('error', 'no-source', '/source_connection', 'the connection is of a type that cannot be read'),
    ];
  const named = items(document['schemas']);
  const scheduled = items(document['additional_schedules']).map(({ schemas }) => texts(schemas));
  const withFields = needsKey !== undefined || named.some(namesFields);
  const source = await outlook.bulkSource(connection, withFields);
  if (source === undefined) return [];
  if (source !== 'early' && 'refused' in source)
    return [
      finding(
        'error',
        'no-source',
        '/source_connection',
        'the connection cannot be the source of a bulk sync',
        `Polytomic says: ${printable(source.refused)}`,
      ),
    ];
  if (source === 'early')
    return [
      finding(
        'warning',
        'schemas-not-ready',
        '/source_connection',
        'Polytomic is still reading the schemas of the source: they are not checked',
        'try again in a moment',
      ),
    ];
  const ids = source.schemas.map(({ id }) => id);
  return [
    ...named.flatMap((schema, index) => checkSchema(schema, `/schemas/${index}`, source, needsKey)),
    ...scheduled.flatMap((schemas, index) =>
      schemas.flatMap((id, place) =>
        ids.includes(id)
          ? []
          : [
              unknownName(
                'error',
                'unknown-schema',
                `/additional_schedules/${index}/schemas/${place}`,
                `the source has no schema "${id}"`,
                id,
                ids,
              ),
            ],
      ),
    ),
  ];
};

const checkConfiguration = (
  configuration: Value | undefined,
  { options }: BulkDestination,
): readonly Finding[] => {
  const own = isValueObject(configuration) ? configuration : {};
  const at = '/destination_configuration';
  return [
    ...options
      .filter(({ name, required, preset = '' }) => required && preset === '' && isEmpty(own[name]))
      .map(({ name }) =>
        finding('error', 'missing-field', at, `the destination needs "${name}"`, `add ${name}: …`),
      ),
    ...Object.keys(own)
      .filter((name) => options.length > 0 && !options.some((option) => option.name === name))
      .map((name) =>
        unknownName(
          'warning',
          'unknown-configuration',
          `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
          `the destination does not name "${name}"`,
          name,
          options.map((option) => option.name),
        ),
      ),
  ];
};

const checkDestination = (document: ValueObject, destination: BulkDestination): readonly Finding[] => {
  const mode = asText(document['mode']);
  const modes = destination.modes.map((each) => each.mode);
  const { resyncModes, history } = destination;
  return [
    ...(mode === '' || modes.length === 0 || modes.includes(mode)
      ? []
      : [
          unknownName(
            'error',
            'mode-not-offered',
            '/mode',
            `the destination does not offer the mode ${mode}`,
            mode,
            modes,
          ),
        ]),
    ...checkConfiguration(document['destination_configuration'], destination),
    ...items(document['additional_schedules']).flatMap(({ resync_mode: own }, index) =>
      isEmpty(own) || own === 'normal' || (resyncModes?.includes(asText(own)) ?? true)
        ? []
        : [
            unknownName(
              'error',
              'mode-not-offered',
              `/additional_schedules/${index}/resync_mode`,
              `the destination does not offer ${asText(own)}`,
              asText(own),
              ['normal', ...(resyncModes ?? [])],
            ),
          ],
    ),
    ...items(document['schemas']).flatMap((schema, index) =>
      schema['history_enabled'] === true && history === false
        ? [
            finding(
              'error',
              'no-history',
              `/schemas/${index}/history_enabled`,
              'the destination keeps no history',
            ),
          ]
        : [],
    ),
  ];
};

/** The destination's answer, or what speaks against it. */
const destinationOf = async (
  { destination_connection: connection }: ValueObject,
  outlook: Outlook,
): Promise<BulkDestination | readonly Finding[]> => {
  const at = '/destination_connection';
  if ((await outlook.capabilities(connection))?.destination === false)
    return [finding('error', 'no-target', at, 'the connection is of a type that cannot be written to')];
  const destination = await outlook.bulkDestination(connection);
  if (destination === undefined) return [];
  return 'refused' in destination
    ? [
        finding(
          'error',
          'no-target',
          at,
          'the connection cannot be the destination of a bulk sync',
          `Polytomic says: ${printable(destination.refused)}`,
        ),
      ]
    : destination;
};

/** All that speaks against a bulk sync. Of what lives, only what the manifest names (`own`) is looked at. */
export const preflightBulkSync: Preflight['check'] = async (whole, outlook, _live, own) => {
  const document: ValueObject = { ...whole, schemas: own['schemas'] ?? [] };
  const destination = await destinationOf(document, outlook);
  const mode = asText(document['mode']);
  const needsKey =
    'modes' in destination
      ? destination.modes.find((each) => each.mode === mode && each.requiresIdentity === true)?.mode
      : undefined;
  const missing = beyondVersion(document, outlook.bulk);
  return [
    ...(await checkSource(document, outlook, needsKey)),
    ...('modes' in destination ? checkDestination(document, destination) : destination),
    ...(missing === undefined ? [] : [unsayable(missing)]),
  ];
};
