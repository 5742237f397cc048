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
 * The connection that is shared.
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
 * The organization that may use it.
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
 * A connection of this organization that another organization of the same partner may use. It needs the key of a partner or a deployment.
 */
export interface SharedConnection {
  /**
   * The kind of this resource.
   */
  kind: 'SharedConnection';
  key: Key;
  id?: PinnedId;
  external?: External;
  lifecycle?: Lifecycle;
  labels?: Labels;
  connection: Reference;
  organization: Reference1;
  /**
   * What it is called there when it is made; later it is the other organization's. Absent: the name of the connection.
   */
  name?: string;
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
