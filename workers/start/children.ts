import type { Env } from "@/server/env";
import { homePaths } from "@/server/home";
import { NEXT } from "./build-web";
import type { ChildSpec } from "./child";

/** What the children are told beside the environment they inherit. */
export interface Addresses {
  home: string;
  /** Folder of what can be made again, e.g. converted models. */
  cache: string;
  host: string;
  webPort: number;
  enginePort: number;
  databaseUrl: string;
  inferenceUrl: string;
}

/** What `npm start` runs beside the database, in the order of the start; the stop goes the other way. */
export interface Children {
  /** Not set when INFERENCE_URL names a server. */
  engine: ChildSpec | undefined;
  worker: ChildSpec;
  /** Not set by --no-web. */
  web: ChildSpec | undefined;
}

/** The shipped lab model, under the name that the lab study asks for. */
export const LAB_MODEL = "lab=workers/lab/model";

/** The programs of a normal start. */
export function standardChildren(env: Env, at: Addresses, options: { web: boolean }): Children {
  const common: NodeJS.ProcessEnv = {
    ...process.env,
    HOST: at.host,
    PORT: String(at.webPort),
    INTERVENE_HOME: at.home,
    DATABASE_URL: at.databaseUrl,
    INFERENCE_URL: at.inferenceUrl,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  return {
    engine: env.inferenceUrl
      ? undefined
      : {
          name: "engine",
          program: ["workers/engine/main.ts", "--model", LAB_MODEL, "--models", homePaths(at.home).models, "--cache", at.cache, "--host", "127.0.0.1", "--port", String(at.enginePort)],
          env: common,
          isReady: (line) => line.includes('"ready":true'),
          stopWithin: 8_000,
        },
    worker: { name: "worker", program: ["workers/worker/main.ts", "--files"], env: common, stopWithin: 15_000 },
    web: options.web ? { name: "web", program: [NEXT, "start", "--hostname", at.host, "--port", String(at.webPort)], env: common, stopWithin: 8_000 } : undefined,
  };
}
