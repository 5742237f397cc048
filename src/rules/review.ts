/** What people said of a proposal, as the Action reads it of its pull request. */
export interface Review {
  /** Labels of the pull request. */
  readonly labels: readonly string[];
  /** Who approved it as it is now: `@user` and `@organization/team`, in lower case. */
  readonly approvedBy: readonly string[];
}
