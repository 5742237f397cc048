/** An object is read again before it is touched. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { DiagnosticError } from '../../src/core/diagnostics.js';
import { checkFresh } from '../../src/apply/fresh.js';
import { kindOf } from '../../src/kinds/registry.js';
import { change } from '../support/documents.js';
import { http, memoryWriter } from '../support/writer.js';

const kind = kindOf('Connection');
const seen = { id: 'c1', name: 'db', updated_at: '1', configuration: { hostname: 'h' } };
const update = change('update', 'connection.db', { id: 'c1' });

/** What is told of an object that lives like this now; undefined where nothing is. */
const told = async (
  now: JsonObject | undefined,
  one = update,
  was: JsonObject | undefined = seen,
): Promise<unknown> => {
  try {
    await checkFresh(memoryWriter(now === undefined ? [] : [now]), kind, one, was);
    return undefined;
  } catch (error) {
    return error instanceof DiagnosticError ? error.diagnostics : error;
  }
};
const moved = (message: string) => [
  { severity: 'error', code: 'changed-meanwhile', message: `connection.db: ${message}`, hint: 'plan again' },
];

describe('an object', () => {
  it('that is as it was seen may be touched', async () => {
    expect(await told(seen)).toBeUndefined();
  });

  it('that was touched since, and is the same, too', async () => {
    expect(await told({ ...seen, updated_at: '2' })).toBeUndefined();
    const { updated_at: _, ...untimed } = seen;
    expect(await told(untimed, update, untimed)).toBeUndefined();
  });

  it('is not read as a whole where nobody touched it since', async () => {
    expect(await told({ ...seen, name: 'summaries differ' })).toBeUndefined();
  });

  it('that was changed since is left alone, and who did it is told', async () => {
    const other = { ...seen, updated_at: '2', name: 'x' };
    expect(await told(other)).toEqual(moved('it was changed since the plan was made'));
    expect(await told({ ...other, updated_by: { name: 'E\u001bve' } })).toEqual(
      moved('it was changed since the plan was made by E\\u{1b}ve'),
    );
    for (const updated_by of [null, 'Eve', {}, { name: '' }])
      expect(await told({ ...other, updated_by })).toEqual(moved('it was changed since the plan was made'));
  });

  it('that tells no times is compared', async () => {
    const { updated_at: _, ...untimed } = seen;
    expect(await told({ ...untimed, name: 'x' }, update, untimed)).toEqual(
      moved('it was changed since the plan was made'),
    );
  });

  it('that is gone cannot be updated, and need not be deleted', async () => {
    expect(await told(undefined)).toEqual(moved('it was deleted since the plan was made'));
    expect(await told(undefined, { ...update, action: 'delete' })).toBeUndefined();
  });

  it('that the plan did not see is not read', async () => {
    const writer = memoryWriter();
    await checkFresh(writer, kind, update, undefined);
    expect(writer.read).toEqual([]);
  });

  it('that cannot be read is no reason to go on', async () => {
    const writer = memoryWriter([seen]);
    writer.next('GET', http(500, 'down'), { reason: 'timeout', message: 'too late' });
    await expect(checkFresh(writer, kind, { ...update, action: 'delete' }, seen)).rejects.toThrow('down');
    await expect(checkFresh(writer, kind, { ...update, action: 'delete' }, seen)).rejects.toThrow('too late');
    const broken = { ...writer, get: () => Promise.reject(new Error('a bug')) };
    await expect(checkFresh(broken, kind, { ...update, action: 'delete' }, seen)).rejects.toThrow('a bug');
  });

  it('is asked for by its id, escaped', async () => {
    const writer = memoryWriter();
    writer.next('GET', { data: seen });
    await checkFresh(writer, kind, { ...update, id: 'c/1' }, seen);
    expect(writer.read).toEqual(['/api/connections/c%2F1']);
  });
});
