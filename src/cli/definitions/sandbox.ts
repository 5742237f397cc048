/** The sandbox. */
import { each, wholeNumber } from '../options.js';
import type { Define } from './define.js';

const afterSandbox = `
Faults:
  too-many          429 with Retry-After
  error             503 before the work
  error-after       500 after it
  cut-before        the connection is cut before the work,
  cut-after-effect  after it, without an answer,
  cut-within        in the middle of the answer,
  cut-after         after a whole one
  truncated, slow   a body cut short; one that takes its time
  stale             reads what was before the last change
  edited            somebody else changes something first

Example:
  $ polytomic-gitops sandbox --data sandbox.jsonl --fault error=0.1
`;

export const defineSandbox: Define = (program, action) => {
  program.commandsGroup('Try it:');
  program
    .command('sandbox')
    .description('serve a Polytomic API on this machine, for trying out and for tests')
    .option('-p, --port <number>', 'the port; 0 takes a free one', wholeNumber(65_535), 4711)
    .option('--host <address>', 'where it listens; others reach it at 0.0.0.0', '127.0.0.1')
    .option('--key <key>', 'the API key that it takes', 'sandbox-key')
    .option('--partner-key <key>', 'the key of a partner, for all organizations', 'sandbox-partner-key')
    .option('--organization <name=key>', 'one more organization, with its key; again for more', each)
    .option('--data <file>', 'keep everything in this file, secrets in clear')
    .option('--catalog <directory>', 'more connection types and tables')
    .option('--seed <number>', 'so many resources to begin with', wholeNumber(1_000_000), 0)
    .option('--latency <milliseconds>', 'how long each answer takes', wholeNumber(60_000), 0)
    .option('--jitter <milliseconds>', 'up to so much longer', wholeNumber(60_000), 0)
    .option('--rate-limit <number>', 'requests a second; more get a 429', wholeNumber(1_000_000))
    .option('--fault <kind=rate>', 'a fault for a share of requests; again for more', each)
    .option('--fault-seed <number>', 'which requests: the same seed, the same ones', wholeNumber(2 ** 31), 1)
    .addHelpText('after', afterSandbox)
    .action(action(async () => (await import('../commands/sandbox.js')).sandbox));
};
