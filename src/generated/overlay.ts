// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * What one environment changes in one resource: a merge patch (RFC 7396) or a JSON Patch (RFC 6902).
 */
export interface Overlay {
  /**
   * The kind of this document.
   */
  kind: 'Overlay';
  /**
   * The address of a resource, e.g. connection.warehouse.
   */
  target: string;
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
      /**
       * What to do.
       */
      op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
      /**
       * Where: a JSON pointer, e.g. /schedule/frequency.
       */
      path: string;
      /**
       * For move and copy: from where.
       */
      from?: string;
      /**
       * For add, replace and test: the value.
       */
      value?: {
        [k: string]: unknown | undefined;
      };
    },
    ...{
      /**
       * What to do.
       */
      op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
      /**
       * Where: a JSON pointer, e.g. /schedule/frequency.
       */
      path: string;
      /**
       * For move and copy: from where.
       */
      from?: string;
      /**
       * For add, replace and test: the value.
       */
      value?: {
        [k: string]: unknown | undefined;
      };
    }[],
  ];
}
