/** The language server of the editors' YAML extension, spoken to over stdio as an editor does. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';

interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Completion {
  readonly label: string;
  readonly documentation?: string | { readonly value: string };
}

interface Problem {
  readonly message: string;
  readonly range: { readonly start: Position };
}

export interface LanguageServer {
  /** What is offered where the `|` stands in the text. */
  readonly complete: (text: string) => Promise<readonly Completion[]>;
  /** What is shown for what follows the `|` in the text. */
  readonly hover: (text: string) => Promise<string>;
  /** `line:column message`, counted from 1. */
  readonly problems: (text: string) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

const server = path.join(
  import.meta.dirname,
  '../../node_modules/yaml-language-server/bin/yaml-language-server',
);

const cursor = (marked: string): { readonly text: string; readonly position: Position } => {
  const at = marked.indexOf('|');
  const before = marked.slice(0, at).split('\n');
  return {
    text: marked.slice(0, at) + marked.slice(at + 1),
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  };
};

/** Starts it; documents are taken for `file`, and `settings` are those of the editor under `yaml`. */
export const startLanguageServer = async (file: string, settings: object = {}): Promise<LanguageServer> => {
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const waiting = new Map<string, (problems: readonly Problem[]) => void>();
  const yaml = { schemaStore: { enable: false }, validate: true, completion: true, hover: true, ...settings };
  connection.onRequest(
    'workspace/configuration',
    ({ items }: { readonly items: readonly { readonly section: string }[] }) =>
      items.map(({ section }) => (section === 'yaml' ? yaml : {})),
  );
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('custom/schema/request', () => null);
  connection.onNotification(
    'textDocument/publishDiagnostics',
    ({ uri, diagnostics }: { readonly uri: string; readonly diagnostics: readonly Problem[] }) => {
      waiting.get(uri)?.(diagnostics);
    },
  );
  connection.listen();
  const folder = pathToFileURL(path.dirname(file)).href;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: folder,
    workspaceFolders: [{ uri: folder, name: 'test' }],
    capabilities: {
      workspace: { configuration: true },
      textDocument: { hover: { contentFormat: ['plaintext'] } },
    },
  });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('workspace/didChangeConfiguration', { settings: { yaml } });
  let number = 0;
  /** Each text is a document of its own, so that nothing is left of the one before. */
  const open = async (
    text: string,
  ): Promise<{ readonly uri: string; readonly problems: Promise<readonly Problem[]> }> => {
    number += 1;
    const uri = pathToFileURL(file.replace(/(\.yaml)?$/, `-${number}.yaml`)).href;
    const problems = new Promise<readonly Problem[]>((resolve) => {
      waiting.set(uri, resolve);
    });
    await connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'yaml', version: 1, text },
    });
    return { uri, problems };
  };
  const ask = async (method: string, marked: string): Promise<unknown> => {
    const { text, position } = cursor(marked);
    const { uri, problems } = await open(text);
    await problems;
    return connection.sendRequest(method, { textDocument: { uri }, position });
  };
  return {
    complete: async (marked) => {
      const answer = (await ask('textDocument/completion', marked)) as {
        readonly items: readonly Completion[];
      } | null;
      return answer?.items ?? [];
    },
    hover: async (marked) => {
      const answer = (await ask('textDocument/hover', marked)) as {
        readonly contents: { readonly value: string };
      } | null;
      return answer?.contents.value ?? '';
    },
    problems: async (text) => {
      const { problems } = await open(text);
      return (await problems).map(
        ({ message, range }) =>
          `${range.start.line + 1}:${range.start.character + 1} ${message.split('\n')[0]}`,
      );
    },
    close: async () => {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      connection.dispose();
      child.kill();
    },
  };
};
