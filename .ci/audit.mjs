// Known vulnerabilities of what is installed. Exits with 0 for none, 1 for some, 2 where nobody could be asked.
import { execFile } from 'node:child_process';
import path from 'node:path';

/** From this severity on it fails: below are findings about tools that only read this repository's own files. */
const LEVEL = 'high';

const asked = await new Promise((resolve) => {
  execFile(
    'npm',
    ['audit', '--json', `--audit-level=${LEVEL}`],
    { cwd: path.join(import.meta.dirname, '..'), maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
    (_error, stdout) => resolve(stdout),
  );
});

let report;
try {
  report = JSON.parse(asked);
} catch {
  report = {};
}
const counts = report.metadata?.vulnerabilities;
if (counts === undefined) {
  console.log(
    `npm audit could not run: ${report.message ?? 'no answer'}`.replaceAll(/https?:\/\/\S+/g, 'the registry'),
  );
  process.exit(2);
}
const severities = ['critical', 'high', 'moderate', 'low', 'info'];
for (const { name, severity, range, fixAvailable } of Object.values(report.vulnerabilities ?? {}))
  console.log(`${severity}: ${name} ${range}${fixAvailable === false ? '' : ' (npm audit fix)'}`);
console.log(severities.map((severity) => `${severity} ${counts[severity] ?? 0}`).join(', '));
process.exit(
  severities.slice(0, severities.indexOf(LEVEL) + 1).some((severity) => counts[severity] > 0) ? 1 : 0,
);
