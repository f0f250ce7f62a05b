import path from "node:path";
import { z } from "zod";
import type { RunDetailShape } from "../../core/programs/shapes";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";
import type { Deps } from "../deps";
import { type StartExport, startExport } from "../exports/start-export";
import type { PageDeps } from "../pages/find";
import { type FileOut, fileOut } from "./imports";
import { getRun } from "./runs";

/** Start an export; a worker writes it. @throws InterveneError as startExport does. */
export async function exportFrom(deps: Pick<Deps, "pool" | "queue"> & { home: string }, wish: StartExport): Promise<RunDetailShape> {
  const { runId, studyId } = await startExport(deps, wish, deps.home);
  return getRun(deps, studyId, runId);
}

const withFiles = z.object({ folder: z.string(), files: z.array(z.object({ name: z.string(), bytes: z.number() })) });

/**
 * One file of an export that is written. Only names that its result lists are opened.
 * @throws InterveneError("not_found" | "conflict")
 */
export async function exportFile(deps: PageDeps & { home: string }, study: string, run: string, name: string): Promise<FileOut> {
  const { result, state } = await getRun(deps, study, run, "export");
  const parsed = withFiles.safeParse(result);
  if (!parsed.success) {
    const why = state === "failed" || state === "cancelled" ? `${state} before anything was written` : "is not written yet";
    throw new InterveneError("conflict", `This export ${why}.`);
  }
  const { folder, files } = parsed.data;
  const names = files.map((f) => f.name);
  if (!names.includes(name)) throw new InterveneError("not_found", `This export has no file “${name.slice(0, 100)}”; it has ${names.join(", ")}.`);
  return fileOut(path.join(homePaths(deps.home).exports, path.basename(folder)), name);
}
