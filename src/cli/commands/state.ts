/** `state …` and `force-unlock`: what the state holds, and how to correct it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Address } from '../../core/address.js';
import { DiagnosticError } from '../../core/diagnostics.js';
import { byCodeUnit } from '../../core/json.js';
import { didYouMean } from '../../core/suggest.js';
import { asText, count, printable } from '../../core/text.js';
import { lockText } from '../../state/lock.js';
import { serializeState, withBinding, type Binding, type State } from '../../state/state.js';
import { readState, type StateStore } from '../../state/store.js';
import { settledState } from '../../workspace/journal.js';
import { openStore } from '../../workspace/stores.js';
import { exitCodes, type Io } from '../io.js';
import { locked, type LockedOptions } from '../locked.js';
import { printJson, settingsFor } from '../session.js';

interface StateOptions extends LockedOptions {
  readonly force?: boolean;
}

const fail = (code: string, message: string, hint: string): DiagnosticError =>
  new DiagnosticError([{ severity: 'error', code, message, hint }]);

const open = async (io: Io, options: StateOptions): Promise<StateStore> => {
  const store = openStore(await settingsFor(io, options));
  if (store.durable) return store;
  throw fail('no-state', 'no state is kept', 'set state: file or state: git in the configuration file');
};

const bindingOf = ({ resources }: State, address: string): Binding => {
  const binding = resources[address as Address];
  if (binding !== undefined) return binding;
  throw fail(
    'not-in-state',
    `the state has no ${printable(address)}`,
    didYouMean(address, Object.keys(resources)) ?? 'polytomic-gitops state list shows what it has',
  );
};

/** Changes the state while nobody else does, and says what was done. */
const change = async (
  io: Io,
  options: StateOptions,
  purpose: string,
  work: (state: State) => readonly [State, string],
): Promise<number> => {
  const settings = await settingsFor(io, options);
  const store = await open(io, options);
  return locked(io, options, { settings, store, purpose }, async () => {
    const [next, done] = work(await settledState(settings, store));
    const { serial } = await store.write(next);
    if (options.json === true) printJson(io, { done, serial });
    else io.out(`${done}\n`);
    return exitCodes.ok;
  });
};

const list = async (io: Io, options: StateOptions): Promise<number> => {
  const { resources } = await (await open(io, options)).read();
  const all = Object.entries(resources).sort(([a], [b]) => byCodeUnit(a, b));
  if (options.json === true)
    printJson(io, { resources: all.map(([address, { kind, id }]) => ({ address, kind, id })) });
  else {
    const width = Math.max(0, ...all.map(([address]) => address.length));
    for (const [address, { id }] of all) io.out(`${printable(address).padEnd(width)}  ${printable(id)}\n`);
    if (all.length === 0) io.out('Nothing is bound yet.\n');
  }
  return exitCodes.ok;
};

const show = async (io: Io, options: StateOptions, address = ''): Promise<number> => {
  const { kind, id, applied, secrets } = bindingOf(await (await open(io, options)).read(), address);
  const known = Object.keys(secrets).sort(byCodeUnit);
  if (options.json === true) printJson(io, { address, kind, id, applied, secrets: known });
  else
    io.out(
      stringify({ address, id, kind, applied, 'fingerprints of': known })
        .split('\n')
        .map(printable)
        .join('\n'),
    );
  return exitCodes.ok;
};

const mv = async (io: Io, options: StateOptions, from = '', to = ''): Promise<number> =>
  change(io, options, `state mv ${from} ${to}`, (state) => {
    const binding = bindingOf(state, from);
    const kind = to.slice(0, to.indexOf('.'));
    if (kind !== from.slice(0, from.indexOf('.')) || to.length <= kind.length + 1)
      throw fail(
        'bad-address',
        `${printable(to)} is no address of the same kind`,
        `write ${from.split('.')[0] ?? ''}.KEY`,
      );
    if (state.resources[to as Address] !== undefined)
      throw fail(
        'taken-address',
        `the state has a ${printable(to)} already`,
        `polytomic-gitops state rm ${to} first, if it is of no use`,
      );
    const moved = withBinding(withBinding(state, from as Address, undefined), to as Address, binding);
    return [moved, `Moved ${printable(from)} to ${printable(to)}.`];
  });

const rm = async (io: Io, options: StateOptions, address = ''): Promise<number> =>
  change(io, options, `state rm ${address}`, (state) => {
    const { id } = bindingOf(state, address);
    return [
      withBinding(state, address as Address, undefined),
      `Forgot ${printable(address)}. ${printable(id)} lives on, and is managed no more.`,
    ];
  });

const pull = async (io: Io, options: StateOptions): Promise<number> => {
  io.out(serializeState(await (await open(io, options)).read()));
  return exitCodes.ok;
};

const push = async (io: Io, options: StateOptions, file = ''): Promise<number> => {
  const target = path.resolve(io.cwd, options.chdir ?? '.', file);
  const text = await readFile(target, 'utf8').catch(() => {
    throw fail('unreadable-state', `${printable(file)} cannot be read`, 'check its path');
  });
  const pushed = readState(text, { place: { file, line: 1, column: 1 } });
  return change(io, options, 'state push', (state) => {
    const older = pushed.serial < state.serial;
    const foreign = state.organization !== undefined && pushed.organization?.id !== state.organization.id;
    if (options.force !== true && (older || foreign))
      throw fail(
        'unlike-state',
        older
          ? `${printable(file)} is older than the state that is kept (serial ${pushed.serial}, kept ${state.serial})`
          : `${printable(file)} belongs to organization ${asText(pushed.organization?.id)}, the state that is kept to another one`,
        'add --force, if it is to take its place all the same',
      );
    const number = Object.keys(pushed.resources).length;
    return [{ ...pushed, serial: state.serial }, `The state now has ${count(number, 'binding')}.`];
  });
};

export const stateCommands = { list, show, mv, rm, pull, push };

/** `force-unlock`: removes the lock; with an id, only that one. */
export const forceUnlock = async (io: Io, options: StateOptions, id?: string): Promise<number> => {
  const store = await open(io, options);
  const lock = await store.locked();
  if (lock === undefined) {
    io.out('Nobody holds the lock.\n');
    return exitCodes.ok;
  }
  if (id !== undefined && id !== lock.id)
    throw fail(
      'other-lock',
      `the lock has the id ${lock.id}: ${printable(lockText(lock))}`,
      'give its id, or none',
    );
  await store.unlock(lock.id);
  io.out(`Removed the lock: ${printable(lockText(lock))}.\n`);
  return exitCodes.ok;
};
