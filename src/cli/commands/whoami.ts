import { printable } from '../../core/text.js';
import { whoami as ask } from '../../workspace/access.js';
import { exitCodes, type GlobalOptions, type Io } from '../io.js';
import { printJson, settingsFor } from '../session.js';

/** `whoami`: the quickstart's identity call. */
export const whoami = async (io: Io, options: GlobalOptions): Promise<number> => {
  const settings = await settingsFor(io, options);
  const identity = await ask(settings);
  if (options.json === true) printJson(io, { ...identity, url: settings.url, version: settings.version });
  else {
    const { organization, caller, email, role } = identity;
    const lines: readonly (readonly [string, string | undefined])[] = [
      ['organization', `${organization.name} (${organization.id})`],
      ['key of', email === undefined ? `a ${caller}` : `${caller} ${email}`],
      ['role', role],
      ['url', settings.url],
      ['version', settings.version],
    ];
    io.out(
      lines
        .flatMap(([name, value]) =>
          value === undefined ? [] : [`${`${name}:`.padEnd(14)}${printable(value)}\n`],
        )
        .join(''),
    );
  }
  return exitCodes.ok;
};
