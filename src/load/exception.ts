/** A rule that a resource need not fit, and why. */
export interface RuleException {
  readonly rule: string;
  readonly reason: string;
  /** Its last day, as 2027-01-31. */
  readonly until?: string;
}
