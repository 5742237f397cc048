/** Lines of a run's log as what is told of them. What the files hold is not documented: several forms are read. */
import { describe, expect, it } from 'vitest';
import { consoleLines, errorRecordsOf } from '../../src/live/logs.js';

const careful = { records: false, names: ['EMAIL', 'customers'] };

const told = (line: unknown, hold: 'errors' | 'anything' = 'errors'): readonly string[] =>
  errorRecordsOf(typeof line === 'string' ? line : JSON.stringify(line), hold, careful).map(
    ({ field, message, record }) => {
      expect(record).toBeUndefined();
      return `${field ?? '-'}: ${message}`;
    },
  );

describe('an error record', () => {
  it.each([
    [{ error: 'name is too long', values: { name: 'Ana' } }, ['name: name is too long']],
    [{ error: { message: 'Ana is too long', field: 'name' }, name: 'Ana' }, ['name: … is too long']],
    // A field that nothing else names may be a value.
    [{ error: { message: 'no', field: 'Ana' } }, ['-: no']],
    [{ error: { message: 'no', field: 'EMAIL' } }, ['EMAIL: no']],
    [{ error: { message: 'Bo is odd', value: 'Bo' } }, ['-: … is odd']],
    [{ errors: ['a Bo', { message: 'b Bo' }], row: ['Bo'] }, ['-: a …; b …']],
    [{ error_message: 'no', message: 'a column of the row' }, ['-: no']],
    // A column may be called as anything.
    [{ message: 'Ana', field: 'Bo' }, ['-: left out, and the log does not say why']],
    [{ error: true }, ['-: left out, and the log does not say why']],
    [
      [{ error: 'a' }, { error: 'b' }],
      ['-: a', '-: b'],
    ],
    ['Ana,Bo,Cy', ['-: a line that is no JSON']],
    ['"Ana"', ['-: a line that is no JSON']],
    [`${'['.repeat(300)}${']'.repeat(300)}`, ['-: a line that is no JSON']],
  ])('%j', (line, expected) => {
    expect(told(line)).toEqual(expected);
  });

  it('of a file of anything is what says an error', () => {
    expect(told({ record: 1, values: { name: 'Ana' } }, 'anything')).toEqual([]);
    expect(told('Ana', 'anything')).toEqual([]);
    expect(told({ error: 'no', values: { name: 'Ana' } }, 'anything')).toEqual(['-: no']);
  });

  it('is as it stands there, where that is asked for', () => {
    const line = { error: 'Ana is odd', values: { name: 'Ana' } };
    const all = { ...careful, records: true };
    expect(errorRecordsOf(JSON.stringify(line), 'errors', all)).toEqual([
      { message: 'Ana is odd', record: line },
    ]);
    expect(errorRecordsOf('Ana', 'anything', all)).toEqual([
      { message: 'a line that is no JSON', record: 'Ana' },
    ]);
  });
});

it('lines of a console are in the order of their time, or of the answer, the newest of which is first', () => {
  const entry = (message: string, timestamp?: string): object => ({
    message,
    ...(timestamp && { timestamp }),
  });
  const order = (...entries: readonly object[]): readonly string[] =>
    consoleLines(JSON.parse(JSON.stringify({ entries })) as never, careful).map(({ message }) => message);
  expect(order(entry('c'), entry('b'), entry('a'))).toEqual(['a', 'b', 'c']);
  expect(
    order(
      entry('b', '2026-01-01T00:00:02Z'),
      entry('c', '2026-01-01T00:00:03Z'),
      entry('a', '2026-01-01T00:00:01Z'),
    ),
  ).toEqual(['a', 'b', 'c']);
  expect(consoleLines(null, careful)).toEqual([]);
});
