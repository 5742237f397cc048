/** The journal: on the disk before the next step. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  journalFile,
  noJournal,
  openSteps,
  ownerOf,
  readEntries,
  readJournal,
  startJournal,
  type Entry,
} from '../../src/apply/journal.js';
import { address } from '../support/documents.js';

const started = (step: string): Extract<Entry, { type: 'started' }> => ({
  type: 'started',
  step,
  address: address(step),
  kind: 'Connection',
  action: 'create',
  name: step,
  namesakes: [],
  binding: null,
});
const done = (step: string): Entry => ({ type: 'done', step, address: address(step), binding: null });
const run: Entry = { type: 'run', organization: 'org-1', serial: 3 };

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
    const journal = await startJournal(file);
    await Promise.all([journal.write(run), journal.write(started('connection.a'))]);
    expect(await readJournal(file, 'org-1')).toEqual([run, started('connection.a')]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await journal.close(false);
  });

  it('stays where the state does not hold all that was done', async () => {
    const file = await fileIn('journal.jsonl');
    const journal = await startJournal(file);
    await journal.write(run);
    await journal.write(done('connection.a'));
    await journal.close(true);
    expect(await readJournal(file, 'org-1')).toEqual([run, done('connection.a')]);
  });

  it('says whose organization it is of, whatever stands before the run', async () => {
    const file = await fileIn('journal.jsonl');
    expect(ownerOf(await readEntries(file))).toBeUndefined();
    const journal = await startJournal(file);
    await journal.write(done('connection.a'));
    expect(ownerOf(await readEntries(file))).toBeUndefined();
    await journal.write(run);
    expect(ownerOf(await readEntries(file))).toBe('org-1');
    await journal.close(false);
  });

  it('takes the place of an older one', async () => {
    const file = await fileIn('journal.jsonl');
    await writeFile(file, `${JSON.stringify(done('connection.z'))}\n`);
    const journal = await startJournal(file);
    await journal.write(run);
    expect(await readFile(file, 'utf8')).toBe(`${JSON.stringify(run)}\n`);
    await journal.close(false);
  });

  it('is gone at the end where nothing is open, and stays where something is', async () => {
    const file = await fileIn('journal.jsonl');
    const first = await startJournal(file);
    for (const entry of [run, started('connection.a'), started('connection.b')]) await first.write(entry);
    void first.write(done('connection.a'));
    await first.close(false);
    expect(openSteps(await readJournal(file, 'org-1')).map(({ step }) => step)).toEqual(['connection.b']);
    const second = await startJournal(file);
    for (const entry of [run, started('connection.a')]) await second.write(entry);
    void second.write({ type: 'failed', step: 'connection.a' });
    await second.close(false);
    expect(await readJournal(file, 'org-1')).toEqual([]);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  it('that cannot be written stops the run', async () => {
    const file = await fileIn('file');
    await writeFile(file, '');
    await expect(startJournal(path.join(file, 'journal.jsonl'))).rejects.toMatchObject({
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
