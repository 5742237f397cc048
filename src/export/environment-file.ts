/** `.env.example`: the names of all secrets, for people and for CI to fill in. Pure. */
import { byCodeUnit } from '../core/json.js';
import type { Address } from '../core/address.js';

export const ENV_EXAMPLE = '.env.example';

export interface NamedSecret {
  readonly name: string;
  readonly address: Address;
  /** JSON pointer of the value. */
  readonly pointer: string;
}

const head =
  '# Secrets that the manifests name. Copy this file to .env, which is not committed, and fill it in.\n';

/** The file with a line for each secret that it does not list yet; as it was where it lists all. */
export const environmentExample = (before: string | undefined, secrets: readonly NamedSecret[]): string => {
  const listed = new Set(
    [...(before ?? '').matchAll(/^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/gm)].map(([, name]) => name),
  );
  const missing = new Map<string, NamedSecret>();
  for (const secret of secrets)
    if (!listed.has(secret.name) && !missing.has(secret.name)) missing.set(secret.name, secret);
  if (missing.size === 0) return before ?? '';
  const lines = [...missing.values()]
    .sort((a, b) => byCodeUnit(a.address, b.address) || byCodeUnit(a.pointer, b.pointer))
    .map(
      ({ name, address, pointer }) => `\n# ${address}: ${pointer.slice(1).replaceAll('/', '.')}\n${name}=\n`,
    );
  const start = before === undefined || before === '' ? head : before.endsWith('\n') ? before : `${before}\n`;
  return `${start}${lines.join('')}`;
};
