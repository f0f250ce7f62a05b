import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    globalSetup: ["tests/support/global.ts"],
    // Own processes: tests start servers, send signals and set environment variables.
    pool: "forks",
    // Two, so that a laptop of two cores is not the reason for a time-out.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A page shows what was clicked when it gets to it; one second is vitest's own patience.
    expect: { poll: { timeout: 15_000 } },
    // A test that hangs is a failure, not a wait.
    teardownTimeout: 30_000,
  },
});
