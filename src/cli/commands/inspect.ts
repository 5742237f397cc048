/** `inspect …`: what connections hold, as the quickstart enumerates it. Reads only. */
import { readTarget, sourceFieldsOf, type Chosen } from '../../api/enumeration.js';
import { asking, isMissing } from '../../api/failure.js';
import type { Reader } from '../../api/client.js';
import type { DiagnosticError } from '../../core/diagnostics.js';
import { printable } from '../../core/text.js';
import type { Settings } from '../../load/config.js';
import { connection as connectionKind } from '../../kinds/connection.js';
import { model as modelKind } from '../../kinds/model.js';
import { fieldTable, tableText, yesNo } from '../../report/table.js';
import {
  failure,
  fieldsOfSource,
  findObject,
  readerFor,
  sourceStep,
  targetStep,
  type Found,
  type Step,
} from '../../workspace/inspect.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { bulk } from './inspect-bulk.js';
import { model, types } from './inspect-facts.js';
import { objects } from './inspect-objects.js';
import { modelYaml, syncYaml } from '../inspect-yaml.js';
import { printJson, settingsFor } from '../session.js';

interface InspectOptions extends GlobalOptions {
  /** `schema=PUBLIC`, as often as there are levels. */
  readonly path?: readonly string[];
  readonly yaml?: boolean;
  readonly model?: string;
}

const chosenOf = ({ path = [] }: InspectOptions): Chosen =>
  Object.fromEntries(
    path.map((part) => {
      const [level = '', ...value] = part.split('=');
      if (level === '' || value.length === 0 || value.join('=') === '')
        throw failure('bad-path', `${printable(part)} is no step of a path`, 'write --path LEVEL=NAME');
      return [level, value.join('=')];
    }),
  );

type Descend = (reader: Reader, connection: Found, chosen: Chosen) => Promise<Step>;

/** Choices as one numbered list: with a person at the terminal, one is asked for. */
const choose = async (io: Io, { choices }: Step): Promise<readonly [string, string] | undefined> => {
  const listed = [...choices].flatMap(([level, { items = [] }]) =>
    items.map((item) => [level, item] as const),
  );
  if (io.ask === undefined || !io.outIsTerminal || listed.length === 0) return undefined;
  listed.forEach(([level, item], index) => {
    io.out(`${String(index + 1).padStart(4)}  ${printable(level)} ${printable(item)}\n`);
  });
  for (;;) {
    const answer = (await io.ask(`Which one (1 to ${listed.length}, empty to stop)? `)).trim();
    if (answer === '') return undefined;
    const found = listed[Number(answer) - 1] ?? listed.find(([, item]) => item === answer);
    if (found !== undefined) return found;
    io.out(`There is no ${printable(answer)}.\n`);
  }
};

interface Descended {
  readonly settings: Settings;
  readonly reader: Reader;
  readonly connection: Found;
  readonly chosen: Chosen;
  readonly at: Step;
}

/** Goes down as far as the path says, and further where somebody chooses. */
const descend = async (io: Io, options: InspectOptions, word: string, step: Descend): Promise<Descended> => {
  const settings = await settingsFor(io, options);
  const reader = await readerFor(settings);
  const connection = await findObject(settings, reader, connectionKind, word);
  let chosen = chosenOf(options);
  let at = await step(reader, connection, chosen);
  while (at.choices.size > 0 && options.json !== true) {
    const next = await choose(io, at);
    if (next === undefined) break;
    chosen = { ...chosen, [next[0]]: next[1] };
    at = await step(reader, connection, chosen);
  }
  return { settings, reader, connection, chosen, at };
};

const stepJson = ({ choices }: Step): object =>
  Object.fromEntries([...choices].map(([level, { items }]) => [level, items ?? null]));

const stepText = ({ choices }: Step): string =>
  tableText(
    ['LEVEL', 'ITEM'],
    [...choices].flatMap(([level, { items }]) =>
      items === undefined ? [[level, '(not listed)']] : items.map((item) => [level, item]),
    ),
  );

