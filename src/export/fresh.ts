/** Live objects that no manifest stands for, as new manifests. Pure. */
import { addressOf, type Address } from '../core/address.js';
import { hasErrors } from '../core/diagnostics.js';
import { byCodeUnit, type JsonObject } from '../core/json.js';
import type { ValueObject } from '../core/secret.js';
import { asText } from '../core/text.js';
import { connection } from '../kinds/connection.js';
import { isSingleton } from '../kinds/identity.js';
import { kindOf, kinds } from '../kinds/registry.js';
import { pick } from '../kinds/paths.js';
import { mapExtra } from '../kinds/extra.js';
import { referencesFromLive, referencesOf } from '../kinds/references.js';
import type { Settings } from '../load/config.js';
import type { Resource } from '../load/desired.js';
import { checkReferences } from '../load/graph.js';
import { parseFile } from '../load/parse.js';
import { finish } from '../load/resource.js';
import type { LiveObject } from '../live/snapshot.js';
import { diff } from '../plan/diff.js';
import { resolveReferences, type Lookups } from '../plan/resolve.js';
import { createSecretNames, documentOf, escaped, inOrder, type ReferTo } from './document.js';
import type { NamedSecret } from './environment-file.js';
import type { Preset } from './presets.js';
import { documentText } from './render.js';

/** A manifest that is to be written. */
export interface Fresh {
  readonly address: Address;
  readonly kind: string;
  readonly key: string;
  readonly live: LiveObject;
  /** One YAML document. */
  readonly text: string;
  readonly resource: Resource;
  readonly secrets: readonly NamedSecret[];
  /** Why it is only looked up. */
  readonly external?: string;
}

export interface FreshInput {
  readonly objects: readonly LiveObject[];
  /** By `KIND ID`. */
  readonly keys: ReadonlyMap<string, string>;
  readonly lookups: Lookups;
  readonly referTo: ReferTo;
  readonly settings: Settings;
  /** What the API fills in by itself. */
  readonly presetsOf: (object: LiveObject) => readonly Preset[];
  /** Whether the state can bind what a name alone does not tell. */
  readonly durable: boolean;
  /** Secrets that manifests name already. */
  readonly secretNames: Iterable<string>;
  /** What is there already: references lead there, too. */
  readonly resources: readonly Resource[];
}

/** By kind, in the order of the registry, then by key. */
const inFileOrder = (
  objects: readonly LiveObject[],
  keyOf: (object: LiveObject) => string,
): readonly LiveObject[] =>
  kinds.flatMap(({ name }) =>
    objects.filter(({ kind }) => kind === name).sort((a, b) => byCodeUnit(keyOf(a), keyOf(b))),
  );

/** A manifest for each object. */
export const freshManifests = (input: FreshInput): readonly Fresh[] => {
  const { keys, lookups } = input;
  const keyOf = ({ kind, id }: LiveObject): string => keys.get(`${kind} ${id}`) ?? '';
  const secretNameOf = createSecretNames(input.secretNames);
  const build = (object: LiveObject, reason: string | undefined): Fresh => {
    const key = keyOf(object);
    const kind = kindOf(object.kind);
    const address = addressOf(kind.name, key);
    const why = reason ?? kind.madeElsewhere(object.value);
    const twins = lookups.findByName(kind.name, object.name).length > 1;
    const id = twins && (why !== undefined || !input.durable) ? { id: object.id } : {};
    if (why !== undefined) return { ...lookedUp(object, key, id, why, input.settings), live: object };
    const { document, secrets } = documentOf(
      kind,
      object.value,
      input.referTo,
      (pointer) => secretNameOf(kind.name, key, pointer),
      input.presetsOf(object),
    );
    // What this version does not know stays as it lives without a word of the manifest.
    const known = mapExtra(kind, document, [], () => ({}));
    const whole = inOrder(kind, { kind: kind.name, key, ...id, ...known });
    const text = documentText(
      escaped(whole) as JsonObject,
      kind.hidden(object.value).map((each) => ({ text: each })),
    );
    const resource = resourceOf(address, text, input.settings);
    if (typeof resource === 'string') return build(object, resource);
    const problem = problemOf(resource, object, lookups);
    if (problem !== undefined) return build(object, problem);
    const named = secrets.map(({ pointer, name }) => ({ pointer, name, address }));
    return { address, kind: kind.name, key, live: object, text, resource, secrets: named };
  };
  let made = inFileOrder(input.objects, keyOf).map((object) => build(object, undefined));
  // Syncs may wait for each other in a circle; a repository cannot say that.
  for (let rounds = 0; rounds <= made.length; rounds += 1) {
    const resources = [...input.resources, ...made.map(({ resource }) => resource)];
    const problems = new Map(
      checkReferences(resources, new Set(resources.map(({ address }) => address))).map(
        ({ address, message }) => [address, message],
      ),
    );
    if (!made.some(({ address }) => problems.has(address))) break;
    made = made.map((each) => {
      const message = problems.get(each.address);
      return message === undefined ? each : build(each.live, message);
    });
  }
  return made;
};

