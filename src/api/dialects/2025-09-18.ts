import type { Dialect } from '../dialect.js';

/** The current version. */
export const dialect: Dialect = {
  version: '2025-09-18',
  updateMethod: 'PUT',
  syncList: 'summaries',
  modelJobs: true,
};
