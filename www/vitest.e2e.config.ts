// Runs the tests that drive a real browser. Needs PODSCOPE_URL (a served build) and CHROME (a Chromium).

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/e2e/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two browsers on two cores make each other miss their beat: one file at a time, time to answer, and one more try,
    // which the report names.
    // Firefox is spoken to through a WebSocket, which Node 20 has behind a flag.
    execArgv: 'WebSocket' in globalThis ? [] : ['--experimental-websocket'],
    fileParallelism: false,
    retry: 1,
    expect: { poll: { timeout: 10_000 } },
  },
});
