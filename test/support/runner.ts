/**
 * Runs the Action as GitHub's runner does: its variables, its files, its commands in the log. As the bundle in a process
 * of its own, or its source in this one, which takes a third of the time.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { inject } from 'vitest';
import { parse } from 'yaml';
import { runAction as runHere } from '../../src/action/run.js';
import { quick } from './workbench.js';

const root = path.join(import.meta.dirname, '..', '..');

export interface ActionInput {
  readonly default?: string;
}

/** `action.yml`, as the runner reads it. */
export const readAction = async (): Promise<{
  readonly inputs: Readonly<Record<string, ActionInput>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly using: string; readonly main: string };
}> => parse(await readFile(path.join(root, 'action.yml'), 'utf8')) as Awaited<ReturnType<typeof readAction>>;

export interface RunOptions {
  readonly inputs: Readonly<Record<string, string>>;
  readonly event: { readonly name: string; readonly payload: object };
  /** The checkout. */
  readonly workspace: string;
  readonly sha: string;
  readonly github: { readonly url: string; readonly graphqlUrl: string; readonly repository: string };
  /** What `${{ github.token }}` is. */
  readonly token: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it is the bundle, in a process of its own. */
  readonly real?: boolean;
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly title?: string;
}

export interface ActionRun {
  readonly code: number;
  /** Without the commands, as the log shows it. */
  readonly log: string;
  /** All that was written, commands included. */
  readonly raw: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  readonly masks: readonly string[];
  /** Commands of the log that the runner would have obeyed, by name. */
  readonly commands: readonly string[];
  /** Contents of the files left for later steps, by name. */
  readonly files: Readonly<Record<string, string>>;
}

const unescape = (text: string): string =>
  text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** A line that the runner takes for a command: `::name a=b::data`, or the old `##[name]data` anywhere in it. */
const commandIn = (line: string): Command | undefined => {
  const now = /^\s*::([\w-]+)(?: ([^:]*(?:[^:]|:(?!:))*?))?::(.*)$/.exec(line);
  const old = /##\[([\w-]+)(?: ([^\]]*))?\](.*)$/.exec(line);
  const [, name, properties = '', data = ''] = now ?? old ?? [];
  if (name === undefined) return undefined;
  return {
    name,
    data: unescape(data),
    properties: Object.fromEntries(
      properties
        .split(',')
        .filter((part) => part.includes('='))
        .map((part) => [part.slice(0, part.indexOf('=')), unescape(part.slice(part.indexOf('=') + 1))]),
    ),
  };
};

const annotationOf = ({ name, properties, data }: Command): Annotation => ({
  level: name as Annotation['level'],
  message: data,
  ...(properties['file'] === undefined ? {} : { file: properties['file'] }),
  ...(properties['line'] === undefined ? {} : { line: Number(properties['line']) }),
  ...(properties['col'] === undefined ? {} : { column: Number(properties['col']) }),
  ...(properties['title'] === undefined ? {} : { title: properties['title'] }),
});

const readLog = (raw: string): Pick<ActionRun, 'annotations' | 'masks' | 'commands' | 'log'> => {
  const annotations: Annotation[] = [];
  const masks: string[] = [];
  const commands: string[] = [];
  const log: string[] = [];
  let stopped: string | undefined;
  for (const line of raw.split('\n')) {
    if (stopped !== undefined) {
      if (line.trim() === `::${stopped}::`) stopped = undefined;
      else log.push(line);
      continue;
    }
    const command = commandIn(line);
    if (command === undefined) {
      log.push(line);
      continue;
    }
    if (command.name === 'stop-commands') stopped = command.data;
    else commands.push(command.name);
    if (['error', 'warning', 'notice'].includes(command.name)) annotations.push(annotationOf(command));
    if (command.name === 'add-mask') masks.push(command.data);
  }
  return { annotations, masks, commands, log: log.join('\n') };
};

