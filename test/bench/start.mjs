// Start: interleaved, so that a busy machine slows all of them.
import { execFileSync } from 'node:child_process';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { withAction } from './action.mjs';
import { cli, median, ms, ratioRow, root, temporary, timed } from './measure.mjs';

export const run = () =>
  temporary(async (folder) => {
    await cp(path.join(root, 'examples', 'quickstart', 'polytomic'), path.join(folder, 'polytomic'), {
      recursive: true,
    });
    const env = { ...process.env, MYSQL_PASSWORD: 'a', SNOWFLAKE_PASSWORD: 'b' };
    const commands = { node: ['-e', '0'], version: [cli, '--version'], validate: [cli, 'validate'] };
    const times = { node: [], version: [], validate: [], action: [] };
    await withAction(folder, async (toFirstRequest) => {
      for (let turn = 0; turn < 15; turn += 1) {
        for (const [name, args] of Object.entries(commands))
          times[name].push(
            await timed(() => execFileSync(process.execPath, args, { cwd: folder, env, stdio: 'ignore' })),
          );
        times.action.push(await timed(toFirstRequest));
      }
    });
    const base = median(times.node);
    for (const [name, what, limit] of [
      ['version', 'start of `--version`', 2],
      ['validate', 'start of `validate` of the quickstart', 2],
      ['action', 'the Action, to its first request', 3],
    ]) {
      const time = median(times[name]);
      ratioRow(what, time / base, limit, '`node -e 0`', `${ms(time)}, node ${ms(base)}`);
    }
  });
