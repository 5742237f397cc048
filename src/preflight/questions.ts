/** Questions to the API: each asked once in a run, and what was left out where one has no answer. */
import { ApiError, failureDiagnostic } from '../api/failure.js';
import type { Address } from '../core/address.js';
import type { Diagnostic } from '../core/diagnostics.js';
import { byCodeUnit } from '../core/json.js';

export interface Questions {
  /**
   * The answer to a question, or undefined where there is none. `about` is what answers: once it fails for a reason
   * of its own, it is asked nothing more.
   */
  readonly ask: <T>(
    asker: Address,
    about: string,
    question: string,
    answer: () => Promise<T>,
  ) => Promise<T | undefined>;
  /** One warning for each thing that did not answer. */
  readonly failures: () => readonly Diagnostic[];
}

interface Failed {
  readonly error: ApiError;
  readonly about: string;
  readonly askers: Set<Address>;
}

/** Askers that a warning names. */
const NAMED = 5;

/** Begins a run's questions. */
export const createQuestions = (): Questions => {
  const asked = new Map<string, Promise<unknown>>();
  const failed = new Map<string, Failed>();
  return {
    ask: async <T>(asker: Address, about: string, question: string, answer: () => Promise<T>) => {
      const id = `${about} ${question}`;
      const down = failed.get(about) ?? failed.get(id);
      if (down !== undefined) {
        down.askers.add(asker);
        return undefined;
      }
      const known = asked.get(id) ?? answer();
      asked.set(id, known);
      try {
        return (await known) as T;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        const key = isDown(error) ? about : id;
        const first = failed.get(key) ?? { error, about, askers: new Set<Address>() };
        first.askers.add(asker);
        failed.set(key, first);
        return undefined;
      }
    },
    failures: () =>
      [...failed.values()].map(({ about, error, askers }): Diagnostic => {
        const all = [...askers].sort(byCodeUnit);
        const more = all.length > NAMED ? ` and ${all.length - NAMED} more` : '';
        const { code: _, severity: _severity, hint, ...rest } = failureDiagnostic(error, `asking ${about}`);
        return {
          ...rest,
          severity: 'warning',
          code: 'preflight-incomplete',
          hint: `not checked against it: ${all.slice(0, NAMED).join(', ')}${more}; ${hint ?? 'try again'}`,
          ...(all[0] === undefined ? {} : { address: all[0] }),
        };
      }),
  };
};

/** Whether the system behind it is the trouble, and not this one question. */
const isDown = ({ failure }: ApiError): boolean =>
  failure.reason !== 'http' || failure.status >= 500 || [401, 403, 429].includes(failure.status);
