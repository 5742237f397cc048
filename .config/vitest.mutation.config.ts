import { defineConfig } from 'vitest/config';

/** The tests that need no build and no other process: those that a mutation run repeats for each mutant. */
export default defineConfig({
  test: {
    include: ['test/{plan,apply,kinds}/**/*.test.ts'],
    testTimeout: 30_000,
    env: { NO_COLOR: '1' },
  },
});
