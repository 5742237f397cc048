/** Bodies of the sandbox's own controls. In the notation of notation.ts. */
export const controlsTypes = `
SandboxFault:
  method, path, skip number, times number, status number, headers map(text), body, afterEffect boolean,
  drop 'before' | 'within' | 'after', truncate boolean, slowMs number, stale boolean,
  edit boolean | SandboxEdit
SandboxFaults:
  latencyMs number, jitterMs number, requestsPerSecond number, rates map(number), seed number
SandboxEdit:
  collection!, id!, change! map
SandboxRemoval:
  collection!, id!
SandboxSeed:
  resources! number
SandboxRows:
  rows! [map]
SandboxRunFault:
  sync, error, after number, refuse [number]
`;
