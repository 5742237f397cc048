/** What is seen of each attempt of a call: for logs and traces. */
export interface Attempt {
  readonly startedAt: Date;
  readonly milliseconds: number;
  readonly method: string;
  readonly url: string;
  readonly requestHeaders: readonly (readonly [name: string, value: string])[];
  /** Without secrets; made when it is asked for. */
  readonly requestBody: () => string;
  /** 0 where there was no answer. */
  readonly status: number;
  readonly responseHeaders: readonly (readonly [name: string, value: string])[];
  /** Without secrets; made when it is asked for. */
  readonly responseBody: () => string;
  /** Why there was no answer. */
  readonly error?: string;
}

const credentials = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie']);

/** Headers without what they authorise by. */
export const shownHeaders = (headers: Headers): Attempt['requestHeaders'] =>
  [...headers].map(([name, value]) => [name, credentials.has(name) ? '(secret)' : value]);
