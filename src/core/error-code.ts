/** What the system calls a failure, e.g. `ENOENT`: fit to be shown, unlike its message, which may hold a path. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
