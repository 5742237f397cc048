// How long it takes, as ratios of what cannot be helped, measured in one run: npm run bench, or some of it:
// npm run bench -- start secrets
import { table } from './measure.mjs';

const parts = ['start', 'load', 'templates', 'plan', 'secrets', 'large', 'growth', 'clients', 'bulk'];
const named = process.argv.slice(2);
const unknown = named.find((name) => !parts.includes(name));
if (unknown !== undefined) throw new Error(`there is no part ${unknown}: ${parts.join(', ')}`);
for (const part of named.length === 0 ? parts : named) {
  const { run } = await import(`./${part}.mjs`);
  await run();
}
console.log(table());
