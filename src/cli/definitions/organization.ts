/** From an organization that exists. */
import { Option } from 'commander';
import { each, lockTimeout } from '../options.js';
import type { Define } from './define.js';

const afterExport = `
Files that are there are edited in place: comments, order and layout stay. A
second export without a change writes nothing.

Select by kind, name, id or connection; again for more. One field twice takes
either, two fields take what is both:
  $ polytomic-gitops export --select kind=sync --select 'name=Customers*'
  $ polytomic-gitops export --select connection=warehouse

From Terraform, with the names that it has (secrets are not read):
  $ terraform show -json | polytomic-gitops export --keys-from /dev/stdin

In CI, whether somebody changed something in Polytomic:
  $ polytomic-gitops export --check
`;

const afterAdopt = `
Examples:
  $ polytomic-gitops adopt                      asks for each manifest
  $ polytomic-gitops adopt --by name --yes      in CI
  $ polytomic-gitops adopt --by id connection.warehouse=6f0c…
  $ polytomic-gitops adopt --mapping ids.csv    connection.warehouse,6f0c…
`;

export const defineOrganization: Define = (program, action) => {
  program.commandsGroup('From an organization that exists:');
  program
    .command('export')
    .alias('import')
    .description('write what lives as manifests, and bind them')
    .addOption(
      new Option('--layout <layout>', 'where new manifests go: a file each, one, one a connection')
        .choices(['files', 'single', 'by-connection'])
        .default('files'),
    )
    .option('--keys-from <state>', 'a Terraform state: its names become the keys of what is new')
    .option('--select <field=pattern>', 'only this; again for more', each)
    .option('--check', 'write nothing; exit with 2 where files would change')
    .option('--diff', 'the same, and show the differences')
    .option('--suggest-templates', 'write nothing; print templates for what is almost the same')
    .option('--force', 'overwrite files with changes that are not committed')
    .option(...lockTimeout)
    .addHelpText('after', afterExport)
    .action(action(async () => (await import('../commands/export.js')).exportOrganization));
  program
    .command('adopt [what...]')
    .description('bind manifests to live objects; changes nothing in Polytomic')
    .addOption(
      new Option('--by <rule>', 'by name, or by id: ADDRESS=ID …; asks without').choices(['name', 'id']),
    )
    .option('--mapping <file>', 'addresses and ids, as YAML, JSON or CSV')
    .option('-y, --yes', 'do not ask; for CI')
    .option(...lockTimeout)
    .addHelpText('after', afterAdopt)
    .action(action(async () => (await import('../commands/adopt.js')).adopt));
};
