import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DiagnosticError, hasErrors } from '../../core/diagnostics.js';
import { count, printable } from '../../core/text.js';
import { adoptByName, adoptByWish, candidatesFor, type Adoptions, type Wish } from '../../export/adoption.js';
import { readMapping } from '../../export/mapping.js';
import { titleOf } from '../../kinds/identity.js';
import { kindOf } from '../../kinds/registry.js';
import { planText } from '../../report/plan-text.js';
import { planAdoption, prepareAdoption, type AdoptReady } from '../../workspace/adopt.js';
import { openStore } from '../../workspace/stores.js';
import { exitCodes, styleFor, type Io } from '../io.js';
import { locked, type LockedOptions } from '../locked.js';
import { startProgress } from '../progress.js';
import { printDiagnostics, printJson, settingsFor } from '../session.js';

export interface AdoptOptions extends LockedOptions {
  readonly by?: 'name' | 'id';
  /** A file of addresses and ids. */
  readonly mapping?: string;
  readonly yes?: boolean;
}

const fail = (code: string, message: string, hint: string): DiagnosticError =>
  new DiagnosticError([{ severity: 'error', code, message, hint }]);

/** `adopt`: binds manifests to live objects, by a rule or by asking. Polytomic is not changed. */
export const adopt = async (io: Io, options: AdoptOptions, ...operands: string[]): Promise<number> => {
  const wishes = await wishesOf(io, options, operands);
  const settings = await settingsFor(io, options);
  const store = openStore(settings);
  return locked(io, options, { settings, store, purpose: 'adopt' }, async () => {
    const progress = await startProgress(io, 'Reading Polytomic …', options.json === true);
    const ready = await prepareAdoption({ settings, store }).finally(() => progress.stop());
    const chosen =
      wishes !== undefined
        ? adoptByWish(ready, wishes)
        : options.by === 'name'
          ? adoptByName(ready, operands)
          : adoptByWish(ready, await asked(io, ready, operands));
    if (hasErrors(chosen.diagnostics)) throw new DiagnosticError(chosen.diagnostics);
    return bind(io, options, ready, chosen);
  });
};

/** What the command line names; undefined where a name or a person decides. Throws `DiagnosticError`. */
const wishesOf = async (
  io: Io,
  { by, mapping, json, chdir }: AdoptOptions,
  operands: readonly string[],
): Promise<readonly Wish[] | undefined> => {
  if (mapping !== undefined) {
    if (by !== undefined || operands.length > 0)
      throw fail('two-rules', '--mapping says all that is to be adopted', 'leave out --by and the addresses');
    const text = await readFile(path.resolve(io.cwd, chdir ?? '.', mapping), 'utf8').catch(() => {
      throw fail(
        'unreadable-mapping',
        `${printable(mapping)} cannot be read`,
        'check the path that --mapping gives',
      );
    });
    return readMapping(mapping, text);
  }
  if (by === 'id') {
    if (operands.length === 0)
      throw fail('no-pairs', '--by id names nothing', 'write adopt --by id connection.warehouse=ID');
    return operands.map((operand) => {
      const [address = '', id = '', ...more] = operand.split('=');
      if (address === '' || id === '' || more.length > 0)
        throw fail('bad-pair', `${printable(operand)} is no ADDRESS=ID`, 'write connection.warehouse=ID');
      return { address, id };
    });
  }
  if (by === undefined && (io.ask === undefined || json === true))
    throw fail(
      'nobody-to-ask',
      'nobody can be asked what to adopt',
      'add --by name, --by id ADDRESS=ID, or --mapping FILE',
    );
  return undefined;
};

/** Longer lists are no choice. */
const MOST = 5;

const asked = async (io: Io, ready: AdoptReady, only: readonly string[]): Promise<readonly Wish[]> => {
  const wishes: Wish[] = [];
  const taken = new Set<string>();
  for (const resource of ready.unbound) {
    const { address, document } = resource;
    const kind = kindOf(resource.kind);
    if (only.length > 0 && !only.includes(address)) continue;
    const candidates = candidatesFor(resource, ready).filter(({ id }) => !taken.has(id));
    const name = printable(JSON.stringify(titleOf(kind, document)));
    if (candidates.length === 0) {
      io.out(`${address} ${name}: no live ${kind.noun.one} is left to adopt.\n`);
      continue;
    }
    const shown = candidates.slice(0, MOST);
    io.out(`\n${address} ${name} is bound to nothing. Live ${kind.noun.many}:\n`);
    shown.forEach((each, index) =>
      io.out(`  ${index + 1}  ${printable(each.name)}  ${printable(each.id)}\n`),
    );
    if (candidates.length > MOST) io.out(`  … and ${candidates.length - MOST} more, by id\n`);
    for (;;) {
      const answer = ((await io.ask?.('Which? A number, an id, or nothing to go on without: ')) ?? '').trim();
      if (answer === '') break;
      const found = shown[Number(answer) - 1] ?? candidates.find(({ id }) => id === answer);
      if (found === undefined) {
        io.out(`There is no ${printable(answer)} among them.\n`);
        continue;
      }
      taken.add(found.id);
      wishes.push({ address, id: found.id });
      break;
    }
  }
  io.out('\n');
  return wishes;
};

const bind = async (
  io: Io,
  options: AdoptOptions,
  ready: AdoptReady,
  { adoptions, bound, unmatched }: Adoptions,
): Promise<number> => {
  const quiet = options.json === true;
  const pairs = adoptions.map(({ resource: { address }, live: { id } }) => ({ address, id }));
  const rest = { bound, unmatched: unmatched.map(({ address }) => address) };
  if (adoptions.length === 0) {
    if (quiet) printJson(io, { adopted: [], ...rest, diagnostics: ready.diagnostics });
    else io.out(`Nothing to adopt.${unmatchedText(rest.unmatched)}\n`);
    return exitCodes.ok;
  }
  const { state, plan, diagnostics } = await planAdoption(ready, adoptions);
  printDiagnostics(io, options, [...ready.diagnostics, ...diagnostics]);
  if (!quiet) {
    const width = Math.max(...adoptions.map(({ resource: { address } }) => address.length));
    io.out(
      `${adoptions.map(({ resource: { address }, live }) => `= ${address.padEnd(width)}  ${printable(live.name)}  ${printable(live.id)}`).join('\n')}\n`,
    );
    io.out(`\nOnce they are bound, a plan says of them:\n\n`);
    io.out(planText(plan, styleFor(io, options, io.outIsTerminal)));
  }
  if (options.yes !== true) {
    if (io.ask === undefined || quiet)
      throw fail(
        'no-confirmation',
        'nobody can be asked whether to bind these',
        'add --yes where that was reviewed before, as in CI',
      );
    if (
      (await io.ask(`\nBind ${count(adoptions.length, 'manifest')}? Only "yes" is taken: `)).trim() !== 'yes'
    ) {
      io.out('Nothing was bound.\n');
      return exitCodes.error;
    }
  }
  await ready.run.store.write(state);
  if (quiet)
    printJson(io, { adopted: pairs, ...rest, plan, diagnostics: [...ready.diagnostics, ...diagnostics] });
  else
    io.out(
      `\n${count(adoptions.length, 'manifest')} bound. Polytomic was not changed.${unmatchedText(rest.unmatched)}\n`,
    );
  return exitCodes.ok;
};

const unmatchedText = (addresses: readonly string[]): string =>
  addresses.length === 0
    ? ''
    : `\nNo live object bears the name of:\n${addresses.map((address) => `  ${address}`).join('\n')}`;
