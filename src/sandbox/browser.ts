/** What the sandbox has beside the API, for people with a browser: its page, and what only they can finish. */
import type { Context } from 'hono';
import { html } from 'hono/html';
import { asText, printable } from '../core/text.js';
import { storeFor, type App } from './app.js';
import { authorize, finishSession } from './resources/connecting.js';
import type { Controls } from './controls.js';
import { owner, stranger } from './fixtures.js';
import { Refusal } from './http.js';
import { logFile } from './resources/logs.js';
import { document, notice, overview, script, style, type View } from './page.js';
import { ROOT, type Stored } from './store.js';

const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const named = (connection: Stored): string => printable(asText(connection['name']));

/** Adds the page and its links to the application; to be called before the other controls are added. */
export const addPages = (app: App, options: Controls): void => {
  const root = storeFor(options, ROOT);
  const view = (context: Context): View => {
    const id = context.req.query('organization') ?? owner.id;
    return {
      organizations: [...root.list('organizations')].reverse(),
      store: storeFor(options, root.get('organizations', id) === undefined ? owner.id : id),
      requests: options.requests,
      faults: options.faults,
    };
  };
  app.get('/', (context) => context.html(document(view(context)), 200, headers));
  app.get('/_sandbox/overview', (context) => context.html(overview(view(context)), 200, headers));
  app.get('/_sandbox/page.css', (context) => context.body(style, 200, { 'content-type': 'text/css' }));
  app.get('/_sandbox/page.js', (context) => context.body(script, 200, { 'content-type': 'text/javascript' }));

  app.get('/_sandbox/authorize/:organization/:id', (context) => {
    const { organization, id } = context.req.param();
    const store = storeFor(options, organization, { ...stranger });
    const connection = store.get('connections', id);
    if (connection === undefined) return context.html(notice('There is no such connection.'), 404, headers);
    authorize(store, connection);
    options.database.commit();
    const text = html`The connection <b>${named(connection)}</b> is authorized.`;
    return context.html(notice(text, asText(connection['redirect_url'])), 200, headers);
  });
  app.get('/_sandbox/connect/:token', (context) => {
    try {
      const finished = finishSession(root, context.req.param('token'));
      options.database.commit();
      if (finished === undefined)
        return context.html(notice('This link was used already, or never existed.'), 404, headers);
      const text = html`The connection <b>${named(finished.connection)}</b> is ready.`;
      return context.html(notice(text, finished.next), 200, headers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return context.html(notice(asText(error.reply.body?.['message'])), 422, headers);
    }
  });
  app.get('/_sandbox/files/:organization/:execution/:file', (context) => {
    const { organization, execution, file } = context.req.param();
    const lines = logFile(storeFor(options, organization), execution, file.replace(/\.jsonl$/, ''));
    return lines === undefined
      ? context.text('there is no such file\n', 404)
      : context.body(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 200, {
          'content-type': 'application/jsonl',
        });
  });
};
