// A sandbox in a process of its own, so that it does not take the time of what is measured.
import { startSandbox } from '../../dist/index.js';

const sandbox = await startSandbox({ jobPolls: 1 });
process.on('message', ({ latency, rate }) => {
  process.send({ calls: sandbox.requests.length });
  sandbox.clearRequests();
  if (rate === undefined) sandbox.slowDown(latency);
  else sandbox.setFaults(rate === null ? {} : { requestsPerSecond: rate });
});
process.on('disconnect', () => process.exit());
process.send({ url: sandbox.url, apiKey: sandbox.apiKey });
