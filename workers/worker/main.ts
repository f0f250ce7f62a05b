import { parseEnv } from "@/server/env";
import { InterveneError, messageOf } from "@/server/errors";

/** Finishing is not waited for longer than this (ms): the heartbeat of what is left ends, and others take it. */
const STOP_WITHIN = 4_500;

/** A worker process. `--files`: it shares INTERVENE_HOME with the web, and takes imports and exports too. Ends on SIGTERM or SIGINT, handing back the jobs in hand. */
async function main(): Promise<void> {
  const { ensureGenerated } = await import("../setup/ensure-generated");
  ensureGenerated();
  const env = parseEnv();
  if (!env.databaseUrl || !env.inferenceUrl) {
    throw new InterveneError(
      "cannot_start",
      "A worker needs DATABASE_URL and INFERENCE_URL. `npm start` runs one with both set, and `npm run intervene -- worker` finds those of a running system.",
    );
  }
  const { startWorker } = await import("./worker");
  const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);

  let ending = false;
  let running: { stop(): Promise<void> } | undefined;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), STOP_WITHIN).unref();
    (running?.stop() ?? Promise.resolve())
      .catch((error: unknown) => log(`stopping: ${messageOf(error)}`))
      .finally(() => process.exit(0));
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);

  const worker = await startWorker({
    databaseUrl: env.databaseUrl,
    inferenceUrl: env.inferenceUrl,
    inferenceServer: env.inferenceServer,
    inferenceApiKey: env.inferenceApiKey,
    home: process.argv.includes("--files") ? env.home : undefined,
    log,
  });
  running = worker;
  if (ending) await worker.stop();
  log(`worker ${worker.id} is ready (process ${process.pid}, inference at ${env.inferenceUrl})`);
}

main().catch((error: unknown) => {
  console.error(error instanceof InterveneError ? error.message : error);
  process.exit(error instanceof InterveneError && error.kind === "cannot_start" ? 2 : 1);
});
