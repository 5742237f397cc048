/** The addresses of objects, out of the tables of their kinds. Pure. */
import type { Dialect } from '../api/dialect.js';
import { DiagnosticError, type Diagnostic } from '../core/diagnostics.js';
import type { Endpoints, Kind } from './kind.js';

/**
 * The table of a collection as most are: a list of whole objects, and `path/{id}` for all that is done to one. `more` is
 * what a version has otherwise.
 */
export const collection =
  (path: string, more: (dialect: Dialect) => Partial<Endpoints> = () => ({})): Kind['endpoints'] =>
  (dialect) => {
    const one = `${path}/{id}`;
    return {
      list: { path, is: 'pages' },
      lists: 'whole',
      one,
      create: { method: 'POST', path },
      update: { method: dialect.updateMethod, path: one },
      remove: { method: 'DELETE', path: one },
      ...more(dialect),
    };
  };

/** What a version has with the key of a partner. */
export const withAnyKey = (dialect: Dialect): Dialect => ({ ...dialect, administers: true });

/** What a version has no objects of, or not for such a key. */
export const unsupported = ({ name, noun, endpoints }: Kind, dialect: Dialect): Diagnostic =>
  endpoints(withAnyKey(dialect)) === undefined
    ? {
        severity: 'error',
        code: 'unsupported-kind',
        message: `version ${dialect.version} of the API has no ${noun.many}`,
        hint: `use a newer version (version: in the configuration file), or remove the manifests of kind ${name}`,
      }
    : {
        severity: 'error',
        code: 'needs-partner-key',
        message: `${noun.many} are looked after with the key of a partner or a deployment, and this is the key of one organization`,
        hint: `set POLYTOMIC_PARTNER_KEY or POLYTOMIC_DEPLOYMENT_KEY in place of POLYTOMIC_API_KEY, or remove the manifests of kind ${name}`,
      };

/** Where the objects of a kind are. Throws `DiagnosticError` where the version has none. */
export const endpointsOf = (kind: Kind, dialect: Dialect): Endpoints => {
  const endpoints = kind.endpoints(dialect);
  if (endpoints === undefined) throw new DiagnosticError([unsupported(kind, dialect)]);
  return endpoints;
};

/** What stands in an address for `{id}`, `{organization}` and the like. */
export type Place = Readonly<Record<string, string>>;

/** An address with its names filled in, each as one segment. Throws where one is not known: tables are checked by tests. */
export const fill = (path: string, place: Place): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = place[name];
    if (value === undefined) throw new Error(`nothing to put in the place of {${name}} in ${path}`);
    return encodeURIComponent(value);
  });
