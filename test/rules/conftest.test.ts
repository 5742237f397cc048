/** What docs/rules.md says of `plan --json` for policies of OPA. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isJsonObject, objectsIn, parseJson, type Json } from '../../src/core/json.js';
import { asText } from '../../src/core/text.js';
import { workbench } from '../support/workbench.js';

const connection = (key: string, type = 'postgresql'): string =>
  `kind: Connection\nkey: ${key}\nname: ${key}\ntype: ${type}\nconfiguration: { hostname: h }\n`;

/** What the policy in the document denies, read from its own words: nothing of it but these names is asked for. */
const denied = (plan: Json): readonly string[] => {
  if (!isJsonObject(plan) || plan['environment'] !== 'production') return [];
  return objectsIn(plan['changes'])
    .filter(({ action, step, address }) => ['delete', 'replace'].includes(asText(action)) && step === address)
    .map(({ action, address }) => `${asText(action)} of ${asText(address)} in production`);
};

describe('plan --json, for OPA', () => {
  it('has what the policy in the document asks for', async () => {
    const bench = await workbench({
      'polytomic.config.yaml': 'environments: { production: {}, staging: {} }\n',
      'polytomic/a.yaml': connection('a'),
      'polytomic/b.yaml': connection('b'),
      'polytomic/c.yaml': connection('c'),
    });
    expect((await bench.cli('--env', 'production', 'apply', '--yes')).code).toBe(0);
    await bench.remove('polytomic/a.yaml');
    await bench.write({ 'polytomic/b.yaml': connection('b', 'redshift') });
    const printed = parseJson((await bench.cli('--env', 'production', 'plan', '--json')).out);
    const plan = isJsonObject(printed) ? printed['plan'] : undefined;
    expect(denied(plan ?? null)).toEqual([
      'delete of connection.a in production',
      'replace of connection.b in production',
    ]);
    const document = await readFile(path.join(import.meta.dirname, '../../docs/rules.md'), 'utf8');
    const policy = /```rego\n([^]*?)```/.exec(document)?.[1] ?? '';
    const asked = [...policy.matchAll(/\b(?:change|input\.plan)\.(\w+)/g)].map(([, name]) => name);
    expect(new Set(asked)).toEqual(new Set(['environment', 'changes', 'action', 'step', 'address']));
    const named = ['organization', 'environment', 'changes'];
    expect(named.filter((name) => !isJsonObject(plan) || !(name in plan))).toEqual([]);
    const change = objectsIn(isJsonObject(plan) ? plan['changes'] : undefined).at(-1);
    for (const name of ['address', 'kind', 'name', 'action', 'before', 'after', 'patch', 'place', 'step'])
      expect(change).toHaveProperty(name);
  });
});
