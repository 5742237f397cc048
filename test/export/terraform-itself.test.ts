/**
 * What Terraform itself writes, read: modules, `count` and `for_each` with awkward keys. Its built-in resource stands in
 * for those of Polytomic, since it needs no provider. Without Terraform on the machine it is skipped.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it, onTestFinished } from 'vitest';
import { readTerraform, type TerraformResource } from '../../src/export/terraform.js';
import { writeFiles } from '../support/workbench.js';

const SECRET = 'hunter2-of-the-warehouse';

const configuration = {
  'main.tf': `variable "password" {
  sensitive = true
  default   = "${SECRET}"
}
resource "terraform_data" "plain" {
  input = { password = var.password, id = var.password, name = var.password }
}
resource "terraform_data" "counted" {
  count = 2
}
module "crm" {
  source   = "./crm"
  for_each = toset(["eu", "us \\"1\\" [x].y"])
}
`,
  'crm/main.tf': `resource "terraform_data" "each" {
  for_each = toset(["a/b", "c.d~1", "$\${x} %%{y}", "\\\\ größe"])
}
module "core" {
  source = "./core"
  count  = 1
}
`,
  'crm/core/main.tf': 'resource "terraform_data" "_inner" {}\n',
};

const terraform = async (cwd: string, ...args: readonly string[]): Promise<string> =>
  (await execa('terraform', args, { cwd, env: { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' } })).stdout;

const read = (text: string): readonly TerraformResource[] => {
  const { resources, diagnostics } = readTerraform(
    'state',
    text.replaceAll('terraform_data', 'polytomic_model'),
  );
  expect(diagnostics).toEqual([]);
  expect(JSON.stringify(resources)).not.toContain(SECRET);
  return resources.toSorted((a, b) => (a.address < b.address ? -1 : 1));
};

it('Terraform and this tool mean the same resources by the same addresses', async ({ skip }) => {
  const found = await execa('terraform', ['version'], { reject: false });
  if (found.failed) {
    process.stderr.write('\nNOT TESTED: there is no terraform\n');
    skip('there is no terraform');
  }
  const root = await mkdtemp(path.join(tmpdir(), 'polytomic-terraform-'));
  onTestFinished(async () => rm(root, { recursive: true, force: true }));
  await writeFiles(root, configuration);
  await terraform(root, 'init', '-no-color');
  await terraform(root, 'apply', '-auto-approve', '-no-color');
  const pulled = read(await terraform(root, 'state', 'pull'));
  expect(pulled).toHaveLength(13);
  expect(read(await terraform(root, 'show', '-json'))).toEqual(pulled);
  await terraform(root, 'plan', '-out=plan', '-no-color');
  expect(read(await terraform(root, 'show', '-json', 'plan'))).toEqual(pulled);
  const listed = (await terraform(root, 'state', 'list')).split('\n').map((line) => line.trim());
  expect(pulled.map(({ address }) => address.replaceAll('polytomic_model', 'terraform_data'))).toEqual(
    listed.toSorted(),
  );
  // As the way over has it: Terraform forgets each by its address, and has them back by the state of before.
  await writeFile(path.join(root, 'before.tfstate'), await terraform(root, 'state', 'pull'));
  for (const { address } of pulled)
    await terraform(root, 'state', 'rm', address.replaceAll('polytomic_model', 'terraform_data'));
  expect(await terraform(root, 'state', 'list')).toBe('');
  await terraform(root, 'state', 'push', '-force', 'before.tfstate');
  expect((await terraform(root, 'state', 'list')).split('\n')).toHaveLength(13);
});
