/** What the API has and no kind covers yet: counted by an export, so that nobody takes it for exported. */
export interface Other {
  readonly one: string;
  readonly many: string;
  /** Of its list. */
  readonly path: string;
}

/** A kind that is added takes its line away. From the operations of the API's reference. */
export const others: readonly Other[] = [];
