import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.js';
import { call, data, idOf, listed, modeled, newSandboxes, old, sandbox, syncBody } from './harness.js';

newSandboxes();

const hooked = async (endpoint: string): Promise<string> =>
  `/api/webhooks/${idOf(await call('POST', '/api/webhooks', { endpoint, secret: 's' }))}`;

/** A sync whose runs are canceled, each of which is an event. */
const canceler = async (): Promise<() => Promise<void>> => {
  const sync = `/api/syncs/${idOf(await call('POST', '/api/syncs', syncBody(...(await modeled()))))}`;
  return async () => {
    await call('POST', `${sync}/executions`, {});
    await call('POST', `${sync}/cancel`);
  };
};

const deliveries = async (hook: string, query = ''): Promise<readonly JsonObject[]> =>
  listed(await call('GET', `${hook}/deliveries${query}`));

describe('deliveries to a webhook', () => {
  it('are an attempt for each event, the newest first', async () => {
    const hook = await hooked('https://example.com/hook');
    const cancel = await canceler();
    await cancel();
    await cancel();
    const answered = await call('GET', `${hook}/deliveries`);
    expect(answered.body['pagination']).toEqual({ next_page_token: '' });
    const [last, first] = listed(answered);
    expect(last).toMatchObject({ event_type: 'sync.canceled', success: true, status_code: 200 });
    expect(last!['attempted_at']! > first!['attempted_at']!).toBe(true);
    const events = listed(await call('GET', '/api/events')).map(({ id }) => id);
    expect(listed(answered).map(({ event_id: id }) => id)).toEqual(events);
  });

  it('fail where the name of the endpoint cannot exist', async () => {
    const hook = await hooked('https://hook.invalid:8443/path');
    await (
      await canceler()
    )();
    const [attempt] = await deliveries(hook);
    expect(attempt).toMatchObject({ success: false, error_kind: 'dns' });
    expect(attempt).not.toHaveProperty('status_code');
  });

  it('are found by success, event and time, in pages', async () => {
    const hook = await hooked('https://example.com/hook');
    const cancel = await canceler();
    for (let run = 0; run < 52; run += 1) await cancel();
    const all = sandbox.list('deliveries');
    const [newest, second] = await deliveries(hook);
    const at = second!['attempted_at'] as string;
    expect(await deliveries(hook, `?start=${at}`)).toEqual([newest, second]);
    expect(await deliveries(hook, `?start=${at}&end=${newest!['attempted_at'] as string}`)).toEqual([second]);
    expect(await deliveries(hook, `?event_id=${second!['event_id'] as string}`)).toEqual([second]);
    expect(await deliveries(hook, '?success=false')).toEqual([]);
    const page = await call('GET', `${hook}/deliveries?success=true`);
    const { next_page_token: token } = page.body['pagination'] as JsonObject;
    const rest = await call('GET', `${hook}/deliveries?success=true&page_token=${token as string}`);
    expect([listed(page).length, listed(rest).length]).toEqual([50, all.length - 50]);
    expect(rest.body['pagination']).toEqual({ next_page_token: '' });
    expect((await call('GET', `${hook}/deliveries?start=yesterday`)).status).toBe(400);
  });

  it('are not made while it is off, nor afterwards; and go with it', async () => {
    const hook = await hooked('https://example.com/hook');
    const cancel = await canceler();
    await cancel();
    await call('POST', `${hook}/disable`);
    await cancel();
    await call('POST', `${hook}/enable`);
    expect(await deliveries(hook)).toHaveLength(1);
    await call('DELETE', hook);
    expect((await call('GET', `${hook}/deliveries`)).status).toBe(404);
    expect(sandbox.list('deliveries')).toEqual([]);
    const again = await hooked('https://example.com/hook');
    expect(await deliveries(again)).toEqual([]);
    expect((await call('GET', `${again}/deliveries`, undefined, old)).status).toBe(404);
  });
});

it('a webhook that is off says since when and why, also after an update', async () => {
  const hook = await hooked('https://example.com/hook');
  expect(data(await call('GET', hook))).not.toHaveProperty('disabled_at');
  const off = data(await call('POST', `${hook}/disable`));
  expect(off).toMatchObject({ disabled: true, disabled_reason: 'manual' });
  expect(data(await call('POST', `${hook}/disable`))).toMatchObject({ disabled_at: off['disabled_at'] });
  const body = { endpoint: 'https://example.com/other', secret: '********' };
  expect(data(await call('PUT', hook, body))).toMatchObject({
    disabled: true,
    disabled_at: off['disabled_at'],
    disabled_reason: 'manual',
  });
  expect(sandbox.list('webhooks')).toMatchObject([{ secret: 's' }]);
  const on = data(await call('POST', `${hook}/enable`));
  expect(on).toMatchObject({ disabled: false });
  expect(on).not.toHaveProperty('disabled_reason');
});
