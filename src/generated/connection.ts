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
 * The key of another resource of this repository, or {id: …} or {name: …} of an object that it does not manage.
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
 * The permission policies that apply to this object: keys, {name: …} (also of one that Polytomic keeps itself) or {id: …}; a text that is a UUID is an id. The order does not count.
 */
export type Policies = Reference[];

/**
 * A database, warehouse or application that data is read from or written to.
 */
export interface Connection {
  /**
   * The kind of this resource.
   */
  kind: 'Connection';
  key: Key;
  id?: PinnedId;
  external?: External;
  lifecycle?: Lifecycle;
  labels?: Labels;
  /**
   * What Polytomic shows. Unique among the connections of an organization.
   */
  name: string;
  /**
   * The connection type, e.g. mysql, snowflake, salesforce. It cannot change once the connection exists.
   */
  type?: string;
  /**
   * What the type asks for: host, account, credentials … Write credentials as ${secret:NAME}. Keys that the manifest does not mention keep their live values; null removes one.
   */
  configuration?: {
    [k: string]: unknown | undefined;
  };
  policies?: Policies;
  extra?: Extra;
  /**
   * How often the connection is checked, where the default does not fit. The API does not give it back, so it is compared with what was last applied.
   */
  healthcheck_interval?: string;
  /**
   * Whether calls may be sent through the connection: a switch beside it. What is left out stays as it is.
   */
  proxy_settings?: {
    /**
     * true: whoever holds a key of the organization can call the system behind with the connection's credentials.
     */
    enabled?: boolean;
  };
  /**
   * Where an OAuth authorisation returns to. Used when the connection is created.
   */
  redirect_url?: string;
  /**
   * false: create or update without trying the credentials against the system behind it.
   */
  validate?: boolean;
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
