import type { Dialect } from '../dialect.js';

/** The current version. */
export const dialect: Dialect = {
  version: '2025-09-18',
  updateMethod: 'PUT',
  syncList: 'summaries',
  syncForms: 'both',
  connectionProxy: true,
  consoleLogs: true,
  bulk: { schedules: 'several', discovery: 'apart', patchesFields: true },
  currentOrganization: true,
  modelJobs: true,
  enumeration: {
    source: 'modelsync/source',
    chosen: 'json',
    sourceFields: 'modelsync/source/fields',
    targetObjects: 'modelsync/targetobjects',
    targetFields: 'modelsync/target/fields',
    targetFieldsBy: 'query',
    refreshesFields: true,
  },
};
