/** The file of `--keys-from`: read once, to a bound, and nothing of it is kept but names and ids. */
import { createReadStream } from 'node:fs';
import { DiagnosticError, hasErrors } from '../core/diagnostics.js';
import { codeOf } from '../core/error-code.js';
import { readTerraform, type TerraformResource } from '../export/terraform.js';

/** Far above the states of people: 10,000 resources have about 30 MB. */
export const MAX_STATE_BYTES = 128 * 1024 * 1024;

const refused = (file: string, code: string, message: string, hint: string): DiagnosticError =>
  new DiagnosticError([{ severity: 'error', code, message, hint, place: { file, line: 1, column: 1 } }]);

/** A file, or a pipe such as `/dev/stdin`: its end is where it ends, or at the bound. */
const bytesOf = async (file: string): Promise<Buffer | 'too-large'> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of createReadStream(file) as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_STATE_BYTES) return 'too-large';
    parts.push(part);
  }
  return Buffer.concat(parts);
};

/** UTF-8, or the UTF-16 that PowerShell writes into a file; undefined for anything else. */
const decode = (bytes: Buffer): string | undefined => {
  try {
    const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
    return new TextDecoder(isWide ? 'utf-16le' : 'utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/**
 * The resources of Polytomic that a Terraform state names. `file`: as somebody named it; `absolute`: where it is. Throws
 * `DiagnosticError`, whose findings hold nothing of the file.
 */
export const readTerraformFile = async (
  file: string,
  absolute: string,
): Promise<readonly TerraformResource[]> => {
  const bytes = await bytesOf(absolute).catch((error: unknown) => {
    throw refused(
      file,
      'unreadable-terraform',
      `the file cannot be read (${codeOf(error)})`,
      'check the path that --keys-from gives',
    );
  });
  if (bytes === 'too-large')
    throw refused(
      file,
      'terraform-too-large',
      `the file has more than ${MAX_STATE_BYTES / 1024 / 1024} MB`,
      'give the state of the workspace that manages Polytomic alone',
    );
  const text = decode(bytes);
  if (text === undefined)
    throw refused(
      file,
      'not-utf-8',
      'the file is not UTF-8 text',
      'write it anew: terraform state pull > terraform.tfstate',
    );
  const { resources, diagnostics } = readTerraform(file, text);
  if (hasErrors(diagnostics)) throw new DiagnosticError(diagnostics);
  return resources;
};
