import path from "node:path";
import type { homePaths } from "@/server/home";
import { type DatabaseServer, startDatabaseServer } from "../database/server";
import { type Kept, keep, type Life } from "./keep";
import { rotateBeforeStart } from "./log-file";

/** Start the embedded database and keep it running on the same port, so that nobody's URL changes. */
export async function keepDatabase(paths: ReturnType<typeof homePaths>, tell: (text: string) => void, changed: () => void): Promise<{ url: string; kept: Kept }> {
  const logFile = path.join(paths.logs, "database.log");
  rotateBeforeStart(logFile);
  const first = await startDatabaseServer({ folder: paths.postgres, logFile });
  const life = (server: DatabaseServer): Life => ({ pid: server.pid, ended: server.exited.then(() => `see ${logFile}`), stop: () => server.stop() });
  const kept = keep(life(first), {
    start: async () => life(await startDatabaseServer({ folder: paths.postgres, logFile, port: first.port })),
    tell,
    changed,
    // Everything waits for it, and its start is cheap.
    pauses: [200, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000],
  });
  return { url: first.url, kept };
}
