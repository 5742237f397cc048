import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/plan/plan.js';
import { dotText } from '../../src/report/graph-dot.js';
import { cutGraph, graphOf, labelText, mermaidText, type Graph } from '../../src/report/graph.js';
import { connection, loadFiles, model, sync } from '../load/repository.js';
import { hostileName, named } from './hostile.js';

const resources = async (): Promise<Parameters<typeof graphOf>[0]['resources']> => {
  const { desired } = await loadFiles({
    'polytomic/a.yaml': [
      connection('db'),
      connection('lake'),
      model('people'),
      model('teams').replace('connection: db', 'connection: lake'),
      sync('people').replace('fields: []', 'fields: [{ source: people.email, target: EMAIL }]'),
      sync('teams').replace('connection: db', 'connection: { name: elsewhere }'),
    ].join('---\n'),
  });
  return desired!.resources;
};

const plan = (...changes: readonly object[]): Plan =>
  ({
    changes: changes.map((change) => ({ step: (change as { address: string }).address, ...change })),
  }) as never;

const addresses = ({ nodes }: Graph): readonly string[] => nodes.map(({ address }) => address);
const arrows = ({ edges }: Graph): readonly string[] => edges.map(({ from, to }) => `${from} > ${to}`);

describe('a graph', () => {
  it('has a node for each resource, by kind, and an edge for each reference by key', async () => {
    const graph = graphOf({ resources: await resources() });
    expect(graph.nodes[0]).toEqual({ address: 'connection.db', kind: 'Connection', name: 'db' });
    expect(addresses(graph)).toEqual([
      'connection.db',
      'connection.lake',
      'model.people',
      'model.teams',
      'sync.people',
      'sync.teams',
    ]);
    expect(arrows(graph)).toEqual([
      'model.people > connection.db',
      'model.teams > connection.lake',
      'sync.people > connection.db',
      'sync.people > model.people',
    ]);
  });

  it('takes actions from a plan, and adds what has no manifest any more, with what it referred to', async () => {
    const gone = {
      address: 'sync.gone',
      kind: 'Sync',
      name: 'Gone',
      action: 'delete',
      // In the form of comparison: fields by their target.
      before: {
        fields: { EMAIL: { source: { model: 'teams', field: 'email' } } },
        target: { connection: 'lake' },
      },
    };
    const old = {
      address: 'connection.db',
      step: 'connection.db (old)',
      kind: 'Connection',
      action: 'delete',
    };
    const graph = graphOf({
      resources: await resources(),
      plan: plan({ address: 'connection.db', kind: 'Connection', name: 'db', action: 'replace' }, gone, old),
    });
    expect(
      graph.nodes.flatMap(({ address, action }) => (action === undefined ? [] : [[address, action]])),
    ).toEqual([
      ['connection.db', 'replace'],
      ['sync.gone', 'delete'],
    ]);
    expect(arrows(graph).slice(-2)).toEqual(['sync.gone > connection.lake', 'sync.gone > model.teams']);
  });

  it('keeps what changes and its direct neighbours on request', async () => {
    const graph = graphOf({
      resources: await resources(),
      plan: plan({ address: 'model.people', action: 'update' }),
      changesOnly: true,
    });
    expect(addresses(graph)).toEqual(['connection.db', 'model.people', 'sync.people']);
    expect(graph.omitted).toBe(0);
  });

  it('cuts off the least interesting, and counts it', async () => {
    const all = { resources: await resources(), plan: plan({ address: 'sync.teams', action: 'create' }) };
    expect(graphOf({ ...all, most: 1 })).toEqual({
      nodes: [{ address: 'sync.teams', kind: 'Sync', name: 'teams', action: 'create' }],
      edges: [],
      omitted: 5,
    });
    expect(cutGraph(graphOf({ ...all, most: 4 }), 2)).toMatchObject({ omitted: 4 });
  });
});

describe('a label', () => {
  it('is short, on one line, and shows what is invisible', () => {
    expect(labelText('a\nb\u202ec')).toBe('a\\u{a}b\\u{202e}c');
    expect(Array.from(labelText('😀'.repeat(300)))).toHaveLength(48);
    expect(labelText('\ud800')).toBe('\ufffd');
  });
});

describe('Mermaid text', () => {
  it('reads as the golden file', async () => {
    const graph = graphOf({
      resources: await resources(),
      plan: plan(
        { address: 'connection.lake', action: 'update' },
        { address: 'sync.people', action: 'create' },
        {
          address: 'model.gone',
          kind: 'Model',
          name: 'Gone: "x"',
          action: 'delete',
          before: { connection: 'db' },
        },
      ),
      most: 6,
    });
    await expect(mermaidText(graph)).toMatchFileSnapshot('golden/graph.mmd');
  });

  it('holds nothing of a hostile name but letters and digits, so that Markdown around it stays whole', () => {
    fc.assert(
      fc.property(fc.array(hostileName, { minLength: 1, maxLength: 5 }), (names) => {
        const lines = mermaidText(named(names))
          .split('\n')
          .slice(1, names.length + 1);
        for (const line of lines)
          expect(line).toMatch(/^ {2}n\d+\[\("([\p{L}\p{N}\p{M} ]|#\d+;|<br\/>)*"\)\]:::(none|create)$/u);
      }),
    );
  });

  it('is never more than GitHub draws', () => {
    const many = named(Array.from({ length: 3000 }, (_, index) => `${'😀'.repeat(40)}${index}`));
    const hub = many.nodes[0]!.address;
    const text = mermaidText({
      ...many,
      edges: many.nodes.slice(1).map(({ address }) => ({ from: address, to: hub })),
    });
    expect(text.length).toBeLessThanOrEqual(50_000);
    expect(text.match(/-->/g)!.length).toBeLessThanOrEqual(500);
    expect(text).toMatch(/omitted\["and 2#44;\d+ more resources"\]/);
    expect(mermaidText(named([]))).toBe('flowchart LR\n');
  });
});

describe('DOT text', () => {
  it('reads as the golden file', () => {
    const graph = named(['Warehouse', 'a "b" \\N & <c>\nd', '😀']);
    const text = dotText({ ...graph, omitted: 1200 });
    expect(text).toContain('"a \\"b\\" \\\\N &amp; <c>\\\\u{a}d\\nconnection.c_1-x"');
    return expect(text).toMatchFileSnapshot('golden/graph.dot');
  });

  it('has balanced quotes whatever the names', () => {
    fc.assert(
      fc.property(fc.array(hostileName, { minLength: 1, maxLength: 4 }), (names) => {
        for (const line of dotText(named(names))
          .split('\n')
          .filter((each) => each.includes('shape=')))
          expect(line).toMatch(
            /^ {2}"[\w.-]+" \[label="([^"\\\n]|\\["\\n])*", shape=cylinder(, \w+="#\w+")+\];$/u,
          );
      }),
    );
  });
});
