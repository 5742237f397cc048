/** What differs between the versions of the API, as far as this tool uses them. */
export interface Dialect {
  /** Value of the `X-Polytomic-Version` header. */
  readonly version: string;
  /** An update is a full replacement with either method. */
  readonly updateMethod: 'PATCH' | 'PUT';
  /** Lists of syncs: whole objects, or pages of summaries without fields, filters and overrides. */
  readonly syncList: 'whole' | 'summaries';
  /** Whether models are asked to be built by a job (`async=true`). A job in an answer is always awaited. */
  readonly modelJobs: boolean;
}
