import path from "node:path";
import { z } from "zod";
import { InterveneError } from "./errors";

const url = (protocols: string[]) =>
  z.string().refine(
    (s) => {
      try {
        return protocols.includes(new URL(s).protocol);
      } catch {
        return false;
      }
    },
    { message: `must be a URL beginning with ${protocols.map((p) => `${p}//`).join(" or ")}` },
  );

const schema = z.object({
  PORT: z.coerce.number({ message: "must be a port number" }).int().min(0).max(65535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  INTERVENE_HOME: z.string().min(1).default("./.intervene"),
  DATABASE_URL: url(["postgres:", "postgresql:"]).optional(),
  INFERENCE_URL: url(["http:", "https:"]).optional(),
  INFERENCE_SERVER: z.enum(["vllm", "sglang"], { message: 'must be "vllm" or "sglang", what the server at INFERENCE_URL is' }).default("vllm"),
  INFERENCE_API_KEY: z.string().min(1).optional(),
  TRAINER_PYTHON: z.string().min(1).optional(),
  SERVE_HOOK: z.string().min(1).optional(),
  MLFLOW_TRACKING_URI: url(["http:", "https:"]).optional(),
  MLFLOW_TRACKING_TOKEN: z.string().min(1).optional(),
  HF_ENDPOINT: url(["http:", "https:"]).default("https://huggingface.co"),
  HF_TOKEN: z.string().min(1).optional(),
  API_RATE: z.coerce.number({ message: "must be a number of requests per second" }).min(0).default(50),
  API_BURST: z.coerce.number({ message: "must be a whole number of requests" }).int().min(1).default(200),
  API_MAX_BODY: z.coerce.number({ message: "must be a number of MiB" }).positive().max(1024).default(32),
});

/** The environment, parsed. Paths are absolute. Empty strings count as not set. */
export interface Env {
  port: number;
  host: string;
  /** Data folder. */
  home: string;
  /** Not set: the embedded PostgreSQL in `home`. */
  databaseUrl: string | undefined;
  /** Not set: the embedded engine. */
  inferenceUrl: string | undefined;
  /** What the server at inferenceUrl speaks. The embedded engine speaks vLLM's wire format. */
  inferenceServer: "vllm" | "sglang";
  inferenceApiKey: string | undefined;
  trainerPython: string | undefined;
  /** Command that makes the inference server serve a trained model (server/inference/serve-trained.ts); not set: the embedded engine finds it. */
  serveHook: string | undefined;
  /** An MLflow server that metrics of trainings are forwarded to; not set: none. Without a slash at its end. */
  mlflowUrl: string | undefined;
  mlflowToken: string | undefined;
  /** The Hugging Face hub or a mirror of it, for datasets by name; without a slash at its end. */
  hfEndpoint: string;
  /** For gated and private datasets, and for pushing. */
  hfToken: string | undefined;
  /** Requests per second that each key of /api/v1 has; 0: no limit. */
  apiRate: number;
  /** Requests that a key may make at once. */
  apiBurst: number;
  /** Largest body of /api/v1 that is held in memory, MiB; files that are uploaded are not. */
  apiMaxBody: number;
}

/**
 * Parse the environment. This is the only place that reads process.env for settings.
 * @throws InterveneError("cannot_start") that names the first wrong variable, its value and what it must be.
 */
export function parseEnv(source: Record<string, string | undefined> = process.env): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, v]) => v !== undefined && v !== ""));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const name = String(issue?.path[0] ?? "environment");
    throw new InterveneError("cannot_start", `${name}=${JSON.stringify(given[name])}: ${issue?.message ?? "is wrong"}`);
  }
  const e = parsed.data;
  if (e.INFERENCE_SERVER === "sglang" && e.INFERENCE_URL === undefined)
    throw new InterveneError("cannot_start", 'INFERENCE_SERVER="sglang": set INFERENCE_URL to the address of that server, too (the embedded engine is none)');
  return {
    port: e.PORT,
    host: e.HOST,
    home: path.resolve(e.INTERVENE_HOME),
    databaseUrl: e.DATABASE_URL,
    inferenceUrl: e.INFERENCE_URL?.replace(/\/+$/, ""),
    inferenceServer: e.INFERENCE_SERVER,
    inferenceApiKey: e.INFERENCE_API_KEY,
    trainerPython: e.TRAINER_PYTHON,
    serveHook: e.SERVE_HOOK,
    mlflowUrl: e.MLFLOW_TRACKING_URI?.replace(/\/+$/, ""),
    mlflowToken: e.MLFLOW_TRACKING_TOKEN,
    hfEndpoint: e.HF_ENDPOINT.replace(/\/+$/, ""),
    hfToken: e.HF_TOKEN,
    apiRate: e.API_RATE,
    apiBurst: e.API_BURST,
    apiMaxBody: e.API_MAX_BODY,
  };
}
