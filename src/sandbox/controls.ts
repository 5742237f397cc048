/** What the sandbox has beside the API, for programs: its record of requests, its faults, a stranger's hand. */
import type { Context } from 'hono';
import { isJsonObject, objectsIn, type Json, type JsonObject } from '../core/json.js';
import { asText } from '../core/text.js';
import { storeFor, type App, type AppOptions, type RecordedRequest } from './app.js';
import { collections, type Collection } from './database.js';
import type { Fault } from './faults.js';
import { owner, stranger } from './fixtures.js';
import { notFound, refuse, Refusal, type Reply } from './http.js';
import { setRows, tableRows } from './moving/rows.js';
import { addRunFault } from './moving/run-faults.js';
import { describe } from './openapi.js';
import { seedCounts, seedStore } from './seed.js';
import type { Store, Stored } from './store.js';
import { editObject } from './stranger.js';
import { invalidBody } from './validation.js';
import { versionOf, versions } from './versions.js';

export interface Controls extends AppOptions {
  readonly requests: RecordedRequest[];
}

const respond = ({ status, body }: Reply): Response =>
  Response.json(body ?? {}, { status, headers: { 'cache-control': 'no-store' } });

/** Runs a control; what it refuses, and settings that make no sense, are answers in the API's shape. */
const control =
  (work: (context: Context) => Promise<Reply> | Reply) =>
  async (context: Context): Promise<Response> => {
    try {
      return respond(await work(context));
    } catch (error) {
      if (error instanceof Refusal) return respond(error.reply);
      if (error instanceof RangeError || error instanceof SyntaxError)
        return respond(refuse(400, 'bad_request', error.message));
      throw error;
    }
  };

/** The body, held to its type. */
const bodyOf = async (context: Context, type: string): Promise<JsonObject> => {
  const value = await context.req.json<Json>().catch(() => null);
  if (!isJsonObject(value)) throw new Refusal(refuse(400, 'bad_request', 'the body is no JSON object'));
  const problem = invalidBody(type, value);
  if (problem !== undefined) throw new Refusal(problem);
  return value;
};

const collectionOf = (name: Json | undefined): Collection => {
  if ((collections as readonly unknown[]).includes(name)) return name as Collection;
  throw new RangeError(`there is no collection ${asText(name)}; there are ${collections.join(', ')}`);
};

/** A fault as it comes in JSON: the path is the text of a regular expression. */
const faultFrom = ({ path, edit, ...rest }: JsonObject): Fault => ({
  ...(rest as Fault),
  ...(typeof path === 'string' ? { path: new RegExp(path) } : {}),
  ...(edit === true ? { edit: true as const } : {}),
  ...(isJsonObject(edit)
    ? {
        edit: {
          collection: collectionOf(edit['collection']),
          id: asText(edit['id']),
          change: isJsonObject(edit['change']) ? edit['change'] : {},
        },
      }
    : {}),
});

const shownFault = ({ path, ...rest }: Fault): JsonObject => ({
  ...(rest as JsonObject),
  ...(path === undefined ? {} : { path: path.source }),
});

/** Adds the controls to the application. */
export const addControls = (app: App, options: Controls): void => {
  const { faults, requests, database } = options;
  const faultState = (): Reply => ({
    status: 200,
    body: { settings: faults.settings() as JsonObject, waiting: faults.waiting().map(shownFault) },
  });
  /** What somebody does in the web page of an organization, while a client is at work. */
  const byHand = (type: string, work: (body: JsonObject, theirs: Store) => void) =>
    control(async (context) => {
      const body = await bodyOf(context, type);
      work(body, storeFor(options, context.req.query('organization') ?? owner.id, { ...stranger }));
      database.commit();
      return { status: 200, body: { done: true } };
    });

  app.get('/openapi.json', (context) => {
    const version = versionOf(context.req.query('version') ?? versions.at(-1)?.name);
    return version === undefined
      ? respond(notFound('version'))
      : context.json(describe(version, new URL(context.req.url).origin));
  });
  app.get('/_sandbox/requests', (context) =>
    context.body(requests.map((request) => `${JSON.stringify(request)}\n`).join(''), 200, {
      'content-type': 'application/jsonl',
      'cache-control': 'no-store',
    }),
  );
  app.delete('/_sandbox/requests', (context) => {
    requests.length = 0;
    return context.body(null, 204);
  });
  app.get('/_sandbox/faults', control(faultState));
  app.put(
    '/_sandbox/faults',
    control(async (context) => {
      faults.set(await bodyOf(context, 'SandboxFaults'));
      return faultState();
    }),
  );
  app.post(
    '/_sandbox/faults',
    control(async (context) => {
      faults.add(faultFrom(await bodyOf(context, 'SandboxFault')));
      return faultState();
    }),
  );
  app.delete(
    '/_sandbox/faults',
    control(() => {
      faults.set({});
      faults.clear();
      return faultState();
    }),
  );
  app.post(
    '/_sandbox/edit',
    byHand('SandboxEdit', ({ collection, id, change }, theirs) => {
      editObject(theirs, collectionOf(collection), asText(id), isJsonObject(change) ? change : {});
    }),
  );
  app.post(
    '/_sandbox/remove',
    byHand('SandboxRemoval', ({ collection, id }, theirs) => {
      if (!theirs.remove(collectionOf(collection), asText(id))) throw new Refusal(notFound('object'));
    }),
  );
  app.post(
    '/_sandbox/seed',
    byHand('SandboxSeed', ({ resources }, theirs) => {
      seedStore(theirs, seedCounts(Number(resources)));
    }),
  );
  const tableIn = (
    context: Context,
  ): { readonly theirs: Store; readonly connection: Stored; readonly table: string } => {
    const theirs = storeFor(options, context.req.query('organization') ?? owner.id, { ...stranger });
    const connection = theirs.get('connections', context.req.query('connection') ?? '');
    if (connection === undefined) throw new Refusal(notFound('connection'));
    return { theirs, connection, table: context.req.query('table') ?? '' };
  };
  app.get(
    '/_sandbox/rows',
    control((context) => {
      const { theirs, connection, table } = tableIn(context);
      return { status: 200, body: { rows: [...tableRows(theirs, connection, table)] } };
    }),
  );
  app.put(
    '/_sandbox/rows',
    control(async (context) => {
      const { rows } = await bodyOf(context, 'SandboxRows');
      const { theirs, connection, table } = tableIn(context);
      setRows(theirs, connection.id, table, objectsIn(rows));
      database.commit();
      return { status: 200, body: { rows: objectsIn(rows).length } };
    }),
  );
  app.post(
    '/_sandbox/runs',
    byHand('SandboxRunFault', (fault, theirs) => {
      addRunFault(theirs, fault);
    }),
  );
  app.all('/_sandbox/*', () => respond(notFound('control')));
};
