/** Who may call the sandbox: programs, and its own page in a browser. */
import type { Context, Next } from 'hono';
import { whole } from './answering.js';
import { refuse } from './http.js';

const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const EVERY_ADDRESS: readonly string[] = ['0.0.0.0', '[::]'];

/** A name or an address as a browser writes it: in lower case, an address of version 6 in brackets. */
const asHostname = (host: string): string => {
  const written = `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}`;
  return URL.canParse(written) ? new URL(written).hostname : host;
};

/**
 * A page of another site must not steer the sandbox through a browser, under whatever name it calls it: a name of
 * its own that leads to this machine (`127.evil.example`) is not one of ours. `host` is where the sandbox listens;
 * on every address, any name may be right.
 */
export const guard = (host: string) => {
  const own = asHostname(host);
  const anyName = EVERY_ADDRESS.includes(own);
  const names = [...LOOPBACK, own];
  return async (context: Context, next: Next): Promise<Response | undefined> => {
    const { hostname, host: called } = new URL(context.req.url);
    const origin = context.req.header('origin');
    const foreign = origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== called);
    if ((!anyName && !names.includes(hostname)) || foreign)
      return whole(
        refuse(
          403,
          'forbidden',
          'called by a page of another site, or under a name that is not that of --host',
        ),
        {},
      );
    await next();
    return undefined;
  };
};
