/** The journal: on the disk before the next step. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  journalFile,
  noJournal,
  entriesFor,
  isPast,
  openSteps,
  ownerOf,
  readEntries,
  replaceJournal,
  startJournal,
  type Entry,
  type Started,
} from '../../src/apply/journal.js';
import { address } from '../support/documents.js';

const at = '2026-01-01T00:00:00.000Z';
const started = (step: string, key?: string): Started => ({
  type: 'started',
  step,
  address: address(step),
  kind: 'Connection',
  action: 'create',
  name: step,
  at,
  namesakes: [],
  binding: null,
  ...(key === undefined ? {} : { key }),
});
const done = (step: string): Entry => ({ type: 'done', step, address: address(step), binding: null });
const run = { type: 'run', organization: 'org-1', serial: 3 } as const;
const readJournal = async (file: string, organization: string): Promise<readonly Entry[]> =>
  entriesFor(await readEntries(file), organization);

const fileIn = async (...below: readonly string[]): Promise<string> => {
  const root = await mkdtemp(path.join(tmpdir(), 'polytomic-journal-'));
  onTestFinished(async () => rm(root, { recursive: true, force: true }));
  return path.join(root, ...below);
};

describe('a journal', () => {
  it('is a file of the environment', () => {
    expect(journalFile('/r', undefined)).toBe(path.join('/r', '.polytomic', 'journal', 'default.jsonl'));
    expect(journalFile('/r', 'prod')).toBe(path.join('/r', '.polytomic', 'journal', 'prod.jsonl'));
  });

  it('holds each entry when it is written, in their order, for its owner alone', async () => {
    const file = await fileIn('a', 'b', 'journal.jsonl');
    const journal = await startJournal(file, run, []);
    await Promise.all([journal.write(started('connection.a')), journal.write(done('connection.a'))]);
    expect(await readJournal(file, 'org-1')).toEqual([run, started('connection.a'), done('connection.a')]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await journal.close(false);
  });

  it('stays where the state does not hold all that was done', async () => {
    const file = await fileIn('journal.jsonl');
    const journal = await startJournal(file, run, []);
    await journal.write(done('connection.a'));
    await journal.close(true);
    expect(await readJournal(file, 'org-1')).toEqual([run, done('connection.a')]);
  });

  it('says whose organization it is of', async () => {
    const file = await fileIn('journal.jsonl');
    expect(ownerOf(await readEntries(file))).toBeUndefined();
    expect(ownerOf([done('connection.a')])).toBeUndefined();
    const journal = await startJournal(file, run, []);
    expect(ownerOf(await readEntries(file))).toBe('org-1');
    await journal.close(false);
  });

  it('takes the place of an older one, and keeps what that left open until it is settled', async () => {
    const file = await fileIn('journal.jsonl');
    await writeFile(file, `${JSON.stringify(done('connection.z'))}\n{"type":"started","step":"conn`);
    const open = [started('connection.a', 'key-1'), started('connection.b')];
    const journal = await startJournal(file, run, open);
    expect(await readFile(file, 'utf8')).toBe(
      [run, ...open].map((entry) => `${JSON.stringify(entry)}\n`).join(''),
    );
    await journal.write({ ...done('connection.a'), key: 'key-2' } as Entry);
    await journal.close(false);
    expect(openSteps(await readEntries(file))).toEqual(open);
    const next = await startJournal(file, run, open);
    await next.write({ type: 'failed', step: 'connection.a', key: 'key-1' });
    await next.write(done('connection.b'));
    await next.close(false);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('is brought down to what is open, and is gone without that', async () => {
    const file = await fileIn('a', 'journal.jsonl');
    await replaceJournal(file, run, [started('connection.a')]);
    expect(await readEntries(file)).toEqual([run, started('connection.a')]);
    await replaceJournal(file, run, []);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('forgets after a day: the API knows the key no longer', () => {
    const hour = 60 * 60 * 1000;
    expect(isPast(started('connection.a'), Date.parse(at) + 24 * hour)).toBe(false);
    expect(isPast(started('connection.a'), Date.parse(at) + 25 * hour)).toBe(true);
  });

  it('is gone at the end where nothing is open, and stays where something is', async () => {
    const file = await fileIn('journal.jsonl');
    const first = await startJournal(file, run, []);
    for (const entry of [started('connection.a'), started('connection.b')]) await first.write(entry);
    void first.write(done('connection.a'));
    await first.close(false);
    expect(openSteps(await readJournal(file, 'org-1')).map(({ step }) => step)).toEqual(['connection.b']);
    const second = await startJournal(file, run, []);
    await second.write(started('connection.a'));
    void second.write({ type: 'failed', step: 'connection.a' });
    await second.close(false);
    expect(await readJournal(file, 'org-1')).toEqual([]);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('of another run, which took the lock by force, is left alone', async () => {
    const file = await fileIn('journal.jsonl');
    const first = await startJournal(file, run, []);
    const second = await startJournal(file, run, []);
    await second.write(started('connection.a'));
    await first.close(false);
    expect(await readEntries(file)).toEqual([run, started('connection.a')]);
    await second.close(false);
  });

  it('that cannot be written stops the run', async () => {
    const file = await fileIn('file');
    await writeFile(file, '');
    await expect(startJournal(path.join(file, 'journal.jsonl'), run, [])).rejects.toMatchObject({
      diagnostics: [
        {
          severity: 'error',
          code: 'unwritable-journal',
          message: expect.stringMatching(/^the journal cannot be written \((EEXIST|ENOTDIR)\)$/) as string,
          hint: 'check the folder .polytomic and its permissions',
        },
      ],
    });
  });

  it('is nothing where none is kept', async () => {
    await noJournal.write(run);
    await noJournal.close(false);
  });
});

describe('of a journal is read', () => {
  const readText = async (text: string, organization = 'org-1'): Promise<readonly Entry[]> => {
    const file = await fileIn('journal.jsonl');
    await writeFile(file, text);
    return readJournal(file, organization);
  };

  it('every whole line', async () => {
    const text = [run, started('connection.a')].map((entry) => `${JSON.stringify(entry)}\n`).join('');
    expect(await readText(`${text}{"type":"done","step":"conn`)).toEqual([run, started('connection.a')]);
    expect(await readText(`${text}[]\n{"type":1}\nnull\n"x"\n`)).toHaveLength(2);
  });

  it('nothing, where there is none', async () => {
    expect(await readJournal(await fileIn('journal.jsonl'), 'org-1')).toEqual([]);
  });

  it('nothing that was done to another organization', async () => {
    const text = `${JSON.stringify(run)}\n${JSON.stringify(started('connection.a'))}\n`;
    expect(await readText(text, 'org-2')).toEqual([]);
    expect(await readText(`${JSON.stringify({ ...started('x.y'), organization: 'org-1' })}\n`)).toEqual([]);
  });
});
