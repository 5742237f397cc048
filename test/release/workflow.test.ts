/** What a release may do: the rights of its workflow, and how its image is made. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { filesOf } from '../support/files.js';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const text = filesOf('.github/workflows/release.yml')[0]![1];
const workflow = parse(text) as Workflow;
const jobs = Object.entries(workflow.jobs);
const needs = (name: string): readonly string[] => [workflow.jobs[name]?.needs ?? []].flat();

describe('the workflow of releases', () => {
  it('runs for tags of releases alone, with no right but those of each job', () => {
    expect(workflow.on).toEqual({ push: { tags: ['release/v*'] } });
    expect(workflow.permissions).toEqual({});
    expect(Object.fromEntries(jobs.map(([name, { permissions }]) => [name, permissions]))).toEqual({
      check: { contents: 'read' },
      pack: { contents: 'read' },
      npm: { 'id-token': 'write' },
      image: { contents: 'read', packages: 'write' },
      github: { contents: 'write' },
    });
  });

  it('publishes nothing before everything has passed, and npm after somebody agreed', () => {
    expect(needs('npm')).toEqual(['check', 'pack']);
    expect(needs('image')).toEqual(['npm']);
    expect(needs('github')).toEqual(['npm', 'image']);
    expect(workflow.jobs['npm']?.environment).toBe('release');
    expect(workflow.jobs['check']?.steps.map(({ run }) => run)).toContain('.ci/run');
  });

  it('runs none of the sources, nor an install, where npm trusts it', () => {
    const { steps } = workflow.jobs['npm']!;
    expect(steps.some(({ uses }) => uses?.startsWith('actions/checkout@') === true)).toBe(false);
    const run = steps.map(({ run: each }) => each ?? '').join('\n');
    expect(run).not.toMatch(/npm (ci|install|run)|npx/);
    expect(run).toContain('sha256sum --check SHA256SUMS');
    expect(run).toContain('--provenance');
  });

  it('has no expression in a script, no cache, and credentials only where it pushes', () => {
    for (const [name, { steps }] of jobs)
      for (const { run, uses, with: given } of steps) {
        expect(run ?? '').not.toContain('${{');
        expect(given ?? {}).not.toHaveProperty('cache');
        if (uses?.startsWith('actions/checkout@') === true && name !== 'github')
          expect(given).toMatchObject({ 'persist-credentials': false });
      }
  });
});

describe('the image', () => {
  const lines = filesOf('Containerfile')[0]![1]
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const instructions = lines.map((line) => {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    return { name, rest };
  });
  const of = (wanted: string): readonly string[] =>
    instructions.filter(({ name }) => name === wanted).map(({ rest }) => rest);

  it('is made of pinned bases, and of one archive of the release', () => {
    for (const base of of('FROM'))
      expect(base).toMatch(/^docker\.io\/library\/alpine:\d+\.\d+\.\d+@sha256:[0-9a-f]{64}( AS \w+)?$/);
    expect(new Set(of('FROM').map((base) => base.split(' ')[0])).size).toBe(1);
    expect(of('ADD')).toEqual([]);
    expect(of('COPY')).toEqual([
      'polytomic-gitops-${VERSION}.tgz /tmp/package.tgz',
      '--from=package /package /opt/polytomic-gitops',
    ]);
  });

  it('runs the command line, not as root', () => {
    const order = instructions.map(({ name }) => name);
    expect(of('USER')).toEqual(['10001:10001']);
    expect(order.lastIndexOf('RUN')).toBeLessThan(order.indexOf('USER'));
    expect(of('ENTRYPOINT')).toEqual(['["polytomic-gitops"]']);
  });

  it('downloads nothing but packages of its base', () => {
    for (const run of of('RUN')) expect(run).not.toMatch(/https?:|curl|wget|npm /);
  });
});
