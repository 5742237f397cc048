/** Whether secrets stand only where Polytomic keeps them to itself. Anywhere else everybody could read them. */
import { readConnectionTypeSchema } from '../api/connection-types.js';
import type { Reader } from '../api/client.js';
import { ApiError } from '../api/failure.js';
import { keepsSecretIn } from '../api/type-schema.js';
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import type { JsonObject } from '../core/json.js';
import { pointerSegments, redact, secretsOf } from '../core/secret.js';
import { identityIn } from '../kinds/identity.js';
import { kindOf } from '../kinds/registry.js';
import { isUnder } from '../kinds/paths.js';
import type { Settings } from '../load/config.js';
import type { Desired, Resource } from '../load/desired.js';
import type { Live } from '../live/snapshot.js';

interface Place {
  readonly resource: Resource;
  readonly pointer: string;
  /** The manifest's own text: names, no value. */
  readonly label: string;
  readonly type: string | undefined;
  /** Of the type's own configuration. */
  readonly path: readonly string[];
  /** Whether this version knows the type. */
  readonly typeKnown: boolean;
}

/** Secrets of which this version does not know that the API keeps them to itself. */
const doubtful = ({ resources }: Desired): readonly Place[] =>
  resources
    .filter(({ external }) => !external)
    .flatMap((resource): readonly Place[] => {
      const { keepsSecret, typed } = kindOf(resource.kind);
      const secrets = keepsSecret === undefined ? [] : secretsOf(resource.document);
      if (keepsSecret === undefined || secrets.length === 0) return [];
      const document = redact(resource.document) as JsonObject;
      const about = typed?.(document);
      return secrets.flatMap(([pointer, { label }]) => {
        const segments = pointerSegments(pointer);
        const keeps = keepsSecret(document, segments);
        if (keeps === true) return [];
        const inside = about !== undefined && isUnder(segments, about.path);
        return [
          {
            resource,
            pointer,
            label,
            type: inside ? about.type : undefined,
            path: inside ? segments.slice(about.path.length) : segments,
            typeKnown: keeps === false,
          },
        ];
      });
    });

/** As it is written under `allowSecrets`: `connection.warehouse/configuration/account`. */
const nameOf = ({ resource, pointer }: Place): string => `${resource.address}${pointer}`;

const findingOf = (
  place: Place,
  settings: Pick<Settings, 'allowSecrets'>,
  schema: JsonObject | undefined,
  offline: boolean,
): Omit<Diagnostic, 'place' | 'address'> => {
  const name = nameOf(place);
  const field = place.pointer.slice(1).replaceAll('/', '.');
  const shown = `${place.label} stands in ${field}, which Polytomic shows to everybody who may read the connection`;
  if (settings.allowSecrets.includes(name))
    return { severity: 'warning', code: 'shown-secret', message: `${shown}; allowSecrets says so` };
  const allow = `or list "${name}" under allowSecrets in the configuration file`;
  // What this version's table does not list, a newer type may keep: offline nothing is sent, and a plan asks.
  const severity = offline && schema === undefined ? 'warning' : 'error';
  return place.typeKnown || schema !== undefined
    ? {
        severity,
        code: 'misplaced-secret',
        message: shown,
        hint: `use \${env:NAME} or \${var:NAME} for a value that is no secret; ${allow}`,
      }
    : {
        severity,
        code: 'misplaced-secret',
        message: `nothing says that a connection of type "${place.type ?? ''}" keeps ${field} to itself, where ${place.label} stands`,
        hint: `polytomic-gitops schemas pull asks the API what the type keeps; ${allow}`,
      };
};

/**
 * Whether what lives shows a mask at the place: the API keeps it, whatever its types say. `idOf` gives the id that an
 * address is bound to.
 */
const isMaskedIn =
  (live: Live, idOf: (address: Address) => string | undefined) =>
  ({ resource, pointer }: Place): boolean => {
    const kind = kindOf(resource.kind);
    const id = idOf(resource.address) ?? resource.id;
    return live.objects.some(
      (object) =>
        object.kind === resource.kind &&
        (id === undefined ? object.name === identityIn(kind, resource.document) : object.id === id) &&
        kind.fromLive(object.value).masked.includes(pointer),
    );
  };

/** What lives, and what it is bound to. */
export interface Bound {
  readonly live: Live;
  readonly idOf: (address: Address) => string | undefined;
}

/**
 * Findings for secrets in fields that the API shows. `schemaOf` gives the schema of a connection type, and is asked
 * only for what this version's own table does not settle. Without `bound` nobody can be asked what lives: what no
 * schema settles is a warning then, since nothing is sent either.
 */
export const checkSecretPlaces = async (
  desired: Desired,
  settings: Pick<Settings, 'allowSecrets'>,
  schemaOf: (type: string) => Promise<JsonObject | undefined>,
  bound?: Bound,
): Promise<readonly Diagnostic[]> => {
  const places = doubtful(desired).filter(
    (place) => bound === undefined || !isMaskedIn(bound.live, bound.idOf)(place),
  );
  const types = [...new Set(places.flatMap(({ type }) => type ?? []))];
  const schemas = new Map(
    await Promise.all(types.map(async (type) => [type, await schemaOf(type)] as const)),
  );
  return places.flatMap((place): readonly Diagnostic[] => {
    const schema = schemas.get(place.type ?? '');
    if (schema !== undefined && keepsSecretIn(schema, place.path)) return [];
    const { address } = place.resource;
    return [
      {
        ...findingOf(place, settings, schema, bound === undefined),
        address,
        ...desired.cite(address, place.pointer, 'value'),
      },
    ];
  });
};

/**
 * The schema as the API answers it now: a cache or a file lies in the work tree, where a stranger may have written that
 * a field is kept.
 */
export const liveSchema =
  (reader: Reader) =>
  async (type: string): Promise<JsonObject | undefined> => {
    try {
      return await readConnectionTypeSchema(reader, type);
    } catch (error) {
      // Nothing is known then, and the finding says so.
      if (error instanceof ApiError) return undefined;
      throw error;
    }
  };
