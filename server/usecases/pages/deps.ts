import type { Env } from "../../env";
import { InterveneError } from "../../errors";
import { connectDatabase } from "../../store/connection";
import type { PageDeps } from "./find";

export interface Deps extends PageDeps {
  databaseUrl: string;
}

/** Open what pages need. @throws InterveneError("cannot_start") without DATABASE_URL: the supervisor passes it on. */
export function openDeps(env: Env): Deps {
  if (env.databaseUrl === undefined) {
    throw new InterveneError("cannot_start", "DATABASE_URL is not set. `npm start` starts the web pages together with their database.");
  }
  const { pool } = connectDatabase(env.databaseUrl, { name: "intervene web" });
  return { pool, databaseUrl: env.databaseUrl };
}
