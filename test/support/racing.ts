/**
 * One of several processes that want the same lock at once; bundled and started by a test. Arguments: the folder of the
 * state, and how often it takes the lock. Prints what it saw as JSON.
 */
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileStore } from '../../src/state/store.js';

const [, , root = '', trials = '0'] = process.argv;
const store = fileStore(root, undefined);
const inside = path.join(root, 'inside');
const lock = path.join(root, '.polytomic/state/default.lock');

/** No process has this number. */
const DEAD = 2 ** 30;

const seen = { held: 0, together: 0, refused: 0 };
for (let trial = 0; trial < Number(trials); trial += 1) {
  const id = randomUUID();
  const info = {
    id,
    holder: 'a',
    purpose: 'race',
    since: new Date().toISOString(),
    host: hostname(),
    pid: process.pid,
  };
  while ((await store.tryLock(info)) !== undefined) await sleep(0);
  seen.held += 1;
  try {
    writeFileSync(inside, id, { flag: 'wx' });
  } catch {
    seen.together += 1;
  }
  try {
    const state = await store.read();
    await sleep(1);
    await store.write(state);
  } catch {
    seen.refused += 1;
  }
  rmSync(inside, { force: true });
  // Every second holder is killed here: its lock stays, and its process is gone.
  if (trial % 2 === 0) await store.unlock(id);
  else {
    writeFileSync(`${root}/${id}`, JSON.stringify({ ...info, pid: DEAD }));
    renameSync(`${root}/${id}`, lock);
  }
}
process.stdout.write(JSON.stringify(seen));
