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
 * The connection that is read.
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
 * The connection that is written to.
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
 * A schema of the source: its id for short, or a map.
 */
export type BulkSchema =
  | string
  | {
      /**
       * Its id in the source, e.g. public.orders.
       */
      id: string;
      /**
       * Whether it is copied. Absent: true.
       */
      enabled?: boolean;
      /**
       * Its fields. One that is not named is left as it lives.
       */
      fields?: BulkField[];
      /**
       * What becomes of fields that `fields` does not name. disabled: they are switched off, and stay off. Absent: left as they live.
       */
      other_fields?: 'kept' | 'disabled';
      /**
       * Which records are copied: those for which all of these hold. The order does not count.
       */
      filters?: BulkFilter[];
      /**
       * The field that tells what is new since the last run. Empty: none. Absent: left as it is.
       */
      tracking_field?: string | null;
      /**
       * The field by which the destination divides its table. Empty: none. Absent: left as it is.
       */
      partition_key?: string | null;
      /**
       * Whether the destination keeps a table of every version beside the table; in mode replicate, where the destination has it. Absent: left as it is.
       */
      history_enabled?: boolean;
      /**
       * Its name in the destination. Empty: the one that follows from the source. Absent: left as it is.
       */
      user_output_name?: string | null;
      /**
       * An instant, as 2024-01-01T00:00:00Z: older records of this schema are left out. Empty: none. Absent: left as it is.
       */
      data_cutoff_timestamp?: string | null;
      /**
       * Copy this schema whole, whatever cut-off the bulk sync has. Absent: left as it is.
       */
      disable_data_cutoff?: boolean;
      extra?: Extra;
    };
/**
 * A field of a schema: its id for short, or a map.
 */
export type BulkField =
  | string
  | {
      /**
       * Its id in the schema, e.g. email.
       */
      id: string;
      /**
       * Whether it is copied. Absent: true.
       */
      enabled?: boolean;
      /**
       * Whether its values are made unreadable on the way. Absent: left as it is.
       */
      obfuscate?: boolean;
      /**
       * Its name in the destination. Empty: the one that follows from the source. Absent: left as it is.
       */
      user_output_name?: string | null;
      extra?: Extra;
    };
/**
 * How a value is compared.
 */
export type FilterFunction =
  | 'Equality'
  | 'Inequality'
  | 'IsNull'
  | 'IsNotNull'
  | 'True'
  | 'False'
  | 'OnOrAfter'
  | 'OnOrBefore'
  | 'GreaterThan'
  | 'GreaterThanEqual'
  | 'LessThan'
  | 'LessThanEqual'
  | 'StringContains'
  | 'StringStartsWith'
  | 'StringEndsWith'
  | 'StringDoesNotContain'
  | 'StringDoesNotStartWith'
  | 'StringDoesNotEndWith'
  | 'StringOneOf'
  | 'StringNotOneOf'
  | 'Between'
  | 'ArrayContains'
  | 'ArrayDoesNotContain'
  | 'InTheLast'
  | 'RelativeOnOrBefore'
  | 'RelativeOnOrAfter'
  | 'StringLike'
  | 'StringNotLike'
  | 'StringMatchesTrimmed';
/**
 * The key of another resource of this repository, or {id: …} or {name: …} of an object that it does not manage.
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
 * The permission policies that apply to this object: keys, {name: …} (also of one that Polytomic keeps itself) or {id: …}; a text that is a UUID is an id. The order does not count.
 */
export type Policies = Reference2[];

/**
 * Schemas of a source connection, copied to a destination connection.
 */
