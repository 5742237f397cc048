import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSandbox } from '../../src/sandbox/index.js';
import {
  bulkBody,
  cached,
  call,
  callTo,
  connected,
  data,
  idOf,
  modeled,
  newSandboxes,
  old,
  sandbox,
  snowflake,
  syncBody,
} from './harness.js';

newSandboxes();

const synced = async (): Promise<string> =>
  `/api/syncs/${idOf(await call('POST', '/api/syncs', syncBody(...(await modeled()))))}`;

const copied = async (): Promise<string> => {
  const source = await connected();
  const target = idOf(await call('POST', '/api/connections', snowflake));
  await cached(source);
  return `/api/bulk/syncs/${idOf(await call('POST', '/api/bulk/syncs', bulkBody(source, target)))}`;
};

describe('error handling of a sync', () => {
  it('tells nobody at first; what is not sent stays; a list replaces the one before', async () => {
    const handling = `${await synced()}/error-handling`;
    const untouched = {
      auto_retry_record_errors: false,
      notify_on_record_errors: false,
      subscribers: [],
      warning_notifications: false,
    };
    expect(data(await call('GET', handling))).toEqual(untouched);
    const sent = { subscribers: ['a@example.com', 'b@example.com'], auto_retry_record_errors: true };
    expect(data(await call('PUT', handling, sent))).toEqual({ ...untouched, ...sent });
    expect(data(await call('PUT', handling, { warning_notifications: true }))).toEqual({
      ...untouched,
      ...sent,
      warning_notifications: true,
    });
    expect(data(await call('PUT', handling, { subscribers: ['c@example.com'] }))).toMatchObject({
      subscribers: ['c@example.com'],
      auto_retry_record_errors: true,
    });
    expect(data(await call('PUT', handling, { subscribers: [] }))).toMatchObject({ subscribers: [] });
    expect(data(await call('PUT', handling, {}))).toEqual(data(await call('GET', handling)));
  });

  it('is left alone by an update of the sync, and goes with it', async () => {
    const [connection, model] = await modeled();
    const body = syncBody(connection, model);
    const sync = `/api/syncs/${idOf(await call('POST', '/api/syncs', body))}`;
    await call('PUT', `${sync}/error-handling`, { notify_on_record_errors: true });
    const before = data(await call('GET', sync));
    expect((await call('PUT', sync, { ...body, name: 'Other' })).status).toBe(200);
    expect(data(await call('GET', `${sync}/error-handling`))).toMatchObject({
      notify_on_record_errors: true,
    });
    expect(before).not.toHaveProperty('notify_on_record_errors');
    await call('DELETE', sync);
    expect((await call('GET', `${sync}/error-handling`)).status).toBe(404);
    expect(sandbox.list('errorHandling')).toEqual([]);
  });

  it('refuses what is no address or no yes or no, and an older version does not have it', async () => {
    const handling = `${await synced()}/error-handling`;
    for (const body of [
      { subscribers: ['nobody'] },
      { subscribers: 'a@example.com' },
      { warning_notifications: 1 },
    ])
      expect((await call('PUT', handling, body)).status).toBe(422);
    expect((await call('GET', handling, undefined, old)).status).toBe(404);
    expect((await call('GET', '/api/syncs/none/error-handling')).status).toBe(404);
  });
});

describe('error handling of a bulk sync', () => {
  it('has a threshold that 0 clears, beside its subscribers', async () => {
    const sync = await copied();
    const handling = `${sync}/error-handling`;
    expect(data(await call('GET', handling))).toEqual({ ingestion_failure_threshold: null, subscribers: [] });
    expect(data(await call('PUT', handling, { ingestion_failure_threshold: 600 }))).toEqual({
      ingestion_failure_threshold: 600,
      subscribers: [],
    });
    const told = { ingestion_failure_threshold: 600, subscribers: ['a@example.com'] };
    expect(data(await call('PUT', handling, { subscribers: ['a@example.com'] }))).toEqual(told);
    expect(data(await call('PUT', handling, { ingestion_failure_threshold: null }))).toEqual(told);
    expect(data(await call('PUT', handling, { ingestion_failure_threshold: 0 }))).toMatchObject({
      ingestion_failure_threshold: null,
    });
    for (const threshold of [-1, 1.5, '600'])
      expect((await call('PUT', handling, { ingestion_failure_threshold: threshold })).status).toBe(422);
    await call('DELETE', sync);
    expect((await call('GET', handling)).status).toBe(404);
    expect(sandbox.list('errorHandling')).toEqual([]);
  });

  it('goes with its sync when a connection is deleted by force', async () => {
    const sync = await copied();
    await call('PUT', `${sync}/error-handling`, { subscribers: ['a@example.com'] });
    const { destination_connection_id: target } = data(await call('GET', sync));
    await call('DELETE', `/api/connections/${target as string}?force=true`);
    expect(sandbox.list('errorHandling')).toEqual([]);
  });
});

it('is kept in the data file', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'sandbox-'));
  const file = path.join(directory, 'data.jsonl');
  const headers = { authorization: 'Bearer sandbox-key', 'x-polytomic-version': '2025-09-18' };
  try {
    const first = await startSandbox({ data: file });
    first.seed({ connections: 1, models: 1, syncs: 1 });
    const where = `/api/syncs/${first.list('syncs')[0]!.id}/error-handling`;
    await callTo(first.url, 'PUT', where, { subscribers: ['a@example.com'] }, headers);
    await first.close();
    const second = await startSandbox({ data: file });
    const kept = await callTo(second.url, 'GET', where, undefined, headers);
    expect(data(kept)).toMatchObject({ subscribers: ['a@example.com'] });
    await second.close();
  } finally {
    await rm(directory, { recursive: true });
  }
});
