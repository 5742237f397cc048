/** Faults on request: what a client has to live with. */
export interface Fault {
  readonly method?: string;
  /** Tested against the path. */
  readonly path?: RegExp;
  /** How many requests it hits. Default 1. */
  readonly times?: number;
  /** Default 500. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text of the answer. Default: an error in the API's shape. */
  readonly body?: string;
  /** Does the work first: the answer is lost, the effect is not. */
  readonly afterEffect?: boolean;
  /** Closes the connection: with no answer, or in the middle of one. */
  readonly drop?: 'before' | 'within';
}

export interface Faults {
  readonly add: (fault: Fault) => void;
  /** The fault for a request, used up by it. */
  readonly take: (method: string, path: string) => Fault | undefined;
}

/** An empty list of faults. */
export const createFaults = (): Faults => {
  const waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => {
      waiting.push({ fault, left: fault.times ?? 1 });
    },
    take: (method, path) => {
      const index = waiting.findIndex(
        ({ fault }) => (fault.method ?? method) === method && (fault.path ?? /./).test(path),
      );
      const entry = waiting[index];
      if (entry === undefined) return undefined;
      entry.left -= 1;
      if (entry.left === 0) waiting.splice(index, 1);
      return entry.fault;
    },
  };
};
