import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { migrate } from "@/server/store/migrate";
import { startDatabaseServer } from "@/workers/database/server";
import { ensureGenerated } from "@/workers/setup/ensure-generated";

declare module "vitest" {
  export interface ProvidedContext {
    /** Connection string of the server's maintenance database; see database.ts. */
    testServerUrl: string;
  }
}

/** Name of the migrated database that every test clones (database.ts). */
const TEMPLATE = "intervene_template";

/**
 * One embedded PostgreSQL for the whole run, in a folder of its own. At the end it goes, and the run fails if a test
 * left a connection or a process behind.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  ensureGenerated();
  const folder = mkdtempSync(path.join(tmpdir(), "intervene-test-"));
  const server = await startDatabaseServer({
    folder: path.join(folder, "postgres"),
    logFile: path.join(folder, "postgres.log"),
    // Tests kill processes, not machines: nothing here need survive a power cut.
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" },
  });
  const url = (database: string) => Object.assign(new URL(server.url), { pathname: `/${database}` }).href;
  const client = new pg.Client({ connectionString: url("postgres"), application_name: "test setup" });
  client.on("error", () => {});
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await migrate(url(TEMPLATE));
  project.provide("testServerUrl", url("postgres"));

  // Inherited by everything a test starts, and so a way to find what it left running.
  const mark = `INTERVENE_TEST_RUN=${randomUUID()}`;
  process.env.INTERVENE_TEST_RUN = mark.split("=")[1];

  return async () => {
    const left: string[] = [];
    try {
      // A process takes a moment to go, and a connection another: longer on a machine that does other things.
      for (let tries = 0; tries < 300; tries++) {
        const rows = await client.query<{ datname: string; application_name: string }>(
          "SELECT datname, application_name FROM pg_stat_activity WHERE datname IS NOT NULL AND pid <> pg_backend_pid()",
        );
        left.splice(
          0,
          left.length,
          ...rows.rows.map((r) => `a connection "${r.application_name}" to ${r.datname}`),
          ...processesWith(mark),
        );
        if (left.length === 0) break;
        await new Promise((r) => setTimeout(r, 100));
      }
    } finally {
      await client.end().catch(() => {});
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
    if (left.length > 0) throw new Error(`Tests left behind: ${left.join("; ")}`);
  };
}

/** Processes that inherited `mark` in their environment, except the test runner's own (Linux; elsewhere none). */
function processesWith(mark: string): string[] {
  let pids: string[];
  try {
    pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
  return pids.flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(mark)) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      // "" is a zombie; the runner's own workers and esbuild's service end with the runner.
      if (command === "" || /vitest|esbuild/.test(command)) return [];
      return [`process ${pid} (${command.slice(0, 120)})`];
    } catch {
      return []; // ended meanwhile
    }
  });
}
