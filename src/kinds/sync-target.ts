/** A sync against the object that it writes to: whether it is there, in which modes, with which fields. */
import type { Target, TargetMode, TargetObjects } from '../api/enumeration.js';
import { hasErrors } from '../core/diagnostics.js';
import { isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { didYouMean } from '../core/suggest.js';
import { asText } from '../core/text.js';
import type { Finding } from './kind.js';
import { finding, unknownName, type Outlook } from './preflight.js';
import type { FieldOf } from './model-preflight.js';
import { mappingsOf } from './sync-identities.js';
import { checkFields, checkTargetFilters, checkTypes, has, mappedFields } from './sync-target-fields.js';

const filled = (value: Value | undefined): boolean => value != null && value !== '';

/** Findings about the target of a sync; nothing where it cannot be known yet. */
export const checkTarget = async (
  document: ValueObject,
  outlook: Outlook,
  fieldOf: FieldOf,
): Promise<readonly Finding[]> => {
  const { target } = document;
  if (!isValueObject(target)) return [];
  const { connection, object, create, new_name: newName } = target;
  if ((await outlook.capabilities(connection))?.destination === false)
    return [
      finding(
        'error',
        'no-target',
        '/target/connection',
        'the connection is of a type that cannot be written to',
      ),
    ];
  if (!filled(object)) {
    if (filled(create) || filled(newName)) {
      const known = await outlook.targetObjects(connection);
      const creation = checkCreation(target, known);
      return hasErrors(creation) ? creation : [...creation, ...checkIdentityOfUnlisted(document, known)];
    }
    return [
      finding(
        'error',
        'missing-target',
        '/target',
        'the target names no object',
        'add object: NAME, or new_name for one that is to be made',
      ),
    ];
  }
  const name = asText(object);
  let found = await outlook.target(connection, name);
  if (found === undefined) return [];
  if (found === 'missing') {
    const known = await outlook.targetObjects(connection);
    const names = known?.objects.map(({ id }) => id) ?? [];
    // Listed, and yet without fields: nothing can be said of it.
    if (names.includes(name)) return [];
    return [
      unknownName(
        'warning',
        'unknown-target',
        '/target/object',
        `the connection has no object "${name}" to write to`,
        name,
        names,
      ),
      ...checkIdentityOfUnlisted(document, known),
    ];
  }
  // Fields are answered from a cache: before one is called missing, they are read anew, once.
  const { fields } = found;
  if (mappedFields(document).some(({ target: id, isNew }) => !isNew && !has(fields, id))) {
    const fresh = await outlook.target(connection, name, true);
    if (fresh !== undefined && fresh !== 'missing') found = fresh;
  }
  const mode = found.modes.find((each) => each.mode === document['mode']);
  return [
    ...checkMode(document, found, mode),
    ...checkIdentities(document, found, mode),
    ...checkFields(document, found, mode),
    ...checkTargetFilters(document, found, mode),
    ...(await checkTypes(document, found, fieldOf)),
  ];
};

const missingIdentity = (message: string): Finding =>
  finding(
    'error',
    'missing-identity',
    '/mode',
    message,
    'add identity: { source: MODEL.FIELD, target: FIELD, function: Equality }',
  );

/**
 * An object that is not listed has modes of its own that nobody knows yet: it is judged by the others of its
 * connection, where all that offer the mode agree.
 */
const checkIdentityOfUnlisted = (
  document: ValueObject,
  known: TargetObjects | undefined,
): readonly Finding[] => {
  const { mode } = document;
  const alike = (known?.objects ?? []).flatMap(({ modes }) => modes.filter((each) => each.mode === mode));
  if (
    mappingsOf(document).length > 0 ||
    alike.length === 0 ||
    alike.some((each) => each.requiresIdentity !== true)
  )
    return [];
  return [missingIdentity(`mode ${asText(mode)} needs an identity in every object of this connection`)];
};

const checkCreation = (target: ValueObject, known: TargetObjects | undefined): readonly Finding[] => {
  const { create } = target;
  const creation = known?.creation;
  if (creation === undefined) return [];
  const at = create === undefined ? '/target/new_name' : '/target/create';
  if (!creation.supported)
    return [
      finding(
        'error',
        'no-target-creation',
        at,
        'no new object can be made in this connection',
        'add object: NAME with one that exists',
      ),
    ];
  if (!isValueObject(create) || creation.properties.length === 0) return [];
  const given = Object.keys(create);
  return [
    ...given
      .filter((name) => !creation.properties.includes(name))
      .map((name) =>
        unknownName(
          'warning',
          'unknown-target-property',
          `/target/create/${name}`,
          `a new object here is not told "${name}"`,
          name,
          creation.properties,
        ),
      ),
    ...creation.properties
      .filter((name) => !given.includes(name))
      .map((name) =>
        finding(
          'warning',
          'missing-target-property',
          at,
          `a new object here wants a ${name}`,
          `add ${name}: …`,
        ),
      ),
  ];
};

const checkMode = (
  document: ValueObject,
  { modes, name }: Target,
  mode: TargetMode | undefined,
): readonly Finding[] => {
  const wanted = asText(document['mode']);
  if (mode !== undefined || modes.length === 0) return [];
  const offered = modes.map((each) => each.mode);
  return [
    finding(
      'error',
      'mode-not-offered',
      '/mode',
      `${name} does not offer mode ${wanted}`,
      didYouMean(wanted, offered) ?? `it offers ${offered.join(', ')}`,
    ),
  ];
};

const checkIdentities = (
  document: ValueObject,
  target: Target,
  mode: TargetMode | undefined,
): readonly Finding[] => {
  const mappings = mappingsOf(document);
  const { properties, name } = target;
  if (mappings.length === 0)
    return mode?.requiresIdentity === true
      ? [missingIdentity(`mode ${mode.mode} needs an identity: by which field records are found in ${name}`)]
      : [];
  return [
    ...(mappings.length > 1 && properties['supports_multiple_identities'] === false
      ? [
          finding(
            'error',
            'several-identities',
            '/identities/mappings',
            `records of ${name} are found by one identity, not by several`,
            'keep one of them',
          ),
        ]
      : []),
    ...mappings.flatMap((identity, index) =>
      checkIdentity(identity, `/identities/mappings/${index}`, target),
    ),
  ];
};

const checkIdentity = (
  identity: ValueObject,
  at: string,
  { fields, properties, name }: Target,
): readonly Finding[] => {
  const id = asText(identity['target']);
  if (identity['new_field'] === true)
    return properties['supports_identity_field_creation'] === false
      ? [
          finding(
            'error',
            'no-field-creation',
            `${at}/new_field`,
            `${name} cannot make a field for the identity`,
          ),
        ]
      : [];
  const field = fields.find((each) => each.id === id);
  const able = fields.filter(({ supportsIdentity }) => supportsIdentity === true).map((each) => each.id);
  if (field === undefined)
    return has(fields, id)
      ? []
      : [
          unknownName(
            'warning',
            'unknown-target-field',
            `${at}/target`,
            `${name} has no field "${id}"`,
            id,
            able.length > 0 ? able : fields.map((each) => each.id),
          ),
        ];
  if (field.supportsIdentity === false)
    return [
      finding(
        'error',
        'no-identity-field',
        `${at}/target`,
        `records of ${name} cannot be found by "${id}"`,
        able.length > 0 ? `one of: ${able.slice(0, 12).join(', ')}` : undefined,
      ),
    ];
  const wanted = asText(identity['function']);
  return field.identityFunctions.length > 0 && !field.identityFunctions.includes(wanted)
    ? [
        finding(
          'error',
          'identity-function',
          `${at}/function`,
          `"${id}" cannot be compared by ${wanted}`,
          `one of: ${field.identityFunctions.join(', ')}`,
        ),
      ]
    : [];
};
