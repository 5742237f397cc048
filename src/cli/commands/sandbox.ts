import { startSandbox, type Sandbox } from '../../sandbox/index.js';
import { DiagnosticError } from '../../core/diagnostics.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { printJson } from '../session.js';

export interface SandboxCommandOptions extends GlobalOptions {
  readonly port: number;
  readonly latency: number;
  readonly key: string;
}

/** `sandbox`: serves the API on this machine until it is interrupted. */
export const sandbox = async (io: Io, options: SandboxCommandOptions): Promise<number> => {
  const server = await start(options);
  const style = styleFor(io, options, io.outIsTerminal);
  if (options.json === true)
    printJson(io, { url: server.url, apiKey: server.apiKey, organization: server.organization });
  else
    io.out(
      [
        `A Polytomic API for trying out listens on ${style.bold(server.url)}`,
        'It keeps everything in memory, and forgets it when it stops (Ctrl-C).',
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

const start = async ({ port, latency, key }: SandboxCommandOptions): Promise<Sandbox> => {
  try {
    return await startSandbox({ port, latencyMs: latency, apiKey: key });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new DiagnosticError([
      {
        severity: 'error',
        code: 'port-taken',
        message: `port ${port} cannot be listened on (${String(error.code)})`,
        hint: 'choose another one by --port; 0 takes a free one',
      },
    ]);
  }
};
