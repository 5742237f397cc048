/** Keys out of the names of Terraform resources: of each live object that one of them stands for. Pure. */
import { byCodeUnit } from '../core/json.js';
import type { LiveObject } from '../live/snapshot.js';
import { isKey, slugOf } from '../core/slug.js';
import type { TerraformResource } from './terraform.js';

/** The key that an object should have, and the address of the Terraform resource that it comes from. */
export interface TerraformKey {
  readonly key: string;
  readonly terraform: string;
}

export interface TerraformKeys {
  /** By `KIND ID`. Two of a kind may still want the same. */
  readonly keys: ReadonlyMap<string, TerraformKey>;
  /** Resources whose objects do not live here, or are of no kind of this version. */
  readonly elsewhere: readonly TerraformResource[];
}

/** `BulkSync` is `bulk_sync` in the types of Terraform. */
const wordOf = (kind: string): string =>
  kind.replaceAll(/(?!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

/** Whether a type is one of a kind: connections have a type of their own for each system. */
const isOf = ({ type }: TerraformResource, { kind }: LiveObject): boolean =>
  type.endsWith(`_${wordOf(kind)}`);

const joined = (parts: readonly (string | number)[], kind: string): string => {
  const text = parts
    .map(String)
    .filter((part) => part !== '')
    .map((part) => (/^[\w-]+$/.test(part) ? part : slugOf(part, kind)))
    .join('-');
  return isKey(text) ? text : slugOf(text, kind);
};

/** `module.crm["eu"].module.core` is `crm`, `eu`, `core`. */
const modulesOf = (module: string): readonly string[] =>
  [...module.matchAll(/(?:^|\.)module\.([^.[\]"]+)(?:\[(?:(\d+)|"((?:[^"\\]|\\.)*)")\])?/g)].flatMap(
    ([, name = '', number = '', text = '']) => [name, number, text],
  );

/** What a resource could be called, the shortest first: `main`, `snowflake-main`, `crm-main`, `crm-snowflake-main`. */
const candidates = (
  { type, name, index = '', module }: TerraformResource,
  kind: string,
): readonly string[] => {
  const own = [name, index];
  const system = type.slice(type.indexOf('_') + 1, -wordOf(kind).length - 1);
  const modules = modulesOf(module);
  return [own, [system, ...own], [...modules, ...own], [...modules, system, ...own]].map((parts) =>
    joined(parts, kind),
  );
};

/** The first place at which all of several lists differ; the last where they never do. */
const telling = (lists: readonly (readonly string[])[]): number => {
  const length = lists[0]?.length ?? 0;
  const found = Array.from({ length }, (_, place) => place).find(
    (place) => new Set(lists.map((list) => list[place]?.toLowerCase())).size === lists.length,
  );
  return found ?? length - 1;
};

/** What is managed there goes before what is looked up, then by address. */
const byRank = (a: TerraformResource, b: TerraformResource): number =>
  Number(a.data) - Number(b.data) || byCodeUnit(a.address, b.address);

/** The keys of live objects by the names that Terraform has for them. */
export const terraformKeys = (
  resources: readonly TerraformResource[],
  objects: readonly LiveObject[],
): TerraformKeys => {
  const byId = new Map<string, TerraformResource[]>();
  for (const resource of [...resources].sort(byRank))
    byId.set(resource.id, [...(byId.get(resource.id) ?? []), resource]);
  const named = objects.flatMap((object) => {
    const resource = byId.get(object.id)?.find((each) => isOf(each, object));
    if (resource === undefined) return [];
    const { kind, id } = object;
    const { address } = resource;
    return [{ kind, own: `${kind} ${id}`, terraform: address, wanted: candidates(resource, kind) }];
  });
  const groups = new Map<string, (typeof named)[number][]>();
  for (const each of named) {
    const group = `${each.kind} ${each.wanted[0]?.toLowerCase() ?? ''}`;
    groups.set(group, [...(groups.get(group) ?? []), each]);
  }
  const keys = new Map(
    [...groups.values()].flatMap((group) => {
      const place = telling(group.map(({ wanted }) => wanted));
      return group.map(
        ({ own, terraform, wanted }) => [own, { key: wanted[place] ?? '', terraform }] as const,
      );
    }),
  );
  const alive = new Set(objects.map(({ id }) => id));
  return {
    keys,
    elsewhere: resources
      .filter(({ data, id }) => !data && !alive.has(id))
      .sort((a, b) => byCodeUnit(a.address, b.address)),
  };
};
