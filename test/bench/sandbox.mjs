// A sandbox in a process of its own, so that it does not take the time of what is measured.
import { startSandbox } from '../../dist/index.js';

const sandbox = await startSandbox({ jobPolls: 1 });
process.on('message', ({ latency }) => {
  process.send({ calls: sandbox.requests.length });
  sandbox.clearRequests();
  sandbox.slowDown(latency);
});
process.on('disconnect', () => process.exit());
process.send({ url: sandbox.url, apiKey: sandbox.apiKey });
