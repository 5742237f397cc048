// Generated from schemas/ by `npm run generate`. Edit the schema instead.

/**
 * Values of every resource of a kind in this folder and below it: the manifest where it speaks, then the nearest of these.
 */
export interface Defaults {
  /**
   * The kind of this document.
   */
  kind: 'Defaults';
  /**
   * The kind of the resources that get these values.
   */
  for:
    | 'BulkSync'
    | 'Connection'
    | 'ErrorSubscribers'
    | 'Model'
    | 'Organization'
    | 'Policy'
    | 'PrimaryKeys'
    | 'RecordLogging'
    | 'Role'
    | 'SchemaField'
    | 'SharedConnection'
    | 'Sync'
    | 'User'
    | 'Webhook';
  /**
   * The values, as a manifest of that kind has them. Maps are merged; in a manifest null takes a value away.
   */
  values: {
    [k: string]: unknown | undefined;
  };
}
