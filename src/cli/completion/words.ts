/** What may stand where the cursor is, by the definitions of the commands. Pure. */
import type { Argument, Command, Option } from 'commander';

/** A word that may stand there, and what it means. */
export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** Words that no definition lists: the repository, or the shell, has them. */
export type Source =
  | 'addresses'
  | 'running'
  | 'connections'
  | 'models'
  | 'environments'
  | 'kinds'
  | 'files'
  | 'folders'
  | 'nothing';

export interface Wanted {
  readonly from: readonly Candidate[] | Source;
  /** What the word begins with before what is completed: `--env=`. */
  readonly before: string;
  /** What is completed, as far as it is written. */
  readonly written: string;
  /** Values of options before it, by commander's names. */
  readonly given: Readonly<Record<string, string>>;
}

/** By the names that definitions give to values: `<address>`. */
const sources: Readonly<Partial<Record<string, Source>>> = {
  address: 'addresses',
  from: 'addresses',
  connection: 'connections',
  key: 'models',
  kind: 'kinds',
  file: 'files',
  files: 'files',
  plan: 'files',
  state: 'files',
  folder: 'folders',
  directory: 'folders',
};

/** Where the name of a value says too little. */
const special: Readonly<Partial<Record<string, Source>>> = {
  '--env': 'environments',
  'run address': 'running',
  'logs address': 'running',
};

/** Commands of programs, and of others: `help`, too. */
const commandsOf = (command: Command): readonly Candidate[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .flatMap((each) =>
      [each.name(), ...each.aliases()].map((value) => ({ value, about: each.description() })),
    );

/** A command and those above it: each takes the options of all. */
const lineOf = (command: Command): readonly Command[] =>
  command.parent === null ? [command] : [command, ...lineOf(command.parent)];

const optionsOf = (command: Command): readonly Option[] =>
  lineOf(command).flatMap((each, index) =>
    // Each has its own --help; the version is the program's alone.
    index === 0
      ? each.createHelp().visibleOptions(each)
      : each.options.filter(({ hidden, long }) => !hidden && long !== '--version'),
  );

const candidatesOf = (options: readonly Option[]): readonly Candidate[] =>
  options.flatMap(({ long, short, description }) => {
    const value = long ?? short;
    return value === undefined ? [] : [{ value, about: description }];
  });

const listed = (choices: readonly string[]): readonly Candidate[] =>
  choices.map((value) => ({ value, about: '' }));

const ofOption = ({ long, flags, argChoices }: Option): Wanted['from'] => {
  if (argChoices !== undefined) return listed(argChoices);
  const name = /[<[]([\w-]+)/.exec(flags)?.[1] ?? '';
  return special[long ?? ''] ?? sources[name] ?? 'nothing';
};

const ofArgument = (command: Command, argument: Argument): Wanted['from'] =>
  argument.argChoices !== undefined
    ? listed(argument.argChoices)
    : (special[`${command.name()} ${argument.name()}`] ?? sources[argument.name()] ?? 'nothing');

/** bash hands over `--env=north` as three words. */
const withoutSigns = (words: readonly string[]): readonly string[] => {
  const kept = words.filter((word, index) => word !== '=' || words[index - 1]?.startsWith('--') !== true);
  return words.at(-1) === '=' && kept.length < words.length ? [...kept, ''] : kept;
};

/** What may stand in place of the last of these words, which come after the program's name. */
export const wantedIn = (program: Command, handed: readonly string[]): Wanted => {
  const words = withoutSigns(handed);
  const current = words.at(-1) ?? '';
  const given: Record<string, string> = {};
  let command = program;
  let operands = 0;
  let ended = false;
  let open: Option | undefined;
  const named = (name: string): Option | undefined =>
    optionsOf(command).find(({ long, short }) => long === name || short === name);
  for (const word of words.slice(0, -1)) {
    if (open !== undefined) {
      given[open.attributeName()] = word;
      open = undefined;
    } else if (!ended && word === '--') ended = true;
    else if (!ended && /^-./.test(word)) {
      const [name = '', ...rest] = word.split('=');
      const option = named(name);
      if (option?.required !== true) continue;
      if (rest.length === 0) open = option;
      else given[option.attributeName()] = rest.join('=');
    } else {
      const next = operands > 0 ? undefined : command.commands.find((each) => isCalled(each, word));
      if (next === undefined) operands += 1;
      else command = next;
    }
  }
  const wanted = (from: Wanted['from'], before = ''): Wanted => ({
    from,
    before,
    written: current.slice(before.length),
    given,
  });
  if (open !== undefined) return wanted(ofOption(open));
  if (!ended && current.startsWith('-')) {
    const sign = current.indexOf('=');
    const option = sign < 0 ? undefined : named(current.slice(0, sign));
    return option === undefined
      ? wanted(candidatesOf(optionsOf(command)))
      : wanted(ofOption(option), current.slice(0, sign + 1));
  }
  if (operands === 0 && command.commands.length > 0) return wanted(commandsOf(command));
  if (command === program)
    return wanted(words[0] === 'help' && operands === 1 ? commandsOf(program) : 'nothing');
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  const argument = registeredArguments[operands] ?? (last?.variadic === true ? last : undefined);
  if (argument !== undefined) return wanted(ofArgument(command, argument));
  return wanted(ended ? 'nothing' : candidatesOf(optionsOf(command)));
};

const isCalled = (command: Command, word: string): boolean =>
  command.name() === word || command.aliases().includes(word);
