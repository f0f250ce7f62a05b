import type { Env } from "@/server/env";
import { type Runtime, readRuntime } from "@/server/home";
import type { Deps } from "@/server/usecases/deps";
import { withDatabase } from "./with-database";

export interface Surroundings {
  env: Env;
  /** The system that runs on the data folder. */
  running: Runtime | undefined;
  signal: AbortSignal;
}

/** As withDatabase, with the queue that use cases put jobs into. */
export function withDeps<T>(work: (deps: Deps, around: Surroundings) => Promise<T>): Promise<T> {
  return withDatabase(async (db, env, signal) => {
    const { createDeps } = await import("@/server/usecases/deps");
    const deps = createDeps({ databaseUrl: db.url, name: "intervene command", max: 4 });
    try {
      return await work(deps, { env, running: readRuntime(env.home), signal });
    } finally {
      await deps.close();
    }
  });
}
