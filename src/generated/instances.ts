// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * The key of the template.
 */
export type Key = string;
/**
 * The parameters of one instance, by name.
 */
export type Parameters = {
  [k: string]: unknown | undefined;
} | null;
/**
 * The address of a resource that these instances make.
 */
export type Address = string;

/**
 * Sets of parameters for a template: each makes its resources once.
 */
export interface Instances {
  /**
   * The kind of this document.
   */
  kind: 'Instances';
  template: Key;
  /**
   * The parameters of each instance: a list, or a map by the instances' own keys.
   */
  instances?:
    | Parameters[]
    | {
        [k: string]: Parameters | undefined;
      };
  /**
   * A CSV file with the parameters of an instance in each row, and their names in the first; its path begins at the folder of this file.
   */
  csv?: string;
  /**
   * What is otherwise in some of the resources that are made, each by its address.
   *
   * @minItems 1
   */
  overlays?: [OverlayOfAnInstance, ...OverlayOfAnInstance[]];
}
/**
 * A merge patch (RFC 7396) or a JSON Patch (RFC 6902) of one resource.
 */
export interface OverlayOfAnInstance {
  target: Address;
  /**
   * A merge patch: maps are merged, null removes, everything else replaces.
   */
  merge?: {
    [k: string]: unknown | undefined;
  };
  /**
   * A JSON Patch: operations in order.
   *
   * @minItems 1
   */
  patch?: [
    {
      [k: string]: unknown | undefined;
    },
    ...{
      [k: string]: unknown | undefined;
    }[],
  ];
}
