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
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A test that hangs is a failure, not a wait.
    teardownTimeout: 30_000,
  },
});
