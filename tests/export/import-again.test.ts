import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ExportWish } from "@/server/core/exporting/request";
import { parseWish, resolve } from "@/server/usecases/exports/source";
import { writeExport } from "@/server/usecases/exports/write-export";
import { importFile } from "@/server/usecases/importing/import-file";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type ExportStudy, exportStudy } from "./support/study";

let db: TestDatabase;
let at: ExportStudy;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "intervene-again-"));
  db = await createTestDatabase("again");
  at = await exportStudy(db.pool, "there");
});
afterAll(async () => {
  await db.close();
  await rm(folder, { recursive: true, force: true });
});

const WISHES: [string, ExportWish][] = (["processbench", "prm800k"] as const).flatMap((format) =>
  (["jsonl", "parquet"] as const).map((file) => [`${format}.${file}`, { what: { kind: "table", table: "attempts" }, format, file }] as [string, ExportWish]),
);

it.each(WISHES)("labelled steps go out as %s and come back in with the same first errors", async (name, wish) => {
  const source = await resolve(db.pool, at.study, parseWish(wish));
  const deps = { pool: db.pool, encoder: () => Promise.reject(new Error("not asked for")), tool: "test" };
  const into = path.join(folder, name);
  const { counts, files } = await writeExport(deps, source, { folder: into });
  const report = await importFile({ pool: db.pool, reports: folder }, { file: path.join(into, files[0]?.name ?? ""), study: name });
  expect(report.badRows).toEqual([]);
  expect(report.rows.used).toBe(counts.rows);
  const errors = async (sql: string, study: string) =>
    (await db.pool.query<{ text: string; e: number | null }>(sql, [study])).rows.map((r) => `${r.e} ${r.text.replace(/\s+/g, " ")}`).sort();
  const back = await errors(
    `SELECT a.text, l.first_error AS e FROM label l JOIN attempt a ON a.id = l.attempt_id JOIN run r ON r.id = a.run_id
     JOIN study s ON s.id = r.study_id WHERE s.name = $1`,
    name,
  );
  expect(back.length).toBeGreaterThan(10);
  expect(new Set(back).size).toBeGreaterThan(3);
  // What people labelled is known without this code: the imported labels of the seeded study.
  const known = await errors(
    `SELECT a.text, l.first_error AS e FROM label l JOIN attempt a ON a.id = l.attempt_id JOIN run r ON r.id = a.run_id
     JOIN study s ON s.id = r.study_id WHERE s.name = $1 AND l.first_error IS NOT NULL`,
    "there",
  );
  // PRM800K labels the steps up to the first error; what follows is not in the label.
  if (name.startsWith("processbench")) for (const line of known) expect(back).toContain(line);
});
