// Load and validate 3,000 resources, against parsing the same texts.
import { parseAllDocuments } from 'yaml';
import { loadSettings, validateWorkspace } from '../../dist/index.js';
import { median, ms, ratioRow, temporary, timed } from './measure.mjs';
import { writeRepository } from './repository.mjs';

export const run = () =>
  temporary(async (folder) => {
    const { texts } = await writeRepository(folder, 3000);
    const settings = await loadSettings({ cwd: folder, environment: {} });
    const parse = () =>
      texts.forEach((text) =>
        parseAllDocuments(text, { merge: true }).forEach((document) => document.toJS()),
      );
    const load = async () => {
      const { desired, diagnostics } = await validateWorkspace({ settings });
      if (desired === undefined) throw new Error(JSON.stringify(diagnostics[0]));
    };
    const times = { parse: [], load: [] };
    for (let turn = 0; turn < 5; turn += 1) {
      times.parse.push(await timed(parse));
      times.load.push(await timed(load));
    }
    const [own, alone] = [median(times.load), median(times.parse)];
    ratioRow(
      'load and validate 3,000 resources, ten to a file',
      own / alone,
      1.5,
      '`yaml` parsing the same files',
      `${ms(own)}, yaml ${ms(alone)}`,
    );
  });
