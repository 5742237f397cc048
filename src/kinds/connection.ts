/** Connections: databases, warehouses and applications. */
import schema from '../../schemas/connection.schema.json' with { type: 'json' };
import { SERVER_KEPT, type JsonType } from '../api/type-schema.js';
import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../core/json.js';
import { escapePointer, isValueObject, type Value, type ValueObject } from '../core/secret.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { didYouMean } from '../core/suggest.js';
import connectionTypes from './connection-types.json' with { type: 'json' };
import { preflightConnection } from './connection-preflight.js';
import { preflightProxy, proxyFromLive, proxyPart, proxyWhenSilent, shortProxy } from './connection-proxy.js';
import { collection } from './endpoints.js';
import { gatherExtra, openExtra } from './extra.js';
import type { Finding, Kind } from './kind.js';
import { isMask } from './mask.js';
import { missingPart, unsayable } from './parts.js';
import { pick } from './paths.js';
import { policiesRule, shortPolicies } from './policies.js';
import { maskInManifest, secretInClear } from './secret-findings.js';
import { serverMade } from './server-made.js';
import { valueTypes } from './value-types.js';

interface TypeFacts {
  readonly oauth?: boolean;
  readonly secret?: readonly string[];
  readonly readOnly?: readonly string[];
}
const types: Readonly<Record<string, TypeFacts>> = connectionTypes;

/** Credentials that the types of the API do not flag as such, by the words in their names. */
const credentialName =
  /(^|_)(pass(word|wd|phrase)?|secret|private_key|api_?key|(access|refresh|api|auth|bearer)_token)$/i;

const typeOf = (live: JsonObject): Json | undefined =>
  isJsonObject(live['type']) ? live['type']['id'] : live['type'];

const factsOf = (type: Value | undefined): TypeFacts =>
  typeof type === 'string' && Object.hasOwn(types, type) ? (types[type] ?? {}) : {};

const isCredential = (facts: TypeFacts, name: string): boolean =>
  facts.secret?.includes(name) === true || credentialName.test(name);

const secretNames: ReadonlySet<string> = new Set(Object.values(types).flatMap(({ secret = [] }) => secret));

/** Whether a property of some type's configuration of this name is a secret. */
export const isSecretName = (name: string): boolean => secretNames.has(name) || credentialName.test(name);

const isServerMade = (facts: TypeFacts, name: string): boolean =>
  SERVER_KEPT.has(name) || facts.readOnly?.includes(name) === true;

/** Fields outside of the configuration are text; secrets of the types that this version knows, too, but for one. */
const knownTypes = (type: string, path: readonly string[]): readonly JsonType[] | undefined => {
  const [top, name = '', ...deeper] = path;
  if (top !== 'configuration') return ['string'];
  if (deeper.length > 0) return undefined;
  const known = valueTypes[type]?.[name];
  if (known !== undefined) return [known];
  return factsOf(type).secret?.includes(name) === true ? ['string'] : undefined;
};

/** A text or a number: a credential may be either. */
const isSpoken = (value: Json | Value): boolean =>
  typeof value === 'number' || (typeof value === 'string' && value !== '');

/** The live configuration without what the server keeps, and the pointers of what it masks. */
const openConfiguration = (
  facts: TypeFacts,
  configuration: JsonObject,
): readonly [JsonObject, readonly string[]] => {
  const masked: string[] = [];
  const open = (object: JsonObject, at: string): JsonObject =>
    Object.fromEntries(
      Object.entries(object).flatMap(([name, value]): [string, Json][] => {
        const pointer = `${at}/${escapePointer(name)}`;
        if (at === '/configuration' && isServerMade(facts, name)) return [];
        if (isMask(value) || (isSpoken(value) && isCredential(facts, name))) {
          masked.push(pointer);
          return [];
        }
        return [[name, inside(value, pointer)]];
      }),
    );
  // A list keeps its items, of which a mask alone is taken away.
  const inside = (value: Json, pointer: string): Json =>
    isJsonArray(value)
      ? value.map((item, index) => {
          const at = `${pointer}/${index}`;
          if (!isMask(item)) return inside(item, at);
          masked.push(at);
          return null;
        })
      : isJsonObject(value)
        ? open(value, pointer)
        : value;
  const document = open(configuration, '/configuration');
  return [document, masked];
};

/** Credentials that come out of an authorisation in a browser, or only serve one. */
const ofAuthorisation = /^(oauth_|client_(id|secret)$|app_(key|secret|token)$|application_id$)/;

/** An OAuth type, unless what lives holds a credential of another way in, such as an access key. */
const madeElsewhere = (live: JsonObject): string | undefined => {
  const type = typeOf(live);
  if (factsOf(type).oauth !== true) return undefined;
  const configuration = isJsonObject(live['configuration']) ? live['configuration'] : {};
  const [, masked] = openConfiguration(factsOf(type), configuration);
  const own = masked.map((pointer) => pointer.split('/')[2] ?? '');
  return own.some((name) => !ofAuthorisation.test(name))
    ? undefined
    : 'somebody has to authorise it in a browser';
};

