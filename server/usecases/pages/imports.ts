import { existsSync } from "node:fs";
import path from "node:path";
import type pg from "pg";
import type { ImportReport } from "../../core/importing/report";
import type { ImportView } from "../../core/views/imports";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";
import { type ImportRunRow, listImportRuns, readImportRun } from "../../store/read/import-run";

/** An import as its page shows it. @throws InterveneError("not_found"). */
export async function readImport(deps: { pool: pg.Pool; home: string }, input: { run: string }): Promise<ImportView> {
  const row = await readImportRun(deps.pool, input.run);
  if (!row) throw new InterveneError("not_found", "There is no such import.");
  return view(row, deps.home);
}

/** The latest imports. */
export async function readImports(deps: { pool: pg.Pool; home: string }, input: { study?: string | undefined }): Promise<ImportView[]> {
  const rows = await listImportRuns(deps.pool, input.study ?? null, 10);
  return rows.map((row) => view(row, deps.home));
}

function view(row: ImportRunRow, home: string): ImportView {
  const { settings, result, failures, ...rest } = row;
  const name = (settings as { name?: unknown } | null)?.name;
  const { file } = reportOf(home, row.runId);
  return {
    ...rest,
    message: row.message || failures[0] || "",
    name: typeof name === "string" ? name : "",
    report: (result as ImportReport | null) ?? null,
    hasReport: existsSync(file),
  };
}

/** Where the report of an import lies, and what it is called for people. */
export function reportOf(home: string, runId: string): { file: string; name: string } {
  const name = `import-${runId}.jsonl`;
  return { file: path.join(homePaths(home).reports, name), name };
}
