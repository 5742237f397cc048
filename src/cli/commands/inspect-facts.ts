/** `inspect model` and `inspect types`: one object's facts. Reads only. */
import { readConnectionTypes, readConnectionTypeSchema } from '../../api/connection-types.js';
import { sourceFieldsOf } from '../../api/enumeration.js';
import { asking, isMissing } from '../../api/failure.js';
import { parseTypeSchema } from '../../api/type-schema.js';
import { DiagnosticError } from '../../core/diagnostics.js';
import { byCodeUnit } from '../../core/json.js';
import { didYouMean } from '../../core/suggest.js';
import { asText, printable } from '../../core/text.js';
import { model as modelKind } from '../../kinds/model.js';
import { fieldTable, tableText, yesNo } from '../../report/table.js';
import { failure, findObject, readerFor, sampleModel } from '../../workspace/inspect.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { printJson, settingsFor } from '../session.js';

/** `inspect model`: its fields, and with `--sample` some of its records. */
export const model = async (
  io: Io,
  options: GlobalOptions & { readonly sample?: number },
  word = '',
): Promise<number> => {
  const settings = await settingsFor(io, options);
  const reader = await readerFor(settings);
  const found = await findObject(settings, reader, modelKind, word);
  // The API answers the fields of a model in any order.
  const own = [...sourceFieldsOf(found.object['fields'])].sort((a, b) => byCodeUnit(a.name, b.name));
  const records = options.sample === undefined ? undefined : await sampleModel(reader, found, options.sample);
  if (options.json === true)
    printJson(io, {
      model: found.name,
      id: found.id,
      fields: own,
      ...(records === undefined ? {} : { records }),
    });
  else {
    io.out(fieldTable(own));
    if (records !== undefined) {
      const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
      io.out(
        `\n${tableText(
          names.map(printable),
          records.map((record) => names.map((name) => asText(record[name]))),
        )}`,
      );
    }
  }
  return exitCodes.ok;
};

/** `inspect types`: all of them, or what the configuration of one holds. */
export const types = async (io: Io, options: GlobalOptions, type?: string): Promise<number> => {
  const reader = await readerFor(await settingsFor(io, options));
  if (type === undefined) {
    const all = await asking('reading the connection types', async () => readConnectionTypes(reader));
    if (options.json === true) printJson(io, { types: all });
    else
      io.out(
        tableText(
          ['TYPE', 'NAME', 'SOURCE', 'TARGET', 'ENRICHES', 'OAUTH'],
          all.map(({ id, name, oauth, capabilities: able }) => [
            id,
            name,
            yesNo(able?.source),
            yesNo(able?.destination),
            yesNo(able?.enrichment),
            yesNo(oauth),
          ]),
        ),
      );
    return exitCodes.ok;
  }
  const schema = await asking(`reading connection type "${type}"`, async () => {
    try {
      return await readConnectionTypeSchema(reader, type);
    } catch (error) {
      if (!isMissing(error)) throw error;
      const names = (await readConnectionTypes(reader)).map(({ id }) => id);
      throw new DiagnosticError([
        {
          severity: 'error',
          code: 'unknown-connection-type',
          message: `there is no connection type "${printable(type)}"`,
          hint: didYouMean(type, names) ?? 'polytomic-gitops inspect types lists them',
        },
      ]);
    }
  });
  if (options.json === true) printJson(io, { type, schema });
  else {
    const read = parseTypeSchema(schema);
    if (read === undefined)
      throw failure(
        'type-schema-too-large',
        `the schema of connection type "${printable(type)}" is too large`,
        '--json prints it',
      );
    io.out(
      tableText(
        ['FIELD', 'TYPE', 'REQUIRED', 'NOTES', 'TITLE'],
        [...read.properties].map(([name, { secret, serverKept, choices, types, title }]) => [
          name,
          types.join(' or '),
          yesNo(read.required.includes(name)),
          [
            ...(secret ? ['secret'] : []),
            ...(serverKept ? ['set by the server'] : []),
            ...(choices.length > 0 ? [`one of ${choices.map(({ value }) => asText(value)).join(', ')}`] : []),
          ].join('; '),
          title,
        ]),
      ),
    );
  }
  return exitCodes.ok;
};
