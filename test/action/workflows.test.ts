/** Workflows that people copy, and those of this repository: checked by actionlint, and by GitHub's own parser. */
import { describe, expect, it } from 'vitest';
import { isMap, parseDocument, visit } from 'yaml';
import { starterFiles } from '../../src/cli/starter.js';
import { filesOf } from '../support/files.js';
import { actionlint, githubParser } from '../support/linters.js';
import { readAction } from '../support/runner.js';

const workflows: readonly (readonly [file: string, text: string])[] = [
  ...filesOf('examples/workflows/*.yml', '.github/workflows/*.yml').filter(
    ([file]) => !file.endsWith('gitlab-ci.yml'),
  ),
  ...Object.entries(starterFiles).filter(([file]) => file.startsWith('.github/')),
];

const single = filesOf('examples/workflows/single.yml')[0]![1];

/** Blocks of YAML in what people read. */
const blocks = filesOf('*.md', 'docs/**/*.md', 'examples/**/*.md').flatMap(([file, text]) =>
  [...text.matchAll(/^```ya?ml\n(.*?)^```/gms)].map(([, block = '']) => [file, block] as const),
);

describe('a workflow', () => {
  it.each(workflows)('%s is one that GitHub takes', async (file, text) => {
    expect(await actionlint(file, text)).toEqual([]);
    expect(await githubParser(file, text)).toEqual([]);
  });

  it.each(workflows.filter(([, text]) => text.includes('uses: ')))(
    '%s pins what it uses by commit, and says the version',
    (_file, text) => {
      const used = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, value = '']) => value);
      const others = used.filter((value) => !value.startsWith('polytomic/polytomic-gitops@'));
      expect(others.length).toBeGreaterThan(0);
      for (const value of others) expect(value).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+/);
    },
  );

  it('is refused by both where it is wrong', async () => {
    const wrong = single.replace('secrets.POLYTOMIC_API_KEY', 'secret.POLYTOMIC_API_KEY');
    expect(await actionlint('x.yml', wrong)).toEqual([
      expect.stringMatching(/^x\.yml:\d+:\d+: undefined variable "secret"/),
    ]);
    expect(await githubParser('x.yml', wrong)).toEqual([
      expect.stringContaining("Unrecognized named-value: 'secret'"),
    ]);
    expect(await githubParser('x.yml', single.replace('queue: max', 'queue: long'))).toEqual([
      expect.stringContaining("Unexpected value 'long'"),
    ]);
  });

  it('that init writes is the one for one organization', () => {
    expect(starterFiles['.github/workflows/polytomic.yml']).toBe(single);
  });

  it('for one organization is read at a glance', () => {
    expect(single.trimEnd().split('\n').length).toBeLessThanOrEqual(36);
  });
});

describe('action.yml', () => {
  const text = filesOf('action.yml')[0]![1];

  it('is one that GitHub takes', async () => {
    expect(await githubParser('action.yml', text)).toEqual([]);
    expect(await githubParser('action.yml', text.replace('main:', 'mian: x\n  main:'))).toEqual([
      expect.stringContaining("Unexpected value 'mian'"),
    ]);
  });

  /** What the steps of a workflow hand to the Action, and take from it. */
  const usesOf = (workflow: string): { readonly inputs: string[]; readonly outputs: string[] } => {
    const inputs: string[] = [];
    const outputs: string[] = [];
    visit(parseDocument(workflow), {
      Map: (_key, map) => {
        const uses = map.get('uses');
        if (typeof uses !== 'string' || !uses.includes('/polytomic-gitops@')) return;
        const given = map.get('with');
        if (isMap(given)) inputs.push(...given.items.map(({ key }) => String(key)));
        const id = String(map.get('id'));
        for (const [, output = ''] of workflow.matchAll(
          new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'),
        ))
          outputs.push(output);
      },
    });
    return { inputs, outputs };
  };

  it.each([...workflows, ...blocks].filter(([, each]) => /uses: \S*\/polytomic-gitops@/.test(each)))(
    'has the inputs and outputs that %s names',
    async (_file, each) => {
      const action = await readAction();
      const { inputs, outputs } = usesOf(each);
      expect(inputs).not.toEqual([]);
      expect(inputs.filter((name) => !(name in action.inputs))).toEqual([]);
      expect(outputs.filter((name) => !(name in action.outputs))).toEqual([]);
    },
  );
});