/** What can be chosen next, where nobody has chosen. Throws `unfinished` where a manifest was asked for. */
const showChoices = (
  io: Io,
  options: InspectOptions,
  { connection, chosen, at }: Descended,
  unfinished: DiagnosticError,
): number => {
  if (options.json === true)
    printJson(io, { connection: connection.name, path: chosen, choices: stepJson(at) });
  else if (options.yaml === true) throw unfinished;
  else if (io.ask === undefined || !io.outIsTerminal) io.out(stepText(at));
  return exitCodes.ok;
};

const sources = async (io: Io, options: InspectOptions, word = ''): Promise<number> => {
  const descended = await descend(io, options, word, sourceStep);
  const { reader, connection, chosen, at } = descended;
  if (at.choices.size > 0)
    return showChoices(
      io,
      options,
      descended,
      failure(
        'unfinished-path',
        'a model reads one thing',
        `say which: --path ${[...at.choices.keys()].join('=…, ')}=…`,
      ),
    );
  const fields = await fieldsOfSource(reader, connection, chosen);
  if (options.json === true)
    printJson(io, { connection: connection.name, path: chosen, fields: fields ?? null });
  else if (options.yaml === true) io.out(modelYaml(connection, chosen, fields));
  else
    io.out(
      fields === undefined ? 'This version of the API lists no fields of a source.\n' : fieldTable(fields),
    );
  return exitCodes.ok;
};

const targets = async (io: Io, options: InspectOptions, word = ''): Promise<number> => {
  const descended = await descend(io, options, word, targetStep);
  const { object } = descended.chosen;
  if (object !== undefined) return showTarget(io, options, { ...descended, object });
  return showChoices(
    io,
    options,
    descended,
    failure(
      'unfinished-path',
      'a sync writes to one object',
      `polytomic-gitops inspect fields ${word} OBJECT --yaml`,
    ),
  );
};

interface Shown {
  readonly settings: Settings;
  readonly reader: Reader;
  readonly connection: Found;
  readonly object: string;
}

const showTarget = async (
  io: Io,
  options: InspectOptions,
  { settings, reader, connection, object }: Shown,
): Promise<number> => {
  const target = await asking(`reading the fields of ${object}`, async () => {
    try {
      return await readTarget(reader, connection.id, object);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // Nothing there: the step knows what is, and which name is the nearest.
      await targetStep(reader, connection, { object });
      throw error;
    }
  });
  if (options.json === true) printJson(io, { connection: connection.name, ...target });
  else if (options.yaml === true) {
    const model =
      options.model === undefined ? undefined : await findObject(settings, reader, modelKind, options.model);
    io.out(
      syncYaml(
        connection,
        target,
        model === undefined
          ? undefined
          : { reference: model.reference, fields: sourceFieldsOf(model.object['fields']) },
      ),
    );
  } else {
    io.out(
      tableText(
        ['MODE', 'NEEDS IDENTITY', 'TARGET FILTERS', 'FIELD MODES'],
        target.modes.map(({ mode, requiresIdentity, targetFilters, fieldModes }) => [
          mode,
          yesNo(requiresIdentity),
          yesNo(targetFilters),
          yesNo(fieldModes),
        ]),
      ),
    );
    io.out('\n');
    io.out(
      tableText(
        ['FIELD', 'TYPE', 'REQUIRED', 'CREATE', 'UPDATE', 'IDENTITY BY'],
        target.fields.map((field) => [
          field.id,
          field.type,
          yesNo(field.required),
          yesNo(field.createable),
          yesNo(field.updateable),
          field.identityFunctions.join(', '),
        ]),
      ),
    );
  }
  return exitCodes.ok;
};

const fields = async (io: Io, options: InspectOptions, word = '', object = ''): Promise<number> => {
  const settings = await settingsFor(io, options);
  const reader = await readerFor(settings);
  const connection = await findObject(settings, reader, connectionKind, word);
  return showTarget(io, options, { settings, reader, connection, object });
};

export const inspectCommands = { sources, targets, fields, bulk, model, types, objects };
