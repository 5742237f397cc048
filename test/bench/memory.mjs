// Prints the most memory, in MB, that loading a repository took.
import { loadSettings, validateWorkspace } from '../../dist/index.js';

const settings = await loadSettings({ cwd: process.argv[2], environment: {} });
const { desired, diagnostics } = await validateWorkspace({ settings });
if (desired === undefined) throw new Error(JSON.stringify(diagnostics[0]));
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
