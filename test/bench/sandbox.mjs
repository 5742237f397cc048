// A sandbox that is told what to do by messages: see withSandbox in measure.mjs.
import { startSandbox } from '../../dist/index.js';

const { seed = 0, ...options } = JSON.parse(process.argv[2] ?? '{}');
const sandbox = await startSandbox({ jobPolls: 1, ...options });
if (seed > 0) sandbox.seed(seed);
process.on('message', ({ latency, rate }) => {
  process.send({ calls: sandbox.requests.length });
  sandbox.clearRequests();
  if (rate === undefined) sandbox.slowDown(latency);
  else sandbox.setFaults(rate === null ? {} : { requestsPerSecond: rate });
});
process.on('disconnect', () => process.exit());
process.send({ url: sandbox.url, apiKey: sandbox.apiKey });
