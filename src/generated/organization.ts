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
 * An organization that a partner, or who runs a deployment, looks after. It needs the key of one of these.
 */
export interface Organization {
  /**
   * The kind of this resource.
   */
  kind: 'Organization';
  key: Key;
  id?: PinnedId;
  external?: External;
  lifecycle?: Lifecycle;
  labels?: Labels;
  /**
   * Its name; no other organization of the partner has it.
   */
  name: string;
  /**
   * The address of the OpenID Connect provider that people sign in with. null: none, in place of one that is there.
   */
  issuer?: string | null;
  /**
   * What Polytomic is called at the issuer. No answer shows it: it is compared with what was last applied.
   */
  client_id?: string | null;
  /**
   * The secret that goes with client_id. Write it as ${secret:NAME}. The API wants it with every change.
   */
  client_secret?: string | null;
  /**
   * The domain of the e-mail addresses that sign in here.
   */
  sso_domain?: string | null;
  /**
   * The id of the organization at WorkOS.
   */
  sso_org_id?: string | null;
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
