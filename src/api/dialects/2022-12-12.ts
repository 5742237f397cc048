import type { Dialect } from '../dialect.js';

/** The version of Polytomic's quickstart. */
export const dialect: Dialect = {
  version: '2022-12-12',
  updateMethod: 'PATCH',
  syncList: 'whole',
  syncForms: 'older',
  connectionProxy: false,
  consoleLogs: false,
  bulk: { schedules: 'one', discovery: 'together', patchesFields: false },
  currentOrganization: false,
  modelJobs: false,
  enumeration: {
    source: 'source',
    chosen: 'plain',
    targetLevels: 'target',
    targetFields: 'target/fields',
    targetFieldsBy: 'body',
    refreshesFields: false,
  },
};
