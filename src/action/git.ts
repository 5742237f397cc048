/** The way into the repository's remote, for the state. */
import { DiagnosticError } from '../core/diagnostics.js';
import type { Secret } from '../core/secret.js';
import { printable } from '../core/text.js';
import type { Environment } from '../load/config.js';
import { git } from '../state/git-command.js';

export interface GitAccess {
  readonly root: string;
  /** `https://github.com`. */
  readonly server: string;
  readonly token: Secret | undefined;
  readonly environment: Environment;
}

/**
 * Variables that let Git into the remote where the checkout left no credentials behind: two of them at once are
 * refused. A checkout that belongs to another user, as in a container, is taken as it is.
 */
export const gitVariables = async ({ root, server, token, environment }: GitAccess): Promise<Environment> => {
  const safe = ['safe.directory', '*'] as const;
  const left = await git(
    ['-c', 'safe.directory=*', 'config', '--get-regexp', String.raw`^http\..*extraheader$`],
    { cwd: root, env: environment },
  ).then(
    (found) => found !== '',
    () => false,
  );
  const header =
    left || token === undefined
      ? []
      : [
          [
            `http.${server}/.extraheader`,
            `AUTHORIZATION: basic ${Buffer.from(`x-access-token:${token.reveal()}`).toString('base64')}`,
          ] as const,
        ];
  const entries = [safe, ...header];
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(entries.length)],
    ...entries.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ]) as Environment;
};

/** Refuses a remote that a manifest's repository could have chosen: the run would go to a stranger's host. */
export const checkRemote = (remote: string): void => {
  if (/^[A-Za-z][\w-]*$/.test(remote)) return;
  throw new DiagnosticError([
    {
      severity: 'error',
      code: 'untrusted-remote',
      message: `the configuration file keeps the state at "${printable(remote)}", which is not the name of a remote`,
      hint: 'in the Action name a remote of the checkout, such as origin, in stateRemote',
    },
  ]);
};
