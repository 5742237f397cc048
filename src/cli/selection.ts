/** The flags that choose a part of the manifests. */
import { DiagnosticError } from '../core/diagnostics.js';
import { unknownKind } from '../kinds/names.js';
import { kinds } from '../kinds/registry.js';
import { labelsIn, type Selection } from '../plan/select.js';
import type { Shard } from '../core/shard.js';
import type { RunOptions } from '../workspace.js';

export interface SelectionOptions {
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
  readonly kind?: readonly string[];
  readonly selector?: string;
  readonly shard?: Shard;
  readonly prune?: 'managed' | 'never';
  readonly maxDeletes?: number | string;
}

const kindNamed = (name: string): string => {
  const names = kinds.map((kind) => kind.name);
  const found = names.find((each) => each.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const { isUnmanaged, hint } = unknownKind(name);
  throw new DiagnosticError([
    {
      severity: 'error',
      code: isUnmanaged ? 'unmanaged-kind' : 'unknown-kind',
      message: isUnmanaged
        ? `${name} is not managed by this version yet`
        : `there is no kind "${name}" to select`,
      hint,
    },
  ]);
};

/** What the flags say of a plan. Throws `DiagnosticError` for an unknown kind. */
export const selectionOf = ({
  target = [],
  exclude = [],
  kind = [],
  selector,
  shard,
  prune,
  maxDeletes,
}: SelectionOptions): Pick<RunOptions, 'selection' | 'prune' | 'maxDeletes'> => {
  const selection: Selection = {
    targets: target,
    exclude,
    kinds: kind.map(kindNamed),
    labels: selector === undefined ? [] : labelsIn(selector),
    ...(shard === undefined ? {} : { shard }),
  };
  const isAll =
    shard === undefined && [target, exclude, kind, selection.labels].every((list) => list.length === 0);
  return {
    ...(isAll ? {} : { selection }),
    ...(prune === undefined ? {} : { prune }),
    ...(maxDeletes === undefined ? {} : { maxDeletes }),
  };
};
