import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    // Runs of whole processes wait for each other on a small machine; a test that hangs still ends.
    testTimeout: 180_000,
    reporters: ['default', './.config/slowest.mjs'],
    // Much of the time is spent waiting for processes: one worker for each core.
    maxWorkers: '100%',
    // Test files share what they import: reading it again for each is a quarter of all the work.
    isolate: false,
    // Tests must not inherit colours, proxies or keys from whoever runs them.
    env: {
      NO_COLOR: '1',
      HTTPS_PROXY: '',
      HTTP_PROXY: '',
      https_proxy: '',
      http_proxy: '',
      POLYTOMIC_API_KEY: '',
      // Nor leave anything in their caches.
      XDG_CACHE_HOME: path.join(tmpdir(), 'polytomic-gitops-tests'),
    },
  },
});
