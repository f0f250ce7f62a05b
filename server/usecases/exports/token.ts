import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Sql } from "../../store/views/sql";
import { liveExports } from "../../store/exports/runs";
import { homePaths } from "../../home";

/**
 * A hub token that somebody gave for one push. It goes from the web to the worker through a file that only the owner of
 * the data folder can read, is removed when the push has ended, and is never written to the database or a log.
 */
export async function keepToken(home: string, runId: string, token: string): Promise<void> {
  const { secrets } = homePaths(home);
  await mkdir(secrets, { recursive: true, mode: 0o700 });
  await writeFile(path.join(secrets, runId), token, { mode: 0o600 });
}

/** The token that was given for a run; undefined when none was. */
export async function readToken(home: string, runId: string): Promise<string | undefined> {
  return readFile(path.join(homePaths(home).secrets, runId), "utf8").catch(() => undefined);
}

export async function forgetToken(home: string, runId: string): Promise<void> {
  await rm(path.join(homePaths(home).secrets, runId), { force: true });
}

/** Remove tokens of runs that are over: cancelled ones have nobody else to do it. */
export async function sweepTokens(home: string, sql: Sql): Promise<void> {
  const { secrets } = homePaths(home);
  const runs = await readdir(secrets).catch(() => []);
  if (runs.length === 0) return;
  const live = await liveExports(sql, runs);
  for (const run of runs) if (!live.has(run)) await forgetToken(home, run);
}
