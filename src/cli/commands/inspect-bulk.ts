/** `inspect bulk`: what a bulk sync can say of a connection. Reads only. */
import type { BulkDestination, BulkSource } from '../../api/bulk.js';
import { asText, printable } from '../../core/text.js';
import { connection as connectionKind } from '../../kinds/connection.js';
import { tableText, yesNo } from '../../report/table.js';
import { bulkEnds, bulkSchema } from '../../workspace/inspect-bulk.js';
import { failure, findObject, readerFor } from '../../workspace/inspect.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { bulkSyncYaml } from '../inspect-yaml.js';
import { printJson, settingsFor } from '../session.js';

export interface BulkOptions extends GlobalOptions {
  readonly yaml?: boolean;
  readonly to?: string;
}

const sourceText = ({ schemas, trackingFields }: BulkSource): string => {
  const named = schemas.some(({ id, name }) => name !== id);
  return `As a source${trackingFields === false ? ', without tracking fields' : ''}:\n${tableText(
    ['SCHEMA', ...(named ? ['NAME'] : [])],
    schemas.map(({ id, name }) => [id, ...(named ? [name] : [])]),
  )}`;
};

const destinationText = ({ modes, options, resyncModes, history }: BulkDestination): string =>
  [
    `As a destination:\n${tableText(
      ['MODE', 'NEEDS KEYS', 'WHAT IT DOES'],
      modes.map(({ mode, requiresIdentity, description, label }) => [
        mode,
        yesNo(requiresIdentity),
        description === '' ? label : description,
      ]),
    )}`,
    ...(options.length === 0
      ? []
      : [
          tableText(
            ['CONFIGURATION', 'REQUIRED', 'DEFAULT'],
            options.map(({ name, required, preset }) => [name, yesNo(required), asText(preset)]),
          ),
        ]),
    ...(resyncModes === undefined && history === undefined
      ? []
      : [
          `${resyncModes === undefined ? '' : `Resync modes: ${printable(resyncModes.join(', '))}\n`}${
            history === undefined ? '' : `History tables: ${yesNo(history)}\n`
          }`,
        ]),
  ].join('\n');

/** `inspect bulk CONNECTION [SCHEMA]`. */
export const bulk = async (io: Io, options: BulkOptions, word = '', schema?: string): Promise<number> => {
  const settings = await settingsFor(io, options);
  const reader = await readerFor(settings);
  const pace = settings.jobInterval === undefined ? {} : { interval: settings.jobInterval };
  const connection = await findObject(settings, reader, connectionKind, word);
  const ends = await bulkEnds(reader, connection, pace);
  const chosen = schema === undefined ? undefined : await bulkSchema(reader, connection, schema);
  if (options.yaml === true) {
    if (ends.source === undefined)
      throw failure(
        'no-source',
        'a bulk sync reads from a source, and this connection is none',
        'name the source, and this one with --to',
      );
    const to =
      options.to === undefined ? undefined : await findObject(settings, reader, connectionKind, options.to);
    const { destination } = to === undefined ? {} : await bulkEnds(reader, to, pace);
    if (to !== undefined && destination === undefined)
      throw failure('no-target', `a bulk sync cannot write to ${printable(options.to ?? '')}`);
    const target = to === undefined || destination === undefined ? undefined : { ...to, destination };
    io.out(bulkSyncYaml(connection, chosen === undefined ? ends.source.schemas : [chosen], target));
  } else if (options.json === true)
    printJson(io, { connection: connection.name, ...(chosen === undefined ? ends : { schema: chosen }) });
  else if (chosen !== undefined)
    io.out(
      tableText(
        ['FIELD', 'TYPE', 'KEY', 'LABEL'],
        (chosen.fields ?? []).map(({ id, type, key, name }) => [
          id,
          type,
          key ? 'yes' : '',
          name === id ? '' : name,
        ]),
      ),
    );
  else
    io.out(
      [
        ...(ends.source === undefined ? [] : [sourceText(ends.source)]),
        ...(ends.destination === undefined ? [] : [destinationText(ends.destination)]),
      ].join('\n'),
    );
  return exitCodes.ok;
};
