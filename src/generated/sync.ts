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
 * The connection that is written to.
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
export type FieldMapping = Field & Field1;
export type Field = {
  [k: string]: unknown | undefined;
};
/**
 * A field of a model: `customers.email` for short, or {model: customers, field: email}.
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
 * What logic calls it. All conditions have a label, or none has.
 */
export type Label = string;
/**
 * How the conditions combine, by their labels: A and (B or C). It names every one. Absent: all have to hold.
 */
export type Logic = string;
/**
 * A field of a model: `customers.email` for short, or {model: customers, field: email}.
 */
export type Source1 =
  | string
  | {
      model: Reference1;
      /**
       * Name of the field in the model.
       */
      field: string;
    };
/**
 * A field of a model: `customers.email` for short, or {model: customers, field: email}.
 */
export type Source2 =
  | string
  | {
      model: Reference1;
      /**
       * Name of the field in the model.
       */
      field: string;
    };
/**
 * A field of a model: `customers.email` for short, or {model: customers, field: email}.
 */
export type Source3 =
  | string
  | {
      model: Reference1;
      /**
       * Name of the field in the model.
       */
      field: string;
    };
/**
 * For dbtcloud: the connection whose job starts the sync.
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
 * Records of one or more models, written to an object of a target connection.
 */
export interface Sync {
  /**
   * The kind of this resource.
   */
  kind: 'Sync';
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
   * What a run does with the records of the target. create: adds new ones; update: changes those that are there; updateOrCreate: both; replace: the target holds what the model holds, and nothing else; append: adds rows, and never changes one; remove: deletes those that match; snapshot: keeps what each run has seen. A target offers some of them.
   */
  mode?: 'create' | 'update' | 'updateOrCreate' | 'replace' | 'append' | 'remove' | 'snapshot';
  /**
   * Whether the schedule starts it. Absent: left as it is, since the API does not state a default.
   */
  active?: boolean;
  /**
   * Where the records go.
   */
  target?: {
    connection: Reference;
    /**
     * An object that exists, e.g. CUSTOMERS.CONTACTS.
     */
    object?: string;
    /**
     * Asks for a new object when the sync is created; afterwards `object` is the one that was made.
     */
    create?: {
      [k: string]: string | undefined;
    };
    /**
     * The name of the new object.
     */
    new_name?: string;
    configuration?: Configuration;
    /**
     * How the target's filters combine, by their letters: A AND (B OR C).
     */
    filter_logic?: string;
    extra?: Extra;
  };
  /**
   * Which field of a model goes to which field of the target. The order does not count.
   */
  fields?: FieldMapping[];
  /**
   * Constant values for fields of the target.
   */
  override_fields?: {
    /**
     * Field of the target.
     */
    target: string;
    /**
     * The constant.
     */
    override_value: string;
    /**
     * Asks for a new field in the target.
     */
    new?: boolean;
    /**
     * Mode of this field alone.
     */
    sync_mode?: string;
    /**
     * Encrypt the value.
     */
    encryption_enabled?: boolean;
    extra?: Extra;
  }[];
  identity?: Identity;
  /**
   * How a record of the model finds its record in the target, in several ways.
   */
  identities?: {
    /**
     * The identities. With strategy: priority the order counts.
     */
    mappings: Identity1[];
    /**
     * priority: the first that finds a record; and: all of them have to find it. Needed for more than one.
     */
    strategy?: 'priority' | 'and';
    extra?: Extra;
  };
  /**
   * Which records of the models take part.
   */
  model_filters?: {
    /**
     * The conditions. Without labels they are A, B, C … in their order.
     */
    conditions: ModelCondition[];
    logic?: Logic;
    extra?: Extra;
  };
  /**
   * Which records of the target take part, in modes that support it.
   */
  target_filters?: {
    /**
     * The conditions. Without labels they are A, B, C … in their order.
     */
    conditions: TargetCondition[];
    logic?: Logic;
    extra?: Extra;
  };
  /**
   * The older form of model_filters and target_filters. The order gives the letters A, B, C … that filter_logic uses.
   */
  filters?: {
    field?: Source;
    source?: Source2;
    /**
     * Id of a model's field, or the name of a target's field with field_type: Target.
     */
    field_id?: string;
    /**
     * Whose field it is. Absent: Model.
     */
    field_type?: 'Model' | 'Target';
    function: FilterFunction;
    /**
     * What is compared with: any JSON.
     */
    value?: {
      [k: string]: unknown | undefined;
    };
    /**
     * Has no effect: the server gives the letters, in order.
     */
    label?: string;
    extra?: Extra;
  }[];
  /**
   * How the filters combine, by their letters: A AND (B OR C).
   */
  filter_logic?: string;
  /**
   * Values that replace a source value where a condition holds.
   */
  overrides?: {
    field?: Source;
    source?: Source3;
    /**
     * Id of a model's field.
     */
    field_id?: string;
    function?: FilterFunction;
    /**
     * What is compared with: any JSON.
     */
    value?: {
      [k: string]: unknown | undefined;
    };
    /**
     * What is written instead: any JSON.
     */
    override?: {
      [k: string]: unknown | undefined;
    };
    extra?: Extra;
  }[];
  /**
   * When it runs.
   */
  schedule?: {
    /**
     * What starts a run. manual: a person or the API; continuous: again and again; hourly, daily, weekly: at the minute, hour and day beside it; custom: all five parts, as in cron; runafter: other syncs, see run_after; dbtcloud: a job, see connection and job_id. builder and multi come from the page of Polytomic.
     */
    frequency?:
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
    connection?: Reference2;
    /**
     * For dbtcloud: the number of the job.
     */
    job_id?: number;
    /**
     * For runafter: what must have run.
     */
    run_after?: {
      /**
       * The syncs, by key, that must have run.
       */
      syncs?: Reference3[];
      /**
       * The bulk syncs, by key, that must have run.
       */
      bulk_syncs?: Reference3[];
    };
    /**
     * Run only where all of them succeeded.
     */
    run_after_success_only?: boolean;
    extra?: Extra;
  };
  /**
   * What happens when records fail, and who is told: settings beside the sync. What is left out stays as it is.
   */
  error_handling?: {
    /**
     * Whether the next run tries records again that failed.
     */
    auto_retry_record_errors?: boolean;
    /**
     * Whether the subscribers are told when records fail.
     */
    notify_on_record_errors?: boolean;
    /**
     * Whether the subscribers are told of warnings, too.
     */
    warning_notifications?: boolean;
    /**
     * E-mail addresses of who is told, in place of all that are there; an empty list is nobody.
     */
    subscribers?: string[];
  };
  /**
   * Which changes count where the model is enriched: true leaves those of the enrichment aside. Passed on to the API as it is. Absent: false.
   */
  only_enrich_updates?: boolean;
  /**
   * Leave out the records that exist before the first run. Absent: false.
   */
  skip_initial_backfill?: boolean;
  /**
   * Send every record in each run. Absent: false.
   */
  sync_all_records?: boolean;
  /**
   * Passphrase of the encrypted fields. Write it as ${secret:NAME}.
   */
  encryption_passphrase?: string | null;
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
 * A free map: its keys are the API's own. Keys that the manifest does not mention keep their live values; null removes one.
 */
export interface Configuration {
  [k: string]: unknown | undefined;
}
/**
 * Fields that the API has and this version does not know: sent as they are, compared where an answer shows them, and not checked. null leaves one out. No secrets.
 */
export interface Extra {
  [k: string]: unknown | undefined;
}
export interface Field1 {
  source?: Source;
  /**
   * Field of the target.
   */
  target: string;
  /**
   * Asks for a new field in the target.
   */
  new?: boolean;
  /**
   * A constant that is written in place of the source.
   */
  override_value?: string;
  /**
   * Mode of this field alone, where the target supports it.
   */
  sync_mode?: string;
  /**
   * Encrypt the value.
   */
  encryption_enabled?: boolean;
  extra?: Extra;
}
/**
 * How a record of the model finds its record in the target. Short for identities with one mapping.
 */
export interface Identity {
  source: Source;
  /**
   * Field of the target.
   */
  target: string;
  /**
   * How the two are compared.
   */
  function: 'Equality' | 'ISubstring' | 'OneOf' | 'DomainMatch' | 'HostnameMatch';
  /**
   * Asks for a new field in the target.
   */
  new_field?: boolean;
  /**
   * Type of the new field. Absent: left as it is.
   */
  remote_field_type_id?: string;
  extra?: Extra;
}
export interface Identity1 {
  source: Source;
  /**
   * Field of the target.
   */
  target: string;
  /**
   * How the two are compared.
   */
  function: 'Equality' | 'ISubstring' | 'OneOf' | 'DomainMatch' | 'HostnameMatch';
  /**
   * Asks for a new field in the target.
   */
  new_field?: boolean;
  /**
   * Type of the new field. Absent: left as it is.
   */
  remote_field_type_id?: string;
  extra?: Extra;
}
export interface ModelCondition {
  source: Source;
  function: FilterFunction;
  /**
   * What is compared with: any JSON.
   */
  value?: {
    [k: string]: unknown | undefined;
  };
  label?: Label;
  extra?: Extra;
}
export interface TargetCondition {
  /**
   * Field of the target.
   */
  field: string;
  function: FilterFunction;
  /**
   * What is compared with: any JSON.
   */
  value?: {
    [k: string]: unknown | undefined;
  };
  value_source?: Source1;
  label?: Label;
  extra?: Extra;
}
