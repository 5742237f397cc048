// Prints the most memory, in MB, that planning a repository took: all of it is new to an empty sandbox.
import { loadSettings, planWorkspace } from '../../dist/index.js';

const settings = await loadSettings({ cwd: process.argv[2], environment: process.env });
const { ready, diagnostics } = await planWorkspace({ settings });
if (ready === undefined) throw new Error(JSON.stringify(diagnostics[0]));
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