/** What a plan would find; nothing where the manifest says what lives. */
const problemOf = (resource: Resource, { value }: LiveObject, lookups: Lookups): string | undefined => {
  const kind = kindOf(resource.kind);
  const { document, diagnostics } = resolveReferences(kind, resource, lookups);
  if (diagnostics[0] !== undefined) return diagnostics[0].message;
  const { patch } = diff({
    kind,
    desired: document,
    live: value,
    applied: undefined,
    keyOf: lookups.keyOf,
    secretStatus: () => 'same',
    ignore: [],
  });
  const [first] = patch;
  return first === undefined ? undefined : `${asText(first['path'])} cannot be written as it lives`;
};

/** The resource that a text makes, or what is wrong with it. */
const resourceOf = (address: Address, text: string, settings: Settings): Resource | string => {
  const { documents, diagnostics } = parseFile('', text);
  const [document] = documents;
  if (document === undefined || hasErrors(diagnostics))
    return diagnostics[0]?.message ?? 'it cannot be written';
  const { resource, findings } = finish(
    address,
    { document, value: document.value as JsonObject, steps: [] },
    { ...settings, withoutSecrets: true },
  );
  return resource ?? findings.find(({ severity }) => severity === 'error')?.message ?? 'it cannot be written';
};

/** A manifest by which an object is found, and nothing more. */
const lookedUp = (
  { kind: kindName, value }: LiveObject,
  key: string,
  id: ValueObject,
  why: string,
  settings: Settings,
): Omit<Fresh, 'live'> => {
  const kind = kindOf(kindName);
  const address = addressOf(kindName, key);
  const known = pick(kind.fromLive(value).document, ['name', 'type', ...kind.identity.fields]);
  const whole = inOrder(kind, { kind: kindName, key, ...id, external: true, ...known });
  const text = documentText(escaped(whole) as JsonObject, [
    { before: 'external', text: `Looked up and never changed: ${why.replaceAll(/\s+/g, ' ')}.` },
  ]);
  const resource = resourceOf(address, text, settings);
  if (typeof resource === 'string') throw new Error(`${address} cannot be written: ${resource}`);
  return { address, kind: kindName, key, text, resource, secrets: [], external: why };
};

/** Whether an object can be told by anything but its id, which no person would write a manifest for. */
export const isNamed = ({ kind, name }: LiveObject): boolean => name !== '' || isSingleton(kindOf(kind));

/** The connections that a live object refers to, or that what it is made of refers to: the source of a sync. */
export const connectionIdsOf = (
  { kind: kindName, value }: LiveObject,
  find: (kind: string, id: string) => LiveObject | undefined,
): readonly string[] => {
  const kind = kindOf(kindName);
  const document = referencesFromLive(kind, kind.fromLive(value).document, (_kind, id) => id);
  const referred = referencesOf(kind, document).flatMap(({ rule, reference }) =>
    reference.to === 'key' ? [{ kind: rule.kind, id: reference.key }] : [],
  );
  const ids = referred.flatMap((other) => {
    if (other.kind === connection.name) return [other.id];
    // Objects of one kind go along with each other (an order, a relation), and are not made of each other.
    const object = other.kind === kindName ? undefined : find(other.kind, other.id);
    return object === undefined ? [] : connectionIdsOf(object, find);
  });
  return [...new Set(ids)];
};
