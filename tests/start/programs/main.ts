// npm start with small programs in place of the engine, the worker and the web app.
import { parseEnv } from "@/server/env";
import { InterveneError } from "@/server/errors";
import { superviseSystem } from "@/workers/start/supervisor";

const run = superviseSystem({
  env: parseEnv(),
  demo: false,
  web: true,
  prepareWeb: async () => {},
  children: (_env, at) => {
    const env = { ...process.env, DATABASE_URL: at.databaseUrl, PORT: String(at.webPort) };
    return {
      engine: { name: "engine", program: ["tests/start/programs/idle.mjs"], env, isReady: (line) => line === "ready", stopWithin: 500 },
      worker: { name: "worker", program: ["tests/start/programs/writer.ts"], env, stopWithin: 5_000 },
      web: { name: "web", program: ["tests/start/programs/web.mjs"], env, stopWithin: 5_000 },
    };
  },
});
process.exit(
  await run.catch((error: unknown) => {
    if (!(error instanceof InterveneError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }),
);
