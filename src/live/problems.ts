/** Parts of live objects that Polytomic cannot find any more, told without a manifest. */
import type { Diagnostic } from '../core/diagnostics.js';
import { printable } from '../core/text.js';
import { kindOf } from '../kinds/registry.js';
import type { LiveObject } from './snapshot.js';

/** A warning for each of them. `titleOf` says what people call an object. Pure. */
export const liveProblems = (
  objects: readonly LiveObject[],
  titleOf: (object: LiveObject) => string,
): readonly Diagnostic[] =>
  objects.flatMap((object) =>
    kindOf(object.kind)
      .problems(object.value)
      .map(({ path, message }) => ({
        severity: 'warning' as const,
        code: 'live-problem',
        message: `${titleOf(object)}: Polytomic reports a problem${path === '' ? '' : ` with ${printable(path)}`}: ${printable(message)}`,
        hint: 'change this part, or bring back what it names',
      })),
  );
