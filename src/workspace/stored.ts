/** Manifests against the schemas of connection types that were pulled. */
import { hasErrors, type Diagnostic } from '../core/diagnostics.js';
import { connection } from '../kinds/connection.js';
import type { Outlook } from '../kinds/preflight.js';
import type { Desired } from '../load/desired.js';
import { checkConfiguration } from '../preflight/configuration.js';
import { connectionsOf, storedSchema, typesInUse } from './pulled.js';
import { takeTypesOf } from './typed.js';

/**
 * Findings of the schemas that were pulled, for connections of their types. What is missing is a warning alone:
 * a connection that lives may have it.
 */
export const checkStored = async (root: string, desired: Desired): Promise<readonly Diagnostic[]> => {
  const schemas = new Map(
    await Promise.all(
      typesInUse(desired).map(async (type) => [type, await storedSchema(root, type)] as const),
    ),
  );
  const taken = await takeTypesOf(desired, async (type) => Promise.resolve(schemas.get(type)));
  if (hasErrors(taken.diagnostics)) return taken.diagnostics;
  const outlook = offline((type, configuration) => {
    const schema = schemas.get(type);
    return schema === undefined ? undefined : checkConfiguration(schema, configuration);
  });
  const found = await Promise.all(
    connectionsOf(taken.desired).map(async ({ address, document }) =>
      (await connection.preflight.check(document, outlook, undefined, document)).map(
        ({ pointer, ...finding }): Diagnostic => ({
          ...finding,
          ...(finding.code === 'missing-field' ? { severity: 'warning' } : {}),
          address,
          ...desired.cite(address, pointer, 'value'),
        }),
      ),
    ),
  );
  return found.flat();
};

const unknown = async (): Promise<undefined> => Promise.resolve(undefined);

/** Nothing is known but what schemas say of configurations. */
const offline = (
  configuration: (
    ...asked: Parameters<Outlook['configuration']>
  ) => Awaited<ReturnType<Outlook['configuration']>>,
): Outlook => ({
  neighbour: () => undefined,
  previewed: () => undefined,
  configuration: async (...asked) => Promise.resolve(configuration(...asked)),
  capabilities: unknown,
  source: unknown,
  sourceFields: unknown,
  target: unknown,
  targetObjects: unknown,
  idOf: () => undefined,
  first: () => [],
  syncForms: 'both',
  bulkSource: unknown,
  bulkDestination: unknown,
  bulk: { schedules: 'several', discovery: 'apart', patchesFields: true },
});
