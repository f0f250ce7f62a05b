import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { InterveneError } from "@/server/errors";

/**
 * Generate the Prisma client if it is missing or older than the schema (20 ms when it is neither). To be called before
 * anything is imported that imports server/store/connection.ts.
 * @throws InterveneError("cannot_start") with what Prisma said.
 */
export function ensureGenerated(): void {
  const script = fileURLToPath(new URL("generate.mjs", import.meta.url));
  const run = spawnSync(process.execPath, [script], { encoding: "utf8" });
  if (run.status !== 0) throw new InterveneError("cannot_start", run.stderr.trim() || String(run.error));
}
