/** What lives in the organization, as far as a plan needs it. */
import pLimit from 'p-limit';
import type { Answer, Reader } from '../api/client.js';
import { ApiError, asking, isMissing, whyNot } from '../api/failure.js';
import type { JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import { endpointsOf } from '../kinds/endpoints.js';
import { identityOf } from '../kinds/identity.js';
import type { Kind } from '../kinds/kind.js';
import { kindOf, kinds as allKinds } from '../kinds/registry.js';
import { noCache, type DetailCache } from './cache.js';
import { listObjects, readObject } from './objects.js';
import { partsToRead, readParts, type Spoken } from './parts.js';

export interface LiveObject {
  readonly kind: string;
  readonly id: string;
  /** What it is known by: of most its name. */
  readonly name: string;
  /** As the API answered; a summary where nothing asked for more. */
  readonly value: JsonObject;
}

export interface Live {
  /** By kind, in the order of the API. */
  readonly objects: readonly LiveObject[];
  /** Names of the kinds that were read. Absent: all. */
  readonly kinds?: ReadonlySet<string>;
  /** Of kinds that nobody speaks of: why the key may not see them. */
  readonly refused?: ReadonlyMap<string, string>;
}

/** Id of a partner's own organization, where what belongs to the account was read: it comes first there. */
export const accountOf = ({ objects }: Pick<Live, 'objects'>): string | undefined =>
  objects.find(({ kind }) => kindOf(kind).ofAccount === true)?.id;

/** Whether a plan compares this object, so that its details are needed. */
export type Wants = (kind: string, id: string, name: string) => boolean;

export interface LiveOptions {
  /** Default: none. */
  readonly cache?: DetailCache;
  /** Which kinds are read. Default: those that always are. */
  readonly kinds?: readonly Kind[];
  /** Of which kinds a refusal is noted, and stops nothing. Default: of none. */
  readonly mayRefuse?: (kind: Kind) => boolean;
  /** What is said of an object: of its parts those are read that somebody speaks of. Default: nothing. */
  readonly spoken?: (kind: string, id: string, name: string) => Spoken;
  /** Ids of the objects of a kind that has no list, as far as somebody speaks of them. Default: none. */
  readonly unlisted?: (kind: Kind, listed: readonly LiveObject[]) => readonly string[];
  /** Hears of each object. */
  readonly onRead?: () => void;
}

/**
 * Lists every kind, page by page and side by side, and reads the details of what `wants` picks where the
 * list of this version holds summaries. Throws `DiagnosticError`.
 */
export const readLive = async (
  reader: Reader,
  wants: Wants,
  concurrency: number,
  options: LiveOptions = {},
): Promise<Live> => {
  const { cache = noCache, mayRefuse = () => false, unlisted = () => [] } = options;
  const { kinds = allKinds.filter(({ read }) => read === 'always') } = options;
  const there = kinds.filter((kind) => kind.endpoints(reader.dialect) !== undefined);
  const isListed = (kind: Kind): boolean => endpointsOf(kind, reader.dialect).list !== undefined;
  const listed = there.filter(isListed);
  // Details never stand in the way of a page, of which each brings more of them.
  const details = pLimit(Math.max(1, concurrency - listed.length));
  const whole = createWhole({ ...options, reader, cache, wants, details: async (read) => details(read) });
  const refused = new Map<string, string>();
  const lists = await Promise.all(
    listed.map(async (kind) => {
      const pending: Promise<LiveObject>[] = [];
      await guarded(`reading the list of ${kind.noun.many}`, undefined, async () => {
        try {
          await listObjects(reader, kind, (value) => pending.push(whole(kind, value)));
        } catch (error) {
          if (!(error instanceof ApiError) || !isRefusal(error) || !mayRefuse(kind)) throw error;
          refused.set(kind.name, whyNot(error));
        }
      });
      details.concurrency = Math.min(concurrency, details.concurrency + 1);
      return refused.has(kind.name) ? [] : Promise.all(pending);
    }),
  );
  const objects = lists.flat();
  const once = askingOnce(reader);
  const others = await Promise.all(
    there
      .filter((kind) => !isListed(kind))
      .flatMap((kind) =>
        unlisted(kind, objects).map(async (id) => details(async () => readAlone(once, kind, id, whole))),
      ),
  );
  await cache.save();
  return {
    objects: [...objects, ...others.flat()],
    kinds: new Set(there.flatMap(({ name }) => (refused.has(name) ? [] : [name]))),
    ...(refused.size === 0 ? {} : { refused }),
  };
};

/** Whether the key may not see a list, or the server does not have it. */
const isRefusal = ({ failure }: ApiError): boolean =>
  failure.reason === 'http' && [403, 404].includes(failure.status);

type ReadWhole = (kind: Kind, value: JsonObject) => Promise<LiveObject>;

interface Whole extends Pick<LiveOptions, 'spoken' | 'onRead'> {
  readonly reader: Reader;
  readonly cache: DetailCache;
  readonly wants: Wants;
  readonly details: <T>(read: () => Promise<T>) => Promise<T>;
}

/** A function that reads what is needed of an object besides what a list holds. */
const createWhole =
  ({ reader, cache, wants, details, spoken = () => [], onRead = () => undefined }: Whole): ReadWhole =>
  (kind, value) => {
    const object = {
      kind: kind.name,
      id: asText(value['id']),
      name: identityOf(kind, value),
      value,
    };
    const isWhole =
      endpointsOf(kind, reader.dialect).lists === 'whole' || !wants(kind.name, object.id, object.name);
    const known = isWhole ? value : cache.find(value);
    const whole =
      known === undefined
        ? details(async () => readDetails(reader, kind, object, cache))
        : Promise.resolve({ ...object, value: known });
    const said = kind.parts.length === 0 ? [] : spoken(kind.name, object.id, object.name);
    const parts = partsToRead(kind, reader, said);
    const reading =
      parts.length === 0
        ? whole
        : whole.then(async (each) =>
            details(async () =>
              guarded(`reading the settings of ${saying(kind, object)}`, object.id, async () => ({
                ...each,
                value: { ...each.value, ...(await readParts(reader, kind, each.value, parts, said, cache)) },
              })),
            ),
          );
    // Awaited by who asked; a failure meanwhile must not count as unhandled.
    reading.then(onRead, () => undefined);
    return reading;
  };

const saying = ({ noun }: Kind, { name }: LiveObject): string =>
  name === '' ? `the ${noun.one}` : `${noun.one} "${name}"`;

const readDetails = async (
  reader: Reader,
  kind: Kind,
  object: LiveObject,
  cache: DetailCache,
): Promise<LiveObject> =>
  guarded(`reading ${saying(kind, object)}`, object.id, async () => {
    const value = await readObject(reader, kind, object.id);
    cache.keep(value);
    return { ...object, value };
  });

/** Asks for each address once: what no list holds can stand in one answer with others of its sort. */
const askingOnce = (reader: Reader): Reader => {
  const answers = new Map<string, Promise<Answer>>();
  return {
    ...reader,
    get: async (path, query) => {
      if (query !== undefined) return reader.get(path, query);
      const answer = answers.get(path) ?? reader.get(path);
      answers.set(path, answer);
      return answer;
    },
  };
};

/** An object that no list holds; none where it is not there. */
const readAlone = async (
  reader: Reader,
  kind: Kind,
  id: string,
  whole: ReadWhole,
): Promise<readonly LiveObject[]> => {
  const value = await guarded(`reading a ${kind.noun.one}`, id, async () => {
    try {
      return await readObject(reader, kind, id);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  });
  return value === undefined ? [] : [await whole(kind, value)];
};

const guarded = async <T>(doing: string, id: string | undefined, read: () => Promise<T>): Promise<T> =>
  asking(id === undefined ? doing : `${doing} (${id})`, read);
