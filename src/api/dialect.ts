/** What stands below the systems that are enumerated. */
export const SYSTEMS = '/api/connections';

/** Paths of the enumeration below `/api/connections/{id}`; what a version lacks is absent. */
export interface EnumerationPaths {
  /** The levels of a source. */
  readonly source: string;
  /** How the levels chosen so far are sent: as parameters of their own, or as one of JSON. */
  readonly chosen: 'plain' | 'json';
  /** The fields of a source. */
  readonly sourceFields?: string;
  /** The levels of a target, `type` and `search` at a time. */
  readonly targetLevels?: string;
  /** All objects of a target at once. */
  readonly targetObjects?: string;
  /** The fields of a target object: a question with parameters, or one with a body. */
  readonly targetFields: string;
  readonly targetFieldsBy: 'query' | 'body';
  /** Whether fields can be read anew from the target (`refresh`). */
  readonly refreshesFields: boolean;
}

/** How bulk syncs are written and read. */
export interface BulkDialect {
  /** `schedule` alone, or `default_schedule` and additional ones. */
  readonly schedules: 'one' | 'several';
  /** What of a source is added by itself: `discover` for all of it, or objects and fields each by themselves. */
  readonly discovery: 'together' | 'apart';
  /** Whether a PATCH of schemas takes their fields along. */
  readonly patchesFields: boolean;
}

/** What differs between the versions of the API, and between keys, as far as this tool uses them. */
export interface Dialect {
  /** Value of the `X-Polytomic-Version` header. */
  readonly version: string;
  /** Whether the key is that of a partner or a deployment, which makes organizations, and acts in each of them. */
  readonly administers?: true;
  /** An update is a full replacement with either method. */
  readonly updateMethod: 'PATCH' | 'PUT';
  /** Lists of syncs: whole objects, or pages of summaries without fields, filters and overrides. */
  readonly syncList: 'whole' | 'summaries';
  /** How a sync says its identities and filters: the older form alone, or the newer one beside it. */
  readonly syncForms: 'older' | 'both';
  /** Whether calls may be sent through a connection, by a switch of its own. */
  readonly connectionProxy: boolean;
  /** Whether a run has lines of a console. */
  readonly consoleLogs: boolean;
  /** What bulk syncs can be told. */
  readonly bulk: BulkDialect;
  /** Whether the organization of the key has addresses of its own, by no id. */
  readonly currentOrganization: boolean;
  /** Whether models are asked to be built by a job (`async=true`). A job in an answer is always awaited. */
  readonly modelJobs: boolean;
  /** Where sources and targets are enumerated. */
  readonly enumeration: EnumerationPaths;
}
