/** `status --watch`: the same again and again, on a terminal alone. */
import { expect, it } from 'vitest';
import { shop, workbench, type Workbench } from '../support/workbench.js';

const onTerminal = async (): Promise<{ readonly bench: Workbench; readonly interrupt: () => void }> => {
  const listeners = new Set<() => void>();
  const bench = await workbench(shop, {
    io: {
      outIsTerminal: true,
      onInterrupt: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  });
  expect((await bench.cli('apply', '--yes')).code).toBe(0);
  return {
    bench,
    interrupt: () => {
      for (const listener of listeners) listener();
    },
  };
};

/** What was drawn, one after the other. */
const drawn = (out: string): readonly string[] => out.split('\u001b[2J\u001b[H').slice(1);

it('draws what status says in the place of what it said before, until Ctrl-C', async () => {
  const { bench, interrupt } = await onTerminal();
  const sync = bench.sandbox.list('syncs')[0]?.id ?? '';
  let looks = 0;
  bench.sandbox.failNext({
    path: /status$/,
    slowMs: 1,
    times: 4,
    onHit: () => {
      looks += 1;
      if (looks === 2) bench.sandbox.edit('syncs', sync, { schedule: { frequency: 'hourly', minute: '7' } });
      // An answer that is under way is not waited for.
      if (looks === 4) interrupt();
    },
  });
  const { code, out, err } = await bench.cli('--no-color', 'status', '--watch');
  expect([code, err]).toEqual([130, '']);
  const [first, , last] = drawn(out);
  expect(first).toMatch(/sync\.customers +never ran[^]*\d\d:\d\d:\d\d, every 5 s; Ctrl-C ends\.\n$/);
  expect(last).toMatch(/sync\.customers +drifted/);
});

it('shows what goes wrong later, and looks again; what is wrong from the beginning ends it', async () => {
  const { bench, interrupt } = await onTerminal();
  bench.sandbox.failNext({ path: /status$/, slowMs: 1, times: 1 });
  bench.sandbox.failNext({ path: /status$/, status: 403, body: '{"message":"not now"}', times: 1 });
  bench.sandbox.failNext({ path: /status$/, slowMs: 1, times: 1 });
  bench.sandbox.failNext({
    path: /status$/,
    slowMs: 1,
    onHit: () => {
      interrupt();
    },
  });
  const { code, out } = await bench.cli('--no-color', 'status', '--watch', '1');
  expect(code).toBe(130);
  expect(drawn(out).map((text) => [text.includes('never ran'), text.includes('not now')])).toEqual([
    [true, false],
    [false, true],
    [true, false],
  ]);
  bench.environment['POLYTOMIC_API_KEY'] = 'another';
  expect(await bench.cli('status', '--watch')).toMatchObject({ code: 1, out: '' });
});

it.each([
  [['status', '--watch', '--json'], true, 'exclude each other'],
  [['status', '--watch', '--failing'], true, 'exclude each other'],
  [['status', '--watch'], false, 'standard output is none'],
  [['--env', 'a,b', 'status', '--watch'], true, 'about one environment'],
  [['status', '--watch', 'soon'], true, 'a whole number'],
])('%j where a terminal is there: %j, is a finding', async (args, outIsTerminal, message) => {
  const bench = await workbench(
    { ...shop, 'polytomic.config.yaml': 'environments: { a: {}, b: {} }\n' },
    { io: { outIsTerminal } },
  );
  const { code, out, err } = await bench.cli(...args);
  expect([code, out + err]).toEqual([1, expect.stringContaining(message)]);
});
