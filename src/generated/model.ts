// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * The name of this resource in the repository. With the kind it makes the address, e.g. connection.warehouse. It never changes; `name` may.
 */
export type Key = string;
/**
 * The id of the live object that this manifest stands for. Only needed where the name alone cannot tell.
 */
export type PinnedId = string;
/**
 * true: the object is looked up and referred to, and never created, changed or deleted. For what is made elsewhere, such as an OAuth connection authorised in a browser.
 */
export type External = boolean;
/**
 * The last day of the exception, YYYY-MM-DD in UTC. Absent: it has no end.
 */
export type Day = string;
/**
 * Rules that this resource need not fit, each with the reason. Reports name them.
 */
export type RuleExceptions = RuleException[];
/**
 * The connection that the model reads from.
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
 * Where the join leads: a field of another model, `orders.id` for short.
 */
export type Source =
  | string
  | {
      model: Reference1;
      /**
       * Name of the field in the model.
       */
      field: string;
    };
/**
 * The model.
 */
export type Reference1 =
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
 * A connection that can enrich.
 */
export type Reference2 =
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
 * The key of another resource of this repository, or {id: …} or {name: …} of an object that it does not manage.
 */
export type Reference3 =
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
 * The permission policies that apply to this object: keys, {name: …} (also of one that Polytomic keeps itself) or {id: …}; a text that is a UUID is an id. The order does not count.
 */
export type Policies = Reference3[];

/**
 * A table, view or query of a connection, with the fields that syncs may use.
 */
export interface Model {
  /**
   * The kind of this resource.
   */
  kind: 'Model';
  key: Key;
  id?: PinnedId;
  external?: External;
  lifecycle?: Lifecycle;
  /**
   * What Polytomic shows.
   */
  name: string;
  connection?: Reference;
  /**
   * What to read, in the source's own terms: {table: company.customers}, {query: …}, {view: …}.
   */
  configuration?: {
    [k: string]: unknown | undefined;
  };
  /**
   * The field whose value tells one record from the next, such as `id`. Syncs that follow changes need it.
   */
  identifier?: string;
  /**
   * Names of the fields to keep. Absent: all of them.
   */
  fields?: string[];
  /**
   * Fields that the source does not report by itself.
   */
  additional_fields?: {
    /**
     * Name in the source.
     */
    name: string;
    /**
     * What Polytomic shows.
     */
    label: string;
    /**
     * What sort of value it holds. `unknown` leaves it to Polytomic.
     */
    type: 'unknown' | 'string' | 'number' | 'boolean' | 'datetime' | 'array' | 'object' | 'binary';
    /**
     * A value, as an example.
     */
    example?: string;
  }[];
  /**
   * Columns by which changes are found. Absent: left as they are. The order does not count.
   */
  tracking_columns?: string[];
  /**
   * Joins to other models.
   */
  relations?: {
    /**
     * Field of this model.
     */
    from: string;
    to: Source;
    extra?: Extra;
  }[];
  /**
   * Data that another service adds to the records of this model.
   */
  enricher?: {
    connection: Reference2;
    configuration?: Configuration;
    /**
     * Field of this model for each input of the enricher.
     */
    mappings?: {
      [k: string]: string | undefined;
    };
    /**
     * Fields of the enricher to keep. Absent: all of them.
     */
    fields?: {
      [k: string]: unknown | undefined;
    }[];
    extra?: Extra;
  };
  /**
   * A list: labels that Polytomic shows; the order does not count. A map: names and values to select this resource by, which are not sent. Both can be selected by (--selector).
   */
  labels?:
    | string[]
    | {
        [k: string]: string | undefined;
      };
  policies?: Policies;
  extra?: Extra;
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
 * Fields that the API has and this version does not know: sent as they are, compared where an answer shows them, and not checked. null leaves one out. No secrets.
 */
export interface Extra {
  [k: string]: unknown | undefined;
}
/**
 * A free map: its keys are the API's own. Keys that the manifest does not mention keep their live values; null removes one.
 */
export interface Configuration {
  [k: string]: unknown | undefined;
}
