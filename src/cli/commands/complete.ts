/** `complete`: asked by shells at each TAB. What may stand where the cursor is; no network, no secrets. */
import path from 'node:path';
import type { Command } from 'commander';
import { kindOf, kinds } from '../../kinds/registry.js';
import { connection } from '../../kinds/connection.js';
import { model } from '../../kinds/model.js';
import { listEnvironments } from '../../load/config.js';
import type { Resource } from '../../load/desired.js';
import { load } from '../../load/load.js';
import { wantedIn, type Candidate, type Source, type Wanted } from '../completion/words.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { settingsFor } from '../session.js';

type Given = Pick<GlobalOptions, 'chdir' | 'config' | 'env'>;
type List = (io: Io, options: GlobalOptions & Given) => Promise<readonly Candidate[]>;

const resources =
  (wanted: (resource: Resource) => boolean, value: 'address' | 'key'): List =>
  async (io, options) => {
    const { desired } = await load({ ...(await settingsFor(io, options)), withoutSecrets: true });
    return (desired?.resources ?? [])
      .filter(wanted)
      .map((resource) => ({ value: resource[value], about: resource.kind }));
  };

const lists: Readonly<Record<Exclude<Source, 'files' | 'folders' | 'nothing'>, List>> = {
  addresses: resources(() => true, 'address'),
  running: resources(({ kind }) => kindOf(kind).runs !== undefined, 'address'),
  connections: resources(({ kind }) => kind === connection.name, 'key'),
  models: resources(({ kind }) => kind === model.name, 'key'),
  kinds: async () => Promise.resolve(kinds.map(({ name }) => ({ value: name, about: '' }))),
  environments: async (io, { chdir, config }) => {
    const names = await listEnvironments({
      cwd: path.resolve(io.cwd, chdir ?? '.'),
      ...(config === undefined ? {} : { config }),
    });
    return (names.length === 0 ? [] : ['all', ...names]).map((value) => ({ value, about: '' }));
  },
};

/** Shells put a word onto the line as it is: what could mean something there is left out, whoever named it so. */
const isPlain = ({ value }: Candidate): boolean => /^[\w.@+-]+$/.test(value);

const found = async (io: Io, options: GlobalOptions, wanted: Wanted): Promise<readonly Candidate[]> => {
  const { from, given } = wanted;
  if (typeof from !== 'string') return from;
  if (from === 'files' || from === 'folders' || from === 'nothing') return [];
  try {
    return await lists[from](io, { ...options, ...given });
  } catch {
    // Somebody is typing: what is wrong with the repository is for the command to say.
    return [];
  }
};

/** Prints a line for each word, with a tab before what it means; the last line says what the shell adds itself. */
export const completeIn =
  (program: Command) =>
  async (io: Io, options: GlobalOptions, ...words: readonly string[]): Promise<number> => {
    const wanted = wantedIn(program, words);
    for (const { value, about } of (await found(io, options, wanted)).filter(isPlain))
      if (value.startsWith(wanted.written))
        io.out(`${wanted.before}${value}\t${about.replaceAll(/\s+/g, ' ')}\n`);
    io.out(wanted.from === 'files' || wanted.from === 'folders' ? `:${wanted.from}\n` : ':nothing\n');
    return exitCodes.ok;
  };
