/** `explain`: a resource after defaults, overlays and short forms, and where each value was written. No network. */
import type { Address } from '../../core/address.js';
import type { JsonObject } from '../../core/json.js';
import { redact } from '../../core/secret.js';
import { load } from '../../load/load.js';
import { explainText, placesIn } from '../../report/explain-text.js';
import { unknownAddress } from '../../workspace/inspect.js';
import { exitCodes, styleFor, type GlobalOptions, type Io } from '../io.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export const explain = async (
  io: Io,
  options: GlobalOptions,
  ...addresses: readonly string[]
): Promise<number> => {
  const settings = await settingsFor(io, options);
  const { desired, diagnostics } = await load({ ...settings, withoutSecrets: true });
  if (desired === undefined) {
    if (options.json === true) printJson(io, { diagnostics });
    else printDiagnostics(io, options, diagnostics);
    return exitCodes.error;
  }
  const known = desired.resources.map(({ address }) => address);
  const explained = addresses.map((address) => {
    const resource = desired.resources.find((each) => each.address === address);
    if (resource === undefined) throw unknownAddress(address, known);
    return { ...resource, document: redact(resource.document) as JsonObject };
  });
  const placeOf = (address: Address) => (pointer: string) => desired.locate(address, pointer, 'value');
  if (options.json === true)
    printJson(io, {
      resources: explained.map(({ address, document }) => ({
        address,
        document,
        places: placesIn(document, placeOf(address)),
      })),
    });
  else {
    const style = styleFor(io, options, io.outIsTerminal);
    io.out(
      explained
        .map(({ address, document }) => `${style.bold(address)}\n${explainText(document, placeOf(address))}`)
        .join('\n'),
    );
  }
  return exitCodes.ok;
};
