/** What the API does not document, decided once, each with its reason. */
export const choices = {
  /** Validation fails with 422: the reference lists it for creates, and 400 for malformed bodies. */
  invalidStatus: 422,
  /** A mask that is sent back keeps the stored secret: losing a password would be worse. */
  maskKeepsSecret: true,
  /** What a mask looks like: the reference's own samples show eight asterisks. */
  mask: '********',
  /** Page size of lists: documented as default and maximum for syncs; models and bulk syncs in prose alone. */
  pageSize: 50,
  /** Page size of events, and the most that may be asked for: documented. */
  eventsPage: { usual: 10, most: 100 },
  /** A create answers 201, a delete 204 without a body: plain HTTP usage, and any 2xx is a success. */
  createdStatus: 201,
  deletedStatus: 204,
  /** A sync without `active` is not active: nothing runs that nobody asked for. */
  defaultActive: false,
  /** An update of a sync that names none of several identities, or comes by a version without words for its filters. */
  losesIdentitiesOrFilters: false,
  /** Properties that a type does not declare are ignored: a client may be newer than what we know. */
  unknownPropertiesIgnored: true,
  /** A table that the catalogue does not know gets these fields, so that anybody's manifests can be tried. */
  unknownTableFields: ['id', 'email', 'first_name', 'last_name', 'created_at', 'updated_at'],
  /** Records that a run of some alone may be told by `source_identities`: documented. */
  mostSourceIdentities: 1000,
  /** How many records a table has, and a run therefore writes: small, so that samples are readable. */
  recordsOfATable: 42,
  /** What a target gets of a field that is encrypted: nobody here has the passphrase at hand, nor a need to read it. */
  encryptedValue: '(encrypted)',
  /** A test run reads, and says what it would write. */
  testRunWrites: false,
  /** Records of a sample or a preview. */
  sampleSize: 10,
  /** Actions of a policy; the vocabulary is not documented beyond these samples. */
  policyActions: ['create', 'read', 'update', 'delete'],
  /** A table of this schema does not exist: for trying out what a failed job looks like. */
  missingSchema: 'missing',
  /** When the token of an authorised connection ends: far off, and the same in every run. */
  tokenExpiry: '2099-01-01T00:00:00Z',
  /** A connection with this password is refused by the system behind it. */
  wrongPassword: 'wrong-password',
  /** Statuses of a connection: `healthy` is the reference's sample; the other is the least surprising. */
  connectionStatus: { healthy: 'healthy', waiting: 'unauthorized' },
  /** What a schema cache says of itself, by the reference's prose. */
  cacheStatus: { refreshing: 'refreshing', fresh: 'fresh' },
  /** Of the two refusals that a missing cache is known to give, the one that says what is going on. */
  cacheNotReady: { status: 422, message: 'schema cache refresh in progress' },
  /** A PUT of a bulk sync without `schemas` keeps the selection: the prose says it is not changed there. */
  bulkUpdateKeepsSchemas: true,
  /** The secret of a webhook is masked when read: a secret that a GET shows is one no longer. */
  webhookSecretMasked: true,
  /** Nothing is ever sent to a webhook's endpoint: the sandbox makes no call to anywhere, and notes a success. */
  webhooksDelivered: false,
  /** What an attempt at an endpoint below .invalid is said to have failed of. */
  unresolved: 'dns',
  /** Why a webhook is off that somebody switched off. */
  webhookDisabledReason: 'manual',
  /** How a key calls itself; its mode is a user's, as that of a temporary credential is by default. */
  credential: { method: 'api_key', userMode: 'user' },
  /** What a user may do is not looked at: neither roles nor policies have documented effects on the API. */
  policiesEnforced: false,
  /** A second key of a user without `force`: of the statuses that the reference lists, the one that fits. */
  secondKeyStatus: 403,
  /** A repeated idempotency key with another body gets the first answer too: that is what is documented. */
  idempotencyComparesBodies: false,
  /** A 500 is an answer of the application, and recorded for its key; 502, 503 and 504 come from before it. */
  recordedErrors: [500],
  /** How long an idempotency key is remembered, in milliseconds: the documented least. */
  idempotencyMs: 24 * 60 * 60 * 1000,
  /** How deep a body may be nested: deeper than any that means something, before anything overflows. */
  deepestBody: 200,
  /** Error handling of a sync that nobody has set: nothing is retried, nobody is told. */
  errorHandling: {
    auto_retry_record_errors: false,
    notify_on_record_errors: false,
    subscribers: [],
    warning_notifications: false,
  },
  /** How many records a call to an application takes along: it makes usage something to look at. */
  recordsOfACall: 10,
  /** Records of a page of query results: few, so that there are pages. */
  queryPage: 20,
  /** How long a Connect session lasts, in seconds: documented. */
  connectTtl: { usual: 300, most: 604_800 },
  /** What the proxy takes and gives; its sizes, its pace and its patience are documented elsewhere, in prose. */
  proxy: {
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    blockedRequestHeaders: ['authorization', 'cookie', 'host', 'content-length', 'connection'],
    blockedResponseHeaders: ['set-cookie', 'connection', 'transfer-encoding'],
    maxRequestBytes: 256 * 1024,
    maxResponseBytes: 1024 * 1024,
    callsPerMinute: 60,
    timeoutMs: 30_000,
  },
  /** How long links to logs hold, in milliseconds. */
  linkMs: 60 * 60 * 1000,
  /** A file of a log: a redirect to a link, as the reference's prose says and its type (nothing) allows. */
  logRedirect: 302,
  /** Old bulk schedules of frequency `multi` are taken as their first schedule: what else they hold is gone. */
  multiBecomesFirst: true,
} as const;
