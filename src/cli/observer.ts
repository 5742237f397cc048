/** What a run tells of itself beside its result: log lines, and a trace of its calls. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Attempt } from '../api/observe.js';
import { DiagnosticError } from '../core/diagnostics.js';
import { codeOf } from '../core/error-code.js';
import { printable } from '../core/text.js';
import { VERSION } from '../version.js';
import type { GlobalOptions, Io, Log, LogLevel, Observer } from './io.js';

const logLevels: readonly LogLevel[] = ['error', 'warn', 'info', 'debug'];

const logTo = (io: Io, { logLevel = 'warn', logFormat = 'text' }: GlobalOptions): Log => {
  const most = logLevels.indexOf(logLevel);
  return (level, message, details = {}) => {
    if (logLevels.indexOf(level) > most) return;
    const time = new Date().toISOString();
    const text = printable(message);
    io.err(
      logFormat === 'json'
        ? `${JSON.stringify({ time, level, message: text, ...details })}\n`
        : `${time.slice(11, 23)} ${level.padEnd(5)} ${text}\n`,
    );
  };
};

const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
};

/** An observer for one run of a command. */
export const createObserver = (io: Io, options: GlobalOptions): Observer => {
  const log = logTo(io, options);
  const attempts: Attempt[] = [];
  const { traceHttp: file } = options;
  return {
    log,
    onAttempt: (attempt) => {
      const { method, status, error, milliseconds } = attempt;
      const result = error ?? String(status);
      const level: LogLevel = status === 429 || status === 503 || error !== undefined ? 'info' : 'debug';
      log(level, `${method} ${pathOf(attempt.url)} ${result} in ${Math.round(milliseconds)} ms`, {
        method,
        path: pathOf(attempt.url),
        status,
        milliseconds: Math.round(milliseconds),
      });
      if (file !== undefined) attempts.push(attempt);
    },
    finish: async () => {
      if (file === undefined) return;
      const target = path.resolve(io.cwd, options.chdir ?? '.', file);
      try {
        await writeFile(target, `${JSON.stringify(harOf(attempts), null, 2)}\n`, { mode: 0o600 });
      } catch (error) {
        const code = codeOf(error);
        throw new DiagnosticError([
          {
            severity: 'error',
            code: 'unwritable-trace',
            message: `the trace cannot be written to ${file} (${code})`,
            hint: 'name another file by --trace-http',
          },
        ]);
      }
    },
  };
};

const pairs = (list: Attempt['requestHeaders']): readonly object[] =>
  list.map(([name, value]) => ({ name, value }));

const bodyIn = (text: string): object => ({
  bodySize: Buffer.byteLength(text),
  ...(text === '' ? {} : { postData: { mimeType: 'application/json', text } }),
});

const contentIn = (text: string): object => ({
  size: Buffer.byteLength(text),
  mimeType: 'application/json',
  text,
});

/** The attempts as an HTTP archive (HAR 1.2), which browsers' tools and proxies open. */
const harOf = (attempts: readonly Attempt[]): object => ({
  log: {
    version: '1.2',
    creator: { name: 'polytomic-gitops', version: VERSION },
    entries: attempts.map(({ requestBody, responseBody, ...attempt }) => ({
      startedDateTime: attempt.startedAt.toISOString(),
      time: attempt.milliseconds,
      request: {
        method: attempt.method,
        url: attempt.url,
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: pairs(attempt.requestHeaders),
        queryString: pairs([...new URL(attempt.url).searchParams]),
        headersSize: -1,
        ...bodyIn(requestBody()),
      },
      response: {
        status: attempt.status,
        statusText: '',
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: pairs(attempt.responseHeaders),
        content: contentIn(responseBody()),
        redirectURL: '',
        headersSize: -1,
        bodySize: -1,
        ...(attempt.error === undefined ? {} : { comment: attempt.error }),
      },
      cache: {},
      timings: { send: 0, wait: attempt.milliseconds, receive: 0 },
    })),
  },
});
