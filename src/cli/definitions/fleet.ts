/** Commands for many organizations, and for many runners. */
import { InvalidArgumentError, Option } from 'commander';
import type { Define } from './define.js';

const positive =
  (highest: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^[1-9]\d*$/.test(text) && value <= highest) return value;
    throw new InvalidArgumentError(`a whole number from 1 to ${highest}.`);
  };

const afterReport = `
Example:
  $ polytomic-gitops --env acme --json plan > reports/acme.json
  $ polytomic-gitops report 'reports/*.json'
`;

export const defineFleet: Define = (program, action) => {
  program.commandsGroup('Many at once:');
  program
    .command('matrix')
    .description('print the environments as the matrix of a workflow')
    .option('--max-jobs <number>', 'put environments together where there are more', positive(1_000_000), 256)
    .option('--shards <number>', 'so many runners for each environment', positive(256), 1)
    .action(action(async () => (await import('../commands/matrix.js')).matrix));
  program
    .command('report <files...>')
    .description('show the outputs of many runs as one report')
    .addOption(
      new Option('--format <format>', 'how it is shown').choices(['text', 'markdown']).default('text'),
    )
    .addHelpText('after', afterReport)
    .action(action(async () => (await import('../commands/report.js')).report));
};
