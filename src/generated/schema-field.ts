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
 * A field that is added to a connection's schema, beside those that Polytomic detects.
 */
export interface SchemaField {
  /**
   * The kind of this resource.
   */
  kind: 'SchemaField';
  key: Key;
  lifecycle?: Lifecycle;
  labels?: Labels;
  connection: Reference;
  /**
   * Id of the schema in the connection, such as `public.orders`.
   */
  schema_id: string;
  /**
   * Id of the field, of your choice and for good: another one is another field.
   */
  field_id: string;
  /**
   * What Polytomic shows.
   */
  label: string;
  /**
   * What sort of value it holds: Polytomic's name of a type, such as `string`, `number`, `boolean`, `datetime`, `array`, `object`.
   */
  type: string;
  /**
   * Where the value stands in a record, as JSONPath. Absent: at the top, under the field's id.
   */
  path?: string;
  /**
   * More of the type, in Polytomic's own terms: any JSON.
   */
  definition?: {
    [k: string]: unknown | undefined;
  };
  /**
   * A value, as an example: any JSON. No answer holds it.
   */
  example?: {
    [k: string]: unknown | undefined;
  };
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
