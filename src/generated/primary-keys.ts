// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * The name of this resource in the repository. With the kind it makes the address, e.g. connection.warehouse. It never changes; `name` may.
 */
export type Key = string;
/**
 * The last day of the exception, YYYY-MM-DD in UTC. Absent: it has no end.
 */
export type Day = string;
/**
 * Rules that this resource need not fit, each with the reason. Reports name them.
 */
export type RuleExceptions = RuleException[];
/**
 * The connection that has the schema.
 */
export type Reference =
  | string
  | {
      /**
       * Id of a live object.
       */
      id?: string;
      /**
       * Name of a live object; exactly one must bear it.
       */
      name?: string;
    };

/**
 * Which fields tell the records of a connection's schema apart, in place of what Polytomic detects.
 */
export interface PrimaryKeys {
  /**
   * The kind of this resource.
   */
  kind: 'PrimaryKeys';
  key: Key;
  lifecycle?: Lifecycle;
  labels?: Labels;
  connection: Reference;
  /**
   * Id of the schema in the connection, such as `public.orders`.
   */
  schema_id: string;
  /**
   * Ids of the fields that make the key together; of all others it is said that they do not. The order does not count. Without the manifest the detected key is in effect again.
   *
   * @minItems 1
   */
  fields: [string, ...string[]];
}
/**
 * Rules about this resource itself. They are not sent to the API.
 */
export interface Lifecycle {
  /**
   * true: a plan that would delete or replace the object is an error, also after its manifest is gone.
   */
  prevent_destroy?: boolean;
  /**
   * JSON pointers of fields that somebody else sets, e.g. /active: what lives is left as it is.
   */
  ignore_changes?: string[];
  exceptions?: RuleExceptions;
}
export interface RuleException {
  /**
   * Name of the rule.
   */
  rule: string;
  /**
   * Why, for whoever reads the report.
   */
  reason: string;
  until?: Day;
}
/**
 * Names and values to select resources by (--selector team=growth). They are not sent to the API.
 */
export interface Labels {
  [k: string]: string | undefined;
}
