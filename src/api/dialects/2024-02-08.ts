import type { Dialect } from '../dialect.js';

/** The version that Polytomic's Go client and Terraform provider speak. */
export const dialect: Dialect = {
  version: '2024-02-08',
  updateMethod: 'PUT',
  syncList: 'whole',
  syncForms: 'older',
  connectionProxy: false,
  consoleLogs: false,
  bulk: { schedules: 'one', discovery: 'apart', patchesFields: false },
  currentOrganization: false,
  modelJobs: true,
  enumeration: {
    source: 'modelsync/source',
    chosen: 'plain',
    sourceFields: 'modelsync/source/fields',
    targetObjects: 'modelsync/targetobjects',
    targetFields: 'modelsync/target/fields',
    targetFieldsBy: 'query',
    refreshesFields: false,
  },
};
