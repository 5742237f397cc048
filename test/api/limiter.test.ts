import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createWriter } from '../../src/api/client.js';
import { dialectOf } from '../../src/api/versions.js';
import { createLimiter, type Verdict } from '../../src/api/limiter.js';
import { Secret } from '../../src/core/secret.js';
import { startSandbox } from '../../src/sandbox/index.js';

const borne: Verdict = { load: 'borne' };
const refused: Verdict = { load: 'refused', pause: 0 };

describe('the limiter', () => {
  it('begins with half, and opens with each success', async () => {
    const limiter = createLimiter({ most: 8 });
    expect(limiter.width()).toBe(4);
    for (const width of [5, 6, 7, 8, 8]) {
      await limiter.run(
        async () => Promise.resolve(),
        () => borne,
      );
      expect(limiter.width()).toBe(width);
    }
  });

  it('halves on a refusal, once for all that were under way together, and opens slowly after it', async () => {
    const limiter = createLimiter({ most: 8 });
    const together = [1, 2, 3, 4].map(async () =>
      limiter.run(
        async () => sleep(5),
        () => refused,
      ),
    );
    await Promise.all(together);
    expect(limiter.width()).toBe(2);
    await limiter.run(
      async () => Promise.resolve(),
      () => borne,
    );
    expect(limiter.width()).toBe(2);
    await limiter.run(
      async () => Promise.resolve(),
      () => borne,
    );
    await limiter.run(
      async () => Promise.resolve(),
      () => borne,
    );
    expect(limiter.width()).toBe(3);
    for (let time = 0; time < 5; time += 1)
      await limiter.run(
        async () => Promise.resolve(),
        () => refused,
      );
    expect(limiter.width()).toBe(1);
  });

  it('lets nothing through while the API asks for a pause', async () => {
    const limiter = createLimiter({ most: 4 });
    let over = false;
    await limiter.run(
      async () => Promise.resolve(),
      () => ({ load: 'refused', pause: 150 }),
    );
    setTimeout(() => (over = true), 20);
    await limiter.run(
      async () => {
        expect(over).toBe(true);
        return Promise.resolve();
      },
      () => borne,
    );
  });

  it('never has more under way than it may, and runs what failed no different', async () => {
    const limiter = createLimiter({ most: 3 });
    let running = 0;
    let highest = 0;
    const results = await Promise.allSettled(
      Array.from({ length: 30 }, async (_, index) =>
        limiter.run(
          async () => {
            running += 1;
            highest = Math.max(highest, running);
            await sleep(1);
            running -= 1;
            if (index % 7 === 0) throw new Error('lost');
          },
          () => borne,
        ),
      ),
    );
    expect(highest).toBe(3);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(5);
  });
});

describe('a client', () => {
  it('gets everything from an API that allows few requests a second, without one failure', async () => {
    const sandbox = await startSandbox({ faults: { requestsPerSecond: 20 } });
    onTestFinished(sandbox.close);
    const writer = createWriter({
      url: sandbox.url,
      apiKey: new Secret('KEY', sandbox.apiKey),
      dialect: dialectOf('2025-09-18'),
      userAgent: 'test',
      timeout: 5000,
      concurrency: 8,
      retries: 0,
    });
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        index % 2 === 0
          ? writer.get('/api/models')
          : writer.send('POST', '/api/connections', {
              body: { name: `C${index}`, type: 'webhook', configuration: { url: 'https://example.com' } },
              idempotencyKey: `key-number-${index}`,
            }),
      ),
    );
    expect(sandbox.list('connections')).toHaveLength(25);
    expect(sandbox.requests.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
  });
});
