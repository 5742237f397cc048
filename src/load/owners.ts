/** What the schema of the configuration file cannot say of `owners`. Pure. */
import type { Ownership } from '../generated/config.js';
import { unknownKind } from '../kinds/names.js';
import { kinds } from '../kinds/registry.js';

/** What is wrong with an entry. */
export interface OwnershipFinding {
  /** Into the configuration file. */
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Kinds that there are not: such an entry would own nothing, and nobody would see it. */
export const checkOwners = (entries: readonly Ownership[]): readonly OwnershipFinding[] =>
  entries.flatMap(({ kind }, index) =>
    (typeof kind === 'string'
      ? [['', kind] as const]
      : (kind ?? []).map((name, at) => [`/${at}`, name] as const)
    )
      .filter(([, name]) => !kinds.some((known) => known.name === name))
      .map(([at, name]) => ({
        pointer: `/owners/${index}/kind${at}`,
        code: 'unknown-kind',
        message: `there is no kind "${name}" to own`,
        hint: unknownKind(name).hint,
      })),
  );
