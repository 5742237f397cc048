/** Commands that look at manifests, and tidy them. */
import { Option } from 'commander';
import { wholeNumber } from '../options.js';
import type { Define } from './define.js';

const afterGraph = `
Without --plan and --changes there is no network, and nothing is coloured.

Examples:
  $ polytomic-gitops graph --format svg > graph.svg
  $ polytomic-gitops graph --changes-only      for a pull request
`;

const afterPull = `
Writes .polytomic/schemas; reads from Polytomic, and changes nothing there.

Examples:
  $ polytomic-gitops schemas pull
  $ polytomic-gitops schemas pull snowflake hubspot
`;

export const defineManifests: Define = (program, action) => {
  program.commandsGroup('Manifests:');
  program
    .command('graph')
    .description('draw what refers to what, from what is needed to what needs it')
    .addOption(
      new Option('-f, --format <format>', 'the notation')
        .choices(['mermaid', 'dot', 'svg'])
        .default('mermaid'),
    )
    .option('--plan <file>', 'colour what this saved plan changes')
    .option('--changes', 'colour what a plan made now changes')
    .option('--changes-only', 'draw only that, and its direct neighbours')
    .option('--impact [address]', 'draw all that is downstream of it, or of what a plan made now changes')
    .option('--most <number>', 'at most so many resources; what changes first', wholeNumber(100_000))
    .addHelpText('after', afterGraph)
    .action(action(async () => (await import('../commands/graph.js')).graph));
  program
    .command('explain <address...>')
    .description('show a resource as it is after everything, and where each value is written; no network')
    .action(action(async () => (await import('../commands/explain.js')).explain, 'each'));
  program
    .command('impact <address...>')
    .description('show everything downstream of a resource, also what no manifest names')
    .action(action(async () => (await import('../commands/impact.js')).impact, 'each'));
  program
    .command('rules')
    .description('list the rules, what each is about, and what it requires; no network')
    .action(action(async () => (await import('../commands/rules.js')).rules, 'each'));
  program
    .command('fmt [files...]')
    .description('put manifests into canonical order and style; comments stay')
    .option('--check', 'write nothing; exit with 1 where a file is not in this form')
    .option('--diff', 'write nothing; show what would change')
    .option('--upgrade', 'also write older forms of fields in the newer ones')
    .action(action(async () => (await import('../commands/fmt.js')).fmt));
  program
    .command('schemas')
    .description('schemas for editors')
    .command('pull [types...]')
    .description(
      'fetch the schemas of connection types in use, for editors and for validate; add those of templates',
    )
    .option('--offline', 'fetch nothing: only what templates are now')
    .addHelpText('after', afterPull)
    .action(action(async () => (await import('../commands/schemas.js')).pull));
};
