/** Work that a stranger's input may make endless, with an end. */
import { createContext, Script } from 'node:vm';

const call = new Script('work()');
const scope: { work?: () => void } = {};
const context = createContext(scope);

/**
 * What `work` gives, or undefined where it takes longer than so many milliseconds: a regular expression that goes back
 * and forth for ever is stopped too. `work` has to leave nothing half done; what it throws is thrown.
 */
export const withinTime = <T extends object>(work: () => T, milliseconds: number): T | undefined => {
  let result: T | undefined;
  scope.work = () => {
    result = work();
  };
  try {
    call.runInContext(context, { timeout: milliseconds });
    return result;
  } catch (error) {
    // Not by its class: it may be that of another context.
    if ((error as { readonly code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      return undefined;
    throw error;
  } finally {
    delete scope.work;
  }
};
