/** `inspect objects`: what lives, and which manifest stands for what. Reads only. */
import { printable } from '../../core/text.js';
import { kindCalled, unknownKind } from '../../kinds/names.js';
import { kindOf, kinds } from '../../kinds/registry.js';
import { tableText } from '../../report/table.js';
import { listLive, type ListedObject } from '../../workspace/inspect-objects.js';
import { failure } from '../../workspace/inspect.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { printJson, settingsFor } from '../session.js';

const managed = ({ address, system }: ListedObject): string =>
  system ? '(kept by Polytomic)' : (address ?? '(not managed)');

/** `inspect objects [KIND]`. */
export const objects = async (io: Io, options: GlobalOptions, word?: string): Promise<number> => {
  const settings = await settingsFor(io, options);
  const kind = word === undefined ? undefined : kindCalled(word);
  if (word !== undefined && kind === undefined)
    throw failure('unknown-kind', `there is no kind "${printable(word)}"`, unknownKind(word).hint);
  const listed = await listLive(settings, kind === undefined ? kinds : [kind]);
  if (options.json === true) {
    printJson(io, listed);
    return exitCodes.ok;
  }
  const { refused, unlisted } = listed;
  io.out(
    listed.objects.length === 0
      ? `There are none${kind === undefined ? '' : ` of kind ${kind.name}`}.\n`
      : tableText(
          ['KIND', 'KNOWN BY', 'MANAGED BY', 'ID'],
          listed.objects.map((object) => [
            object.kind,
            object.name,
            managed(object),
            kindOf(object.kind).identity.idless === true ? '' : object.id,
          ]),
        ),
  );
  for (const { kind: name, problem } of refused)
    io.out(`\nNot seen: ${kindOf(name).noun.many} (${printable(problem)}).\n`);
  if (unlisted.length > 0)
    io.out(
      `\nListed nowhere, and shown only where a manifest or the state speaks of them: ${unlisted.join(', ')}.\n`,
    );
  return exitCodes.ok;
};
