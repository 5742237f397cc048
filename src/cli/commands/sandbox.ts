import path from 'node:path';
import {
  CatalogError,
  DataFileError,
  startSandbox,
  type FaultKind,
  type Sandbox,
} from '../../sandbox/index.js';
import { DiagnosticError } from '../../core/diagnostics.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { printJson } from '../session.js';

export interface SandboxCommandOptions extends GlobalOptions {
  readonly port: number;
  readonly host: string;
  readonly key: string;
  readonly partnerKey: string;
  /** `NAME=KEY` each. */
  readonly organization?: readonly string[];
  readonly data?: string;
  readonly catalog?: string;
  readonly seed: number;
  readonly latency: number;
  readonly jitter: number;
  readonly rateLimit?: number;
  /** `KIND=RATE` each. */
  readonly fault?: readonly string[];
  readonly faultSeed: number;
}

/** `sandbox`: serves the API on this machine until it is interrupted. */
export const sandbox = async (io: Io, options: SandboxCommandOptions): Promise<number> => {
  const server = await start(io, options);
  if (options.seed > 0) server.seed(options.seed);
  const style = styleFor(io, options, io.outIsTerminal);
  if (options.json === true)
    printJson(io, { url: server.url, apiKey: server.apiKey, organization: server.organization });
  else
    io.out(
      [
        `A Polytomic API for trying out listens on ${style.bold(server.url)}`,
        'Open that address in a browser to see what it holds and what it is asked.',
        options.data === undefined
          ? 'It keeps everything in memory, and forgets it when it stops (Ctrl-C).'
          : `It keeps everything in ${options.data}, secrets in clear, until it stops (Ctrl-C).`,
        '',
        'In another terminal:',
        style.cyan(`  export POLYTOMIC_URL=${server.url}`),
        style.cyan(`  export POLYTOMIC_API_KEY=${server.apiKey}`),
        style.cyan('  polytomic-gitops whoami'),
        '',
        '',
      ].join('\n'),
    );
  await new Promise<void>((resolve) => {
    const stop = io.onInterrupt(() => {
      stop();
      resolve();
    });
  });
  await server.close();
  return exitCodes.ok;
};

const failure = (code: string, message: string, hint: string): DiagnosticError =>
  new DiagnosticError([{ severity: 'error', code, message, hint }]);

/** `NAME=VALUE` in two; the value is all that follows the first sign. */
const pair = (flag: string, text: string): readonly [name: string, value: string] => {
  const at = text.indexOf('=');
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
  throw failure('bad-flag', `--${flag} ${text} is no NAME=VALUE`, `write it as --${flag} NAME=VALUE`);
};

const start = async (io: Io, options: SandboxCommandOptions): Promise<Sandbox> => {
  const resolve = (file: string): string => path.resolve(io.cwd, options.chdir ?? '.', file);
  const { port, host, rateLimit, data, catalog } = options;
  try {
    return await startSandbox({
      port,
      host,
      apiKey: options.key,
      partnerKey: options.partnerKey,
      organizations: (options.organization ?? []).map((text) => {
        const [name, apiKey] = pair('organization', text);
        return { name, apiKey };
      }),
      ...(data === undefined ? {} : { data: resolve(data) }),
      ...(catalog === undefined ? {} : { catalog: resolve(catalog) }),
      faults: {
        latencyMs: options.latency,
        jitterMs: options.jitter,
        ...(rateLimit === undefined ? {} : { requestsPerSecond: rateLimit }),
        rates: Object.fromEntries(
          (options.fault ?? []).map((text) => {
            const [kind, rate] = pair('fault', text);
            return [kind as FaultKind, Number(rate)];
          }),
        ),
        seed: options.faultSeed,
      },
    });
  } catch (error) {
    if (error instanceof DataFileError)
      throw failure('bad-data-file', error.message, 'name another file by --data');
    if (error instanceof CatalogError)
      throw failure('bad-catalog', error.message, 'docs/sandbox.md says what a catalogue holds');
    if (error instanceof RangeError)
      throw failure('bad-fault', error.message, 'write it as --fault error=0.1');
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw failure(
      'port-taken',
      `port ${port} of ${host} cannot be listened on (${String(error.code)})`,
      'choose another one by --port; 0 takes a free one',
    );
  }
};
