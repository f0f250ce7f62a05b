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
  INFERENCE_API_KEY: z.string().min(1).optional(),
  TRAINER_PYTHON: z.string().min(1).optional(),
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
  inferenceApiKey: string | undefined;
  trainerPython: string | undefined;
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
  return {
    port: e.PORT,
    host: e.HOST,
    home: path.resolve(e.INTERVENE_HOME),
    databaseUrl: e.DATABASE_URL,
    inferenceUrl: e.INFERENCE_URL?.replace(/\/+$/, ""),
    inferenceApiKey: e.INFERENCE_API_KEY,
    trainerPython: e.TRAINER_PYTHON,
  };
}