/** `name<<DELIMITER`, lines, `DELIMITER`; or `name=value`. */
const readOutputs = (text: string): Readonly<Record<string, string>> => {
  const lines = text.split('\n');
  const outputs: Record<string, string> = {};
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const block = /^([^=]+?)<<(.+)$/.exec(line);
    if (block !== null) {
      const end = lines.indexOf(block[2] as string, at + 1);
      outputs[block[1] as string] = lines.slice(at + 1, end).join('\n');
      at = end;
    } else if (line.includes('='))
      outputs[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
  }
  return outputs;
};

interface Ended {
  readonly code: number;
  readonly raw: string;
}

type Environment = Readonly<Record<string, string>>;

const inProcess = async (cwd: string, env: Environment): Promise<Ended> => {
  const { main } = (await readAction()).runs;
  const { all, exitCode = -1 } = await execa('node', [path.join(root, main)], {
    cwd,
    extendEnv: false,
    reject: false,
    all: true,
    env,
  });
  return { code: exitCode, raw: all };
};

/** Replaces the variables of this process. */
const setVariables = (variables: Readonly<Record<string, string | undefined>>): void => {
  for (const name of Object.keys(process.env))
    if (!Object.hasOwn(variables, name)) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, variables);
};

/** In this process, whose variables, output and exit code are the Action's meanwhile: tests of a file run one by one. */
const here = async (_cwd: string, env: Environment): Promise<Ended> => {
  const before = { ...process.env };
  const write = process.stdout.write.bind(process.stdout);
  let raw = '';
  setVariables(env);
  process.stdout.write = (chunk: string | Uint8Array) => {
    raw += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    return true;
  };
  try {
    await runHere(quick);
    return { code: Number(process.exitCode ?? 0), raw };
  } finally {
    process.stdout.write = write;
    process.exitCode = undefined;
    setVariables(before);
  }
};

/** Runs the Action, and reads what it left behind. */
export const runAction = async (options: RunOptions): Promise<ActionRun> => {
  const { inputs, event, workspace, sha, github, token, environment = {}, real = false } = options;
  const action = await readAction();
  for (const name of Object.keys(inputs))
    if (action.inputs[name] === undefined) throw new Error(`action.yml has no input ${name}`);
  const folder = await mkdtemp(path.join(tmpdir(), 'polytomic-runner-'));
  try {
    const file = (name: string): string => path.join(folder, name);
    const temporary = file('temp');
    await mkdir(temporary);
    for (const name of ['output', 'state', 'env', 'path']) await writeFile(file(name), '');
    // The runner's library keeps the path of the first summary that it wrote.
    const summary = real ? file('summary') : path.join(inject('shared'), `summary-${process.pid}`);
    await writeFile(summary, '');
    await writeFile(file('event.json'), JSON.stringify(event.payload));
    const given = Object.entries(action.inputs).map(
      ([name, { default: value = '' }]) =>
        [
          `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
          inputs[name] ?? (value === '${{ github.token }}' ? token : value),
        ] as const,
    );
    const variables = {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTOR: 'ana',
      GITHUB_API_URL: github.url,
      GITHUB_GRAPHQL_URL: github.graphqlUrl,
      GITHUB_SERVER_URL: 'https://github.test',
      GITHUB_REPOSITORY: github.repository,
      GITHUB_EVENT_NAME: event.name,
      GITHUB_EVENT_PATH: file('event.json'),
      GITHUB_SHA: sha,
      GITHUB_RUN_ID: '4242',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_WORKSPACE: workspace,
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_STATE: file('state'),
      GITHUB_ENV: file('env'),
      GITHUB_PATH: file('path'),
      RUNNER_TEMP: temporary,
      RUNNER_OS: 'Linux',
      ...Object.fromEntries(given),
      ...environment,
    };
    const { code, raw } = await (real ? inProcess : here)(workspace, variables);
    const outputs = readOutputs(await readFile(file('output'), 'utf8'));
    const left = ['plan-file', 'report-file', 'html-file']
      .flatMap((name) => (outputs[name] ?? '').split('\n'))
      .filter((each) => each !== '');
    return {
      code,
      raw,
      ...readLog(raw),
      outputs,
      summary: await readFile(summary, 'utf8'),
      files: Object.fromEntries(
        await Promise.all(
          left.map(async (each) => [path.basename(each), await readFile(each, 'utf8')] as const),
        ),
      ),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
