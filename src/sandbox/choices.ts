/** What the API does not document, decided once, each with its reason. */
export const choices = {
  /** Validation fails with 422: the reference lists it for creates, and 400 for malformed bodies. */
  invalidStatus: 422,
  /** A mask that is sent back keeps the stored secret: losing a password would be worse. */
  maskKeepsSecret: true,
  /** What a mask looks like: the reference's own samples show eight asterisks. */
  mask: '********',
  /** Page size of lists: documented as default and maximum for syncs. */
  pageSize: 50,
  /** A create answers 201, a delete 204 without a body: plain HTTP usage, and any 2xx is a success. */
  createdStatus: 201,
  deletedStatus: 204,
  /** A sync without `active` is not active: nothing runs that nobody asked for. */
  defaultActive: false,
  /** A table that the sample data does not know gets these fields, so that anybody's manifests can be tried. */
  unknownTableFields: ['id', 'email', 'first_name', 'last_name', 'created_at', 'updated_at'],
  /** How many records a run of a sync writes: the sample tables are small. */
  recordsOfARun: 42,
  /** Actions of a policy; the vocabulary is not documented beyond these samples. */
  policyActions: ['create', 'read', 'update', 'delete'],
  /** A table of this schema does not exist: for trying out what a failed job looks like. */
  missingSchema: 'missing',
  /** A connection with this password is refused by the system behind it. */
  wrongPassword: 'wrong-password',
} as const;
