/** The reference of the command line, out of the program itself. */
import type { EventEmitter } from 'node:events';
import type { Argument, Command, Option } from 'commander';
import { exitCodes, exitMeanings } from '../../src/cli/io.js';
import { createProgram } from '../../src/cli/program.js';
import { code, generated, page, sentence, table } from './markdown.js';

const defaultOf = ({ defaultValue, defaultValueDescription, negate }: Option): string => {
  if (negate || defaultValue === undefined || (Array.isArray(defaultValue) && defaultValue.length === 0))
    return '';
  return ` Default: ${code(defaultValueDescription ?? String(defaultValue))}.`;
};

const choicesOf = ({ argChoices }: Pick<Option | Argument, 'argChoices'>): string =>
  argChoices === undefined ? '' : ` One of ${argChoices.map(code).join(', ')}.`;

const optionTable = (options: readonly Option[]): string =>
  options.length === 0
    ? ''
    : table(
        ['Option', 'What it does'],
        options.map((option) => [
          code(option.flags),
          `${sentence(option.description)}.${choicesOf(option)}${defaultOf(option)}`,
        ]),
      );

/** What follows the options in the help of a command: examples, and what else there is to say. */
const afterHelpOf = (command: Command): string => {
  const texts: string[] = [];
  // commander keeps these texts as listeners, and its types do not say that a command is an EventEmitter.
  (command as Command & Pick<EventEmitter, 'emit'>).emit('afterHelp', {
    error: false,
    command,
    write: (text: string) => texts.push(text),
  });
  const text = texts.join('').trim();
  return text === '' ? '' : `\`\`\`text\n${text}\n\`\`\``;
};

const visible = <T extends { readonly hidden?: boolean }>(items: readonly T[]): readonly T[] =>
  items.filter(({ hidden }) => hidden !== true);

const nameOf = (command: Command, program: Command): string =>
  command.parent === null || command.parent === program
    ? command.name()
    : `${nameOf(command.parent, program)} ${command.name()}`;

/** What the help of a command lists below it, but for the help itself. */
const shownBelow = (command: Command): readonly Command[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help');

/** A command and those below it, each under a heading of its own. */
const sectionsOf = (command: Command, program: Command): readonly string[] => {
  const name = nameOf(command, program);
  const below = shownBelow(command);
  const aliases = command.aliases();
  return [
    `### ${name}`,
    `${sentence(capital(command.description()))}.${aliases.length === 0 ? '' : ` Also called ${aliases.map(code).join(', ')}.`}`,
    `\`\`\`text\npolytomic-gitops ${name} ${command.usage()}\n\`\`\``,
    command.registeredArguments.some(({ description }) => description !== '')
      ? table(
          ['Operand', 'What it is'],
          command.registeredArguments.map((argument) => [
            code(argument.name()),
            `${sentence(argument.description)}.${choicesOf(argument)}`,
          ]),
        )
      : '',
    optionTable(visible(command.options)),
    afterHelpOf(command),
    ...below.flatMap((each) => sectionsOf(each, program)),
  ];
};

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const silent = { out: (): void => undefined, err: (): void => undefined };

/** The page, as Markdown. */
export const cliPage = (): string => {
  const program = createProgram(silent, () => async () => Promise.resolve());
  const commands = shownBelow(program);
  const groups = [...new Set(commands.map((each) => each.helpGroup()))];
  return page([
    generated('src/cli', 'outline: [2, 3]'),
    '# The command line',
    sentence(program.description()),
    '```text\npolytomic-gitops [options] [command]\n```',
    'What each does, with a word about why, stands in the pages by task; this is all of it. `polytomic-gitops help COMMAND` prints the same.',
    '## Options of every command',
    optionTable(visible(program.options)),
    ...groups.flatMap((group) => [
      `## ${group.replace(/:$/, '')}`,
      ...commands.filter((each) => each.helpGroup() === group).flatMap((each) => sectionsOf(each, program)),
    ]),
    '## Exit codes',
    table(
      ['Code', 'When'],
      Object.entries(exitMeanings).map(([name, meaning]) => [
        code(String(exitCodes[name as keyof typeof exitCodes])),
        sentence(meaning),
      ]),
    ),
    '## Environment and typical use',
    afterHelpOf(program),
  ]);
};
