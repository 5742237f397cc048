/** How an answer leaves: whole, or as a fault has it. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Fault } from './faults.js';
import { refuse, type Reply } from './http.js';

type Headers = Readonly<Record<string, string>>;

const textOf = ({ body }: Reply): string => (body === undefined ? '' : JSON.stringify(body));

const headersOf = (reply: Reply, headers: Headers): Headers => ({
  ...headers,
  ...(reply.body === undefined ? {} : { 'content-type': 'application/json' }),
  ...reply.headers,
});

/** A response as it should be. */
export const whole = (reply: Reply, headers: Headers): Response =>
  new Response(reply.body === undefined ? null : textOf(reply), {
    status: reply.status,
    headers: headersOf(reply, headers),
  });

/** The answer that a fault puts in place of the usual one, or undefined. */
export const replaced = (fault: Fault): Reply | undefined =>
  fault.status === undefined && fault.body === undefined && fault.headers === undefined
    ? undefined
    : {
        ...refuse(fault.status ?? 500, 'fault', 'a fault that was asked for'),
        ...(fault.headers === undefined ? {} : { headers: fault.headers }),
      };

const cut = (
  outgoing: ServerResponse,
  at: 'before' | 'within' | 'after',
  reply: Reply,
  headers: Headers,
): Response => {
  const text = textOf(reply);
  const destroy = (): void => {
    outgoing.destroy();
  };
  if (at === 'before') setImmediate(destroy);
  else {
    outgoing.writeHead(reply.status, {
      ...headersOf(reply, headers),
      'content-length': String(Buffer.byteLength(text)),
    });
    if (at === 'after') outgoing.end(text, destroy);
    else
      outgoing.write(text.slice(0, Math.floor(text.length / 2)), () => {
        setImmediate(destroy);
      });
  }
  return RESPONSE_ALREADY_SENT;
};

const PIECES = 4;

const slowly = (reply: Reply, headers: Headers, milliseconds: number): Response => {
  const text = textOf(reply);
  const size = Math.ceil(text.length / PIECES);
  const encoder = new TextEncoder();
  let sent = 0;
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      await sleep(milliseconds / PIECES);
      controller.enqueue(encoder.encode(text.slice(sent, sent + size)));
      sent += size;
      if (sent >= text.length) controller.close();
    },
  });
  return new Response(stream, { status: reply.status, headers: headersOf(reply, headers) });
};

/** A response that a fault spoils; `reply` is what would have been answered. */
export const spoiled = (outgoing: ServerResponse, fault: Fault, reply: Reply, headers: Headers): Response => {
  if (fault.drop !== undefined) return cut(outgoing, fault.drop, reply, headers);
  if (fault.body !== undefined)
    return new Response(fault.body, {
      status: reply.status,
      headers: { ...headers, 'content-type': 'text/html', ...fault.headers },
    });
  if (fault.truncate === true) {
    const text = textOf(reply);
    return new Response(text.slice(0, Math.floor(text.length / 2)), {
      status: reply.status,
      headers: headersOf(reply, headers),
    });
  }
  return fault.slowMs === undefined || reply.body === undefined
    ? whole(reply, headers)
    : slowly(reply, headers, fault.slowMs);
};
