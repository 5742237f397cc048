/** Files of rules that are wrong, or that somebody wrote to do harm. */
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostics.js';
import { shop, workbench } from '../support/workbench.js';

const config = { 'polytomic.config.yaml': 'rules: [rules/**/*.yaml]\n' };

const findings = async (text: string): Promise<readonly Diagnostic[]> => {
  const bench = await workbench({ ...shop, ...config, 'rules/a.yaml': text });
  const { code, out } = await bench.cli('validate', '--json');
  const { diagnostics } = JSON.parse(out) as { diagnostics: readonly Diagnostic[] };
  expect(code).toBe(diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0);
  return diagnostics;
};

const rule = (require: string, more = ''): string => `kind: Rule\nname: a\nrequire: ${require}\n${more}`;

describe('a file of rules', () => {
  it.each([
    [
      'kind: Rule\nname: A rule\nrequire: { resource: true }\n',
      '2:7',
      'name cannot be "A rule"',
      'use small letters',
    ],
    ['kind: Rule\nname: a\n', '1:1', 'the field "require" is missing', 'add require'],
    [rule('{}'), '3:10', 'the rule requires nothing', 'add one of: resource'],
    [
      rule('{ resource: true, plan: { deletes: 0 } }'),
      '3:28',
      'the rule requires more than one thing',
      'two rules',
    ],
    [
      rule('{ resource: { proprties: {} } }'),
      '3:24',
      'unknown field "proprties"',
      'did you mean "properties"?',
    ],
    [rule('{ resource: { type: strng } }'), '3:30', 'type cannot be "strng"', 'did you mean "string"?'],
    [rule('{ resource: { anyOf: [{ type: 5 }] } }'), '3:40', 'type must be text or a list', ''],
    [rule('{ resource: { anyOf: x } }'), '3:31', 'anyOf must be a list', ''],
    [rule('{ resource: { pattern: "(?=x)" } }'), '3:33', 'is no regular expression of RE2', 'look-around'],
    [
      rule('{ resource: { patternProperties: { "a\\\\1(": true } } }'),
      '3:45',
      'is no regular expression',
      '',
    ],
    [rule('{ resource: { $ref: "https://evil.example/x" } }'), '3:30', '$ref cannot be', 'it has to match'],
    [rule('{ resource: { $ref: "#/$defs/x" } }'), '3:30', 'the reference leads nowhere', '$defs'],
    [
      rule('{ resource: true }', 'match: { kind: Snc }\n'),
      '4:16',
      'there is no kind "Snc"',
      'did you mean "Sync"?',
    ],
    [
      rule('{ resource: true }', 'match: { action: create }\n'),
      '4:10',
      'action chooses changes',
      'leave action out',
    ],
    [
      rule('{ change: true }', 'match: { action: craete }\n'),
      '4:18',
      'action cannot be "craete"',
      'did you mean "create"?',
    ],
    [
      rule('{ resource: true }', 'match: { environment: prod }\n'),
      '4:23',
      'no environment "prod"',
      'add it under environments',
    ],
    [
      rule('{ resource: true }', 'link: javascript:alert(1)\n'),
      '4:7',
      'link cannot be',
      'begins with https://',
    ],
    [rule('{ resource: true }', 'until: 2026-13-01\n'), '4:8', 'until cannot be', 'YYYY-MM-DD'],
    [rule('{ plan: { deletes: -1 } }'), '3:29', 'deletes', ''],
    [rule('{ plan: {} }'), '3:18', 'the rule limits nothing', ''],
    [rule('{ approval: {} }'), '3:22', 'the rule needs nobody', ''],
    ['kind: Sync\nkey: a\n', '1:1', 'the document is no rule', 'manifests lie in other files'],
    [
      `${rule('{ resource: true }')}---\n${rule('{ resource: true }')}`,
      '6:7',
      'a second rule a',
      'another name',
    ],
    ['kind: Rule\n  name: [\n', '1:7', '', ''],
  ])('%j is told at %s', async (text, at, message, hint) => {
    const [first] = await findings(text);
    expect(`${first?.place?.line ?? 0}:${first?.place?.column ?? 0}`).toBe(at);
    expect([first?.place?.file, first?.message, first?.hint ?? '']).toEqual([
      'rules/a.yaml',
      expect.stringContaining(message),
      expect.stringContaining(hint),
    ]);
  });

  it('that would never end is told, and ends', async () => {
    const defs = Array.from(
      { length: 60 },
      (_, at) => `s${at}: { allOf: [{ $ref: "#/$defs/s${at + 1}" }, { $ref: "#/$defs/s${at + 1}" }] }`,
    ).join(', ');
    const begin = performance.now();
    expect(
      await findings(rule(`{ resource: { $ref: "#/$defs/s0", $defs: { ${defs}, s60: true } } }`)),
    ).toMatchObject([
      { severity: 'error', code: 'rules-too-costly', place: { file: 'rules/a.yaml', line: 2 } },
    ]);
    expect(performance.now() - begin).toBeLessThan(30_000);
  });

  it('sees no property that a map does not have itself, and sets none', async () => {
    const text = rule(
      '{ resource: { properties: { constructor: false, toString: false, hasOwnProperty: false } } }',
    );
    expect(await findings(text)).toEqual([]);
    expect(
      await findings(rule('{ resource: { required: [constructor] } }', 'match: { kind: Model }\n')),
    ).toMatchObject([{ message: 'a: it has no constructor' }]);
    expect(
      await findings('kind: Rule\nname: a\n__proto__: { polluted: true }\nrequire: { resource: true }\n'),
    ).toMatchObject([{ code: 'forbidden-key' }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('prints nothing that a terminal obeys', async () => {
    const bench = await workbench({
      ...shop,
      ...config,
      'rules/a.yaml': rule('{ resource: { properties: { name: false } } }', 'message: "\\e[31mred\\u202e"\n'),
    });
    const { err } = await bench.cli('validate');
    expect(err).toContain('\\u{1b}[31mred\\u{202e}');
    expect(err).not.toContain('\u001b');
  });

  it('is a file of the repository, and no link', async () => {
    const bench = await workbench({ ...shop, ...config, 'rules/a.yaml': rule('{ resource: true }') });
    await symlink('/etc/passwd', path.join(bench.root, 'rules/b.yaml'));
    await mkdir(path.join(bench.root, 'rules/c.yaml'));
    expect((await bench.cli('rules')).out).toContain('\n1 rule.\n');
  });

  it('that is not there, or too many, is told', async () => {
    const none = await workbench({ ...shop, ...config });
    expect((await none.cli('validate')).err).toContain('no rule is found: no file matches rules/**/*.yaml');
    const many = Array.from({ length: 1001 }, () => rule('{ resource: true }')).join('---\n');
    expect(await findings(many)).toMatchObject([{ code: 'too-many-rules' }]);
  });

  it('among the manifests is told where it belongs', async () => {
    const bench = await workbench({ ...shop, 'polytomic/rule.yaml': rule('{ resource: true }') });
    expect((await bench.cli('validate')).err).toContain('hint: rules have files of their own');
  });
});