const check = (document: ValueObject): readonly Finding[] => {
  const { type, configuration } = document;
  const findings: Finding[] = [];
  if (typeof type === 'string' && !Object.hasOwn(types, type))
    findings.push({
      severity: 'warning',
      code: 'unknown-connection-type',
      pointer: '/type',
      message: `"${type}" is not among the connection types that this version knows`,
      ...hint(didYouMean(type, Object.keys(types))),
    });
  if (!isValueObject(configuration)) return findings;
  const facts = factsOf(type);
  for (const [name, value] of Object.entries(configuration)) {
    const pointer = `/configuration/${escapePointer(name)}`;
    if (isMask(value)) findings.push(maskInManifest(name, pointer));
    else if (isServerMade(facts, name))
      findings.push({
        severity: 'error',
        code: 'read-only-field',
        pointer,
        message: `${name} is set by the server and cannot be written`,
        hint: 'remove the line',
      });
    else if (isSpoken(value) && isCredential(facts, name)) findings.push(secretInClear(name, pointer));
  }
  return findings;
};

const hint = (text: string | undefined): { readonly hint: string } | Record<string, never> =>
  text === undefined ? {} : { hint: text };

const sensitive = (document: ValueObject): readonly string[] => {
  const facts = factsOf(document['type']);
  const visit = (value: Value, at: string): readonly string[] =>
    isValueObject(value)
      ? Object.entries(value).flatMap(([name, item]) => {
          const pointer = `${at}/${escapePointer(name)}`;
          return typeof item === 'string' || typeof item === 'number'
            ? isCredential(facts, name)
              ? [pointer]
              : []
            : visit(item, pointer);
        })
      : [];
  return visit(document['configuration'] ?? null, '/configuration');
};

export const connection: Kind = {
  name: 'Connection',
  schema,
  noun: { one: 'connection', many: 'connections' },
  endpoints: collection('/api/connections'),
  identity: { fields: ['name'], unique: true },
  read: 'always',
  namesOrganization: true,
  references: [policiesRule],
  shape: {
    keyed: [],
    sets: [['policies']],
    defaults: [],
    freeMaps: [['configuration']],
    liveWhenSilent: [],
    serverWhenSilent: [...proxyWhenSilent],
    writeOnly: [['healthcheck_interval']],
    instructions: [['validate'], ['redirect_url']],
    literal: [],
  },
  // Whether a type can change is not documented; another type is another thing.
  immutable: [['type']],
  secretPaths: [['configuration']],
  levels: [
    {
      path: [],
      server: [
        ...serverMade,
        'api_calls_last_24_hours',
        'auth_code',
        'auth_url',
        'parent_connection_id',
        'rate_limit',
        'saved',
        'status',
        'status_error',
      ],
    },
  ],
  parts: [proxyPart],
  problems: () => [],
  aliases: [],
  expand: (document) => document,
  collapse: (document) => ({
    ...shortProxy(shortPolicies(document)),
    configuration: document['configuration'] ?? {},
  }),
  madeElsewhere,
  hidden: () => [],
  check,
  sensitive,
  fromLive: (raw) => {
    const { document: live, masked: hidden } = openExtra(connection, gatherExtra(connection, raw));
    const type = typeOf(live);
    const configuration = isJsonObject(live['configuration']) ? live['configuration'] : {};
    const [open, masked] = openConfiguration(factsOf(type), configuration);
    return {
      document: {
        ...pick(live, ['name', 'policies', 'extra']),
        ...(type == null ? {} : { type }),
        configuration: open,
        ...proxyFromLive(live),
      },
      masked: [...masked, ...hidden],
    };
  },
  complete: (desired) => desired,
  canonical: (document) => document,
  toWire: (document, dialect) => {
    const missing = missingPart(connection, document, dialect);
    if (missing !== undefined) throw new DiagnosticError([unsayable(missing)]);
    return document;
  },
  keepsSecret: ({ type }, path) => {
    const name = path.findLast((segment: string) => !/^\d+$/.test(segment)) ?? '';
    if (isCredential(factsOf(type), name)) return true;
    return typeof type === 'string' && Object.hasOwn(types, type) ? false : undefined;
  },
  typed: (live) => {
    const type = typeOf(live);
    return typeof type === 'string'
      ? { type, path: ['configuration'], typesAt: (path) => knownTypes(type, path) }
      : undefined;
  },
  preflight: {
    check: async (document, outlook, live) => {
      const { type } = document;
      const facts = factsOf(type);
      const findings = await preflightConnection(document, outlook, {
        type: typeof type === 'string' && Object.hasOwn(types, type),
        oauth: facts.oauth === true,
        reported: (name) => isServerMade(facts, name),
        live: isJsonObject(live?.['configuration']) ? live['configuration'] : {},
      });
      return [...findings, ...preflightProxy(document, live)];
    },
    reaches: 'configuration',
    shapes: false,
  },
};
