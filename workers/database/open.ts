import type { Env } from "@/server/env";
import { InterveneError } from "@/server/errors";
import { homePaths, prepareHome, readRuntime } from "@/server/home";
import { connectDatabase, type Database, type PoolOptions } from "@/server/store/connection";
import { migrate } from "@/server/store/migrate";
import { version } from "../version";
import { releaseLock, takeLock } from "./lock";
import { startDatabaseServer } from "./server";

/**
 * The database for a command: DATABASE_URL; else that of the system which runs on the data folder; else the embedded
 * one, started for as long as the command needs it (until `close()`). Migrated in each case.
 * @throws InterveneError("cannot_start") when there is none to be had.
 */
export async function openDatabase(env: Env, options: PoolOptions = {}): Promise<Database> {
  if (env.databaseUrl) {
    await migrate(env.databaseUrl);
    return connectDatabase(env.databaseUrl, options);
  }
  prepareHome(env.home, version());
  const paths = homePaths(env.home);
  for (const giveUp = Date.now() + 60_000; ; await new Promise((r) => setTimeout(r, 200))) {
    const running = readRuntime(env.home);
    if (running) return connectDatabase(running.databaseUrl, options);
    // No system, or one that is just coming up, or another command; the lock tells.
    const holder = takeLock(paths.lock, "a command");
    if (!holder) break;
    if (Date.now() > giveUp) throw new InterveneError("cannot_start", `The data folder ${env.home} is in use by process ${holder.pid} (${holder.note}), which does not say where its database is: wait for it to end, or end it.`);
  }
  try {
    const server = await startDatabaseServer({ folder: paths.postgres, logFile: `${paths.logs}/database.log` });
    try {
      await migrate(server.url);
    } catch (error) {
      await server.stop();
      throw error;
    }
    const database = connectDatabase(server.url, options);
    return {
      ...database,
      async close() {
        await database.close();
        await server.stop();
        releaseLock(paths.lock);
      },
    };
  } catch (error) {
    releaseLock(paths.lock);
    throw error;
  }
}
