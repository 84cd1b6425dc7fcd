// Runs the tests that drive a real browser. Needs PODSCOPE_URL (a served build) and CHROME (a Chromium).

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A browser waits as much as it works: two files at a time, and a slow machine may take its time to answer.
    maxWorkers: 2,
    expect: { poll: { timeout: 10_000 } },
  },
});
