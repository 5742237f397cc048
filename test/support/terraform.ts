/**
 * Terraform states as Terraform writes them: of format 4 (`terraform state pull`), and as `terraform show -json` prints
 * them (developer.hashicorp.com/terraform/internals/json-format).
 */
import type { Json, JsonObject } from '../../src/core/json.js';

/** A resource, as a test speaks of it. */
export interface Held {
  readonly type: string;
  readonly name: string;
  readonly id: Json;
  /** Modules that it is in, such as `module.crm["eu"]`, from the outermost. */
  readonly modules?: readonly string[];
  readonly index?: string | number;
  readonly data?: true;
  readonly deposed?: string;
  readonly attributes?: JsonObject;
}

const provider = 'registry.terraform.io/polytomic/polytomic';

/** A state file: resources with the instances that `count` or `for_each` make of them. */
export const stateFile = (held: readonly Held[]): JsonObject => {
  const keyOf = ({ type, name, modules = [], data }: Held): string =>
    JSON.stringify([type, name, modules, data]);
  return {
    version: 4,
    terraform_version: '1.9.8',
    serial: 12,
    lineage: '6f0c9d1e-5c1f-4b0d-9a53-0a6d1f2b3c4d',
    outputs: {},
    resources: [...new Set(held.map(keyOf))].map((key) => {
      const own = held.filter((each) => keyOf(each) === key);
      const { type, name, modules = [], data } = own[0] as Held;
      return {
        ...(modules.length === 0 ? {} : { module: modules.join('.') }),
        mode: data === true ? 'data' : 'managed',
        type,
        name,
        provider: `provider["${provider}"]`,
        instances: own.map(({ index, deposed, id, attributes = {} }) => ({
          ...(index === undefined ? {} : { index_key: index }),
          ...(deposed === undefined ? {} : { deposed }),
          schema_version: 0,
          attributes: { ...attributes, id },
          sensitive_attributes: [],
        })),
      };
    }),
    check_results: null,
  };
};

/** What `terraform show -json` prints of the same. */
export const shown = (held: readonly Held[]): JsonObject => {
  const module = (path: readonly string[]): JsonObject => {
    const inner = [
      ...new Set(
        held.flatMap(({ modules = [] }) =>
          modules.length > path.length && path.every((each, index) => modules[index] === each)
            ? [modules[path.length] as string]
            : [],
        ),
      ),
    ];
    const own = held.filter(({ modules = [] }) => JSON.stringify(modules) === JSON.stringify(path));
    return {
      ...(own.length === 0
        ? {}
        : {
            resources: own.map(({ type, name, id, index, data, deposed, attributes = {} }) => ({
              address: [
                ...path,
                ...(data === true ? ['data'] : []),
                type,
                `${name}${index === undefined ? '' : `[${JSON.stringify(index)}]`}`,
              ].join('.'),
              mode: data === true ? 'data' : 'managed',
              type,
              name,
              ...(index === undefined ? {} : { index }),
              provider_name: provider,
              schema_version: 0,
              values: { ...attributes, id },
              sensitive_values: {},
              ...(deposed === undefined ? {} : { deposed_key: deposed }),
            })),
          }),
      ...(path.length === 0 ? {} : { address: path.join('.') }),
      ...(inner.length === 0 ? {} : { child_modules: inner.map((each) => module([...path, each])) }),
    };
  };
  return { format_version: '1.0', terraform_version: '1.9.8', values: { root_module: module([]) } };
};
