// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * The address that it had.
 */
export type Address = string;
/**
 * The last day of the exception, YYYY-MM-DD in UTC. Absent: it has no end.
 */
export type Day = string;
/**
 * Rules that its end need not fit, each with the reason. Reports name them.
 */
export type RuleExceptions = RuleException[];

/**
 * What becomes of the live object of a manifest that is gone.
 */
export interface Removed {
  /**
   * The kind of this document.
   */
  kind: 'Removed';
  from: Address;
  /**
   * true: it is deleted, also where it was protected. false: it lives on, and is managed no more.
   */
  destroy: boolean;
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
