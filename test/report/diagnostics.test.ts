import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostics.js';
import { diagnosticsText } from '../../src/report/diagnostics.js';
import { createStyle } from '../../src/report/style.js';
import { tableText } from '../../src/report/table.js';

const finding = (line: number, message = 'the variable x has no value'): Diagnostic => ({
  severity: 'error',
  code: 'unset',
  message,
  hint: 'set it',
  place: { file: 'a.yaml', line, column: 3 },
});

describe('findings', () => {
  it('that say the same of many places are told once, with the first of them and their number', () => {
    const many = Array.from({ length: 30_000 }, (_, index) => finding(index + 1));
    expect(diagnosticsText([...many, finding(7, 'something else')], createStyle(false))).toBe(
      [
        'a.yaml:1:3',
        '  error: the variable x has no value',
        '    also at a.yaml:2:3',
        '    also at a.yaml:3:3',
        '    and 29,997 more; --json lists them all',
        '    hint: set it',
        '    https://polytomic.github.io/polytomic-gitops/findings#unset',
        '',
        'a.yaml:7:3',
        '  error: something else',
        '    hint: set it',
        '    https://polytomic.github.io/polytomic-gitops/findings#unset',
        '',
        '30,001 errors',
        '',
      ].join('\n'),
    );
  });

  it('that are few stand each at its place', () => {
    const text = diagnosticsText([finding(1), finding(2), finding(3)], createStyle(false));
    expect(text.match(/error: the variable/g)).toHaveLength(3);
    expect(text).not.toContain('also at');
  });

  it('without a place are counted', () => {
    const { place: _place, ...bare } = finding(1);
    expect(
      diagnosticsText(
        Array.from({ length: 5 }, () => bare),
        createStyle(false),
      ),
    ).toContain('error: the variable x has no value\n    and 4 more; --json lists them all\n');
  });
});

describe('a table', () => {
  it('is aligned by what letters take on a terminal, not by how they are stored', () => {
    expect(
      tableText(
        ['NAME', 'ID'],
        [
          ['日本', '1'],
          ['e\u0301t\u00e9', '2'],
          ['👩', '3'],
          ['plain', '4'],
        ],
      ),
    ).toBe('NAME   ID\n日本   1\ne\u0301t\u00e9    2\n👩     3\nplain  4\n');
  });
});