export interface BulkSync {
  /**
   * The kind of this resource.
   */
  kind: 'BulkSync';
  key: Key;
  id?: PinnedId;
  external?: External;
  lifecycle?: Lifecycle;
  labels?: Labels;
  /**
   * What Polytomic shows.
   */
  name: string;
  /**
   * What a run does in the destination. replicate: keeps it equal to the source; snapshot: writes a new copy; append: adds, and changes nothing. A destination offers some of them. Absent: left as it is.
   */
  mode?: 'replicate' | 'snapshot' | 'append';
  /**
   * Whether the schedules start it. Switching it off cancels a run that is under way. Absent: left as it is, since the API does not state a default.
   */
  active?: boolean;
  source_connection?: Reference;
  /**
   * Settings of the source, which few sources have. A free map: keys that the manifest does not mention keep their live values; null removes one.
   */
  source_configuration?: {
    [k: string]: unknown | undefined;
  };
  destination_connection?: Reference1;
  /**
   * Settings of the destination, such as schema: see inspect bulk. A free map: keys that the manifest does not mention keep their live values; null removes one.
   */
  destination_configuration?: {
    [k: string]: unknown | undefined;
  };
  /**
   * When everything runs that no additional schedule is for.
   */
  default_schedule?: {
    /**
     * What starts a run. manual: a person or the API; continuous: again and again; hourly, daily, weekly: at the minute, hour and day beside it; custom: all five parts, as in cron. The others come from the page of Polytomic.
     */
    frequency:
      | 'manual'
      | 'continuous'
      | 'hourly'
      | 'daily'
      | 'weekly'
      | 'custom'
      | 'builder'
      | 'runafter'
      | 'multi'
      | 'dbtcloud';
    /**
     * A number or its text, e.g. 5 or "05". Times are UTC.
     */
    minute?: string | number;
    /**
     * A number or its text, e.g. 5 or "05". Times are UTC.
     */
    hour?: string | number;
    /**
     * For weekly: the day, as monday, tuesday …
     */
    day_of_week?: string | number;
    /**
     * A number or its text, e.g. 5 or "05". Times are UTC.
     */
    day_of_month?: string | number;
    /**
     * A number or its text, e.g. 5 or "05". Times are UTC.
     */
    month?: string | number;
    extra?: Extra;
  };
  /**
   * Further schedules. Their order does not count.
   */
  additional_schedules?: AdditionalSchedule[];
  /**
   * What is copied, by the ids of the source's schemas. A schema that is not named is left as it lives; a new bulk sync copies those that are named. Absent: all of them, when it is created.
   */
  schemas?: BulkSchema[];
  /**
   * What becomes of schemas that `schemas` does not name. disabled: they are switched off, and stay off. Absent: left as they live.
   */
  other_schemas?: 'kept' | 'disabled';
  /**
   * Which schemas that appear in the source are copied, too. Absent: left as it is; of a new bulk sync none, says the API.
   */
  automatically_add_new_objects?: 'all' | 'onlyIncremental' | 'onlyNonIncremental' | 'none';
  /**
   * Which fields that appear in a copied schema are copied, too. Absent: left as it is; of a new bulk sync all, says the API.
   */
  automatically_add_new_fields?: 'all' | 'onlyIncremental' | 'onlyNonIncremental' | 'none';
  /**
   * Whether names are written as the destination likes them. legacy: as in older bulk syncs. Absent: enabled.
   */
  normalize_names?: 'enabled' | 'disabled' | 'legacy';
  /**
   * How many schemas are copied at a time. Absent: as many as Polytomic sees fit.
   */
  concurrency_limit?: number | null;
  /**
   * The same, for runs that read everything anew.
   */
  resync_concurrency_limit?: number | null;
  /**
   * An instant, as 2024-01-01T00:00:00Z: older records of the source are left out. Absent: none is.
   */
  data_cutoff_timestamp?: string;
  /**
   * Leave out the columns with the times at which Polytomic wrote a record. Absent: false.
   */
  disable_record_timestamps?: boolean;
  /**
   * Who is told when a run fails, and when: settings beside the bulk sync. What is left out stays as it is.
   */
  error_handling?: {
    /**
     * How far a source may lag behind before it counts as failed: seconds, or items of a queue. 0: as Polytomic sees fit.
     */
    ingestion_failure_threshold?: number;
    /**
     * E-mail addresses of who is told, in place of all that are there; an empty list is nobody.
     */
    subscribers?: string[];
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
 * Names and values to select resources by (--selector team=growth). They are not sent to the API.
 */
export interface Labels {
  [k: string]: string | undefined;
}
/**
 * Fields that the API has and this version does not know: sent as they are, compared where an answer shows them, and not checked. null leaves one out. No secrets.
 */
export interface Extra {
  [k: string]: unknown | undefined;
}
export interface AdditionalSchedule {
  /**
   * What starts a run. manual: a person or the API; continuous: again and again; hourly, daily, weekly: at the minute, hour and day beside it; custom: all five parts, as in cron. The others come from the page of Polytomic.
   */
  frequency:
    | 'manual'
    | 'continuous'
    | 'hourly'
    | 'daily'
    | 'weekly'
    | 'custom'
    | 'builder'
    | 'runafter'
    | 'multi'
    | 'dbtcloud';
  /**
   * A number or its text, e.g. 5 or "05". Times are UTC.
   */
  minute?: string | number;
  /**
   * A number or its text, e.g. 5 or "05". Times are UTC.
   */
  hour?: string | number;
  /**
   * For weekly: the day, as monday, tuesday …
   */
  day_of_week?: string | number;
  /**
   * A number or its text, e.g. 5 or "05". Times are UTC.
   */
  day_of_month?: string | number;
  /**
   * A number or its text, e.g. 5 or "05". Times are UTC.
   */
  month?: string | number;
  /**
   * What its runs read. normal: what is new; refetch: everything, over what is there; resync: everything anew; rebuild: the tables, too. Absent: normal.
   */
  resync_mode?: 'normal' | 'refetch' | 'resync' | 'rebuild';
  /**
   * Which schemas it is for, by how they are read: incrementalFields: those that are read by what changed; nonincrementalFields: the others. Absent: none, which leaves nothing out.
   */
  selective_mode?: 'none' | 'incrementalFields' | 'nonincrementalFields';
  /**
   * Ids of the schemas that it is for. Absent: all.
   */
  schemas?: string[];
  extra?: Extra;
}
export interface BulkFilter {
  /**
   * The field that is compared.
   */
  field_id: string;
  function: FilterFunction;
  /**
   * What is compared with: any JSON.
   */
  value?: {
    [k: string]: unknown | undefined;
  };
  extra?: Extra;
}
