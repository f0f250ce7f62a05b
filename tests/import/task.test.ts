import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { homePaths } from "@/server/home";
import { cancelRun, pauseRun, resumeRun } from "@/server/usecases/control-run";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startImport } from "@/server/usecases/importing/start";
import { findUpload, safeName, saveUpload } from "@/server/usecases/importing/uploads";
import { importFromFile } from "@/server/usecases/stages/import";
import { readImport } from "@/server/usecases/pages/imports";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startFilesWorker } from "./support/files-worker";

/** Imports that a worker runs: with its own process, killed and cancelled. */
let db: TestDatabase;
let deps: Deps & { home: string; hub: { endpoint: string; token: string | undefined } };
let home: string;
beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "intervene-task-"));
  db = await createTestDatabase("import task");
  deps = Object.assign(createDeps({ databaseUrl: db.url, name: "test import task" }), { home, hub: { endpoint: "http://127.0.0.1:9", token: undefined } });
});
afterAll(async () => {
  await deps.close();
  await db.close();
  rmSync(home, { recursive: true, force: true });
});

/** Ten attempts of each problem one after another, so that an interruption falls between the attempts of a problem; every 500th row is bad. */
function* rollouts(n: number): Generator<string> {
  for (let i = 0; i < n; i++) {
    const p = Math.floor(i / 10);
    const row = i % 500 === 499 ? { problem: `p${p}` } : { problem: `p${p}`, answer: String(p), attempt: `Same text.\n\n${"word ".repeat(200)}\n\n\\boxed{${i % 2 === 0 ? p : 0}}`, model: i % 3 === 0 ? "a" : "b" };
    yield `${JSON.stringify(row)}\n`;
  }
}

const upload = (name: string, n: number) => saveUpload(home, name, Readable.from(rollouts(n)));
const count = async (sql: string, ...values: unknown[]) => Number((await db.pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`, values)).rows[0]?.n);

async function until(run: string, what: (v: Awaited<ReturnType<typeof readImport>>) => boolean, ms = 60_000) {
  for (const giveUp = Date.now() + ms; ; await sleep(40)) {
    const seen = await readImport(deps, { run });
    if (what(seen)) return seen;
    if (Date.now() > giveUp) throw new Error(`waited in vain; the import is ${seen.state} with ${seen.done} of ${seen.total}: ${seen.message}`);
  }
}

test("kill -9 in the middle: another worker goes on after the last batch, and no row is lost or doubled", async () => {
  const ROWS = 20_000;
  const file = await upload("long.jsonl", ROWS);
  const { runId } = await startImport(deps, { study: "killed", source: { upload: file.id } });
  expect(await readImport(deps, { run: runId })).toMatchObject({ state: "queued", name: "long.jsonl", study: "killed" });
  const doomed = await startFilesWorker({ databaseUrl: db.url, home });
  const before = await until(runId, (v) => v.done > 2_000);
  await doomed.stop("SIGKILL");
  const left = await readImport(deps, { run: runId });
  expect(left.done).toBeLessThan(ROWS);
  expect(left.total).toBeGreaterThan(left.done);
  expect(before.report?.rows.read).toBeGreaterThan(0);

  const next = await startFilesWorker({ databaseUrl: db.url, home });
  try {
    const after = await until(runId, (v) => v.state === "done", 90_000);
    expect(after).toMatchObject({ done: ROWS, total: ROWS, message: "", hasReport: true });
    expect(after.report).toMatchObject({
      rows: { read: ROWS, used: ROWS - 40, bad: 40 },
      problems: { added: ROWS / 10 },
      // All that was written was written by this import: nothing was met that it had written before its death.
      attempts: { added: ROWS - 40, present: 0 },
      models: expect.arrayContaining(["a", "b"]),
    });
  } finally {
    await next.stop();
  }
  expect(await count("attempt")).toBe(ROWS - 40);
  expect(await count("grade")).toBe(ROWS - 40);
  expect(await count("attempt WHERE reward = 1")).toBe(await count("attempt a JOIN problem p ON p.id = a.problem_id WHERE a.text LIKE '%boxed{' || p.answer || '}%'"));
  // The n-th attempt of a model at a problem is its sample n - 1, without gaps.
  expect(await count("(SELECT 1 FROM attempt GROUP BY run_id, problem_id HAVING max(sample_index) + 1 <> count(*)) AS gaps")).toBe(0);
  expect(await count("import_place")).toBe(0);
  const told = readFileSync(path.join(homePaths(home).reports, `import-${runId}.jsonl`), "utf8").trim().split("\n").map((l) => JSON.parse(l));
  expect(told.map((t) => t.row)).toEqual(Array.from({ length: 40 }, (_, i) => (i + 1) * 500));
  expect(existsSync(path.join(homePaths(home).uploads, file.id))).toBe(false);
  const runs = await db.pool.query("SELECT state::text FROM run WHERE stage = 'import' AND pipeline_id IS NULL");
  expect(runs.rows).toEqual([{ state: "done" }, { state: "done" }]);
}, 180_000);

test("paused, resumed and cancelled; what was read stays", async () => {
  const file = await upload("stopped.jsonl", 30_000);
  const { runId, pipelineId } = await startImport(deps, { study: "stopped", source: { upload: file.id }, mapping: { model: { value: "only" } } });
  const worker = await startFilesWorker({ databaseUrl: db.url, home });
  try {
    await until(runId, (v) => v.done > 1_000);
    await pauseRun(deps, { pipelineId });
    const paused = await until(runId, (v) => v.state === "paused");
    await sleep(2_500);
    const still = await readImport(deps, { run: runId });
    expect(still.done).toBeLessThan(30_000);
    expect(still.done - paused.done).toBeLessThan(15_000);
    await resumeRun(deps, { pipelineId });
    await until(runId, (v) => v.done > still.done);
    await cancelRun(deps, { pipelineId });
    const cancelled = await until(runId, (v) => v.state === "cancelled");
    await sleep(3_000);
    const kept = await count("attempt a JOIN model m ON m.id = a.model_id WHERE m.name = 'only'");
    expect(kept).toBeGreaterThan(1_000);
    expect(kept).toBeLessThan(30_000);
    expect(cancelled.report?.attempts.added).toBeGreaterThan(0);
    expect((await db.pool.query("SELECT state::text FROM run r JOIN model m ON m.id = r.model_id WHERE m.name = 'only'")).rows).toEqual([{ state: "cancelled" }]);
  } finally {
    await worker.stop();
  }
}, 120_000);

test("a worker that was frozen and wakes while another one goes on writes nothing more", async () => {
  const file = await upload("twice.jsonl", 3_000);
  const { runId, studyId } = await startImport(deps, { study: "twice", source: { upload: file.id } });
  const { rows } = await db.pool.query<{ id: string }>("SELECT id FROM work_item WHERE run_id = $1", [runId]);
  await db.pool.query("UPDATE run SET state = 'running' WHERE id = $1", [runId]);
  const stop = new AbortController();
  const context = {
    pool: db.pool,
    home,
    item: { id: rows[0]?.id, runId, studyId, checkpoint: null },
    settings: { source: { upload: file.id }, name: "twice.jsonl", study: "twice", format: "auto", mapping: {} },
    signal: stop.signal,
  } as unknown as Parameters<typeof importFromFile>[0];
  const both = await Promise.allSettled([
    importFromFile(context).finally(() => stop.abort(new Error("taken over"))),
    importFromFile({ ...context, signal: AbortSignal.any([stop.signal]) }),
  ]);
  expect(both.map((b) => b.status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(await count("attempt a JOIN run r ON r.id = a.run_id WHERE r.study_id = $1", studyId)).toBe(3_000 - 6);
}, 60_000);

test("an import that cannot be started says why, one that fails says why", async () => {
  const source = { upload: "00000000-0000-4000-8000-000000000000" };
  await expect(startImport(deps, { study: "x", source })).rejects.toThrow(/not there any more/);
  await expect(startImport(deps, { study: " ", source })).rejects.toThrow(/Name the study/);
  const file = await saveUpload(home, "unknown.jsonl", Readable.from(['{"text": "hello"}\n']));
  await expect(startImport(deps, { study: "x", source: { upload: file.id }, format: "gsm9k" })).rejects.toThrow(/no format "gsm9k"/);
  const { runId } = await startImport(deps, { study: "x", source: { upload: file.id } });
  const worker = await startFilesWorker({ databaseUrl: db.url, home });
  try {
    const failed = await until(runId, (v) => v.state === "failed");
    expect(failed.message).toMatch(/format of unknown\.jsonl is not known: its first row has the fields text/);
  } finally {
    await worker.stop();
  }
}, 60_000);

test("uploads keep their name, not their path; one that is cut off is not kept", async () => {
  expect(safeName("../../etc/passwd")).toBe("passwd");
  expect(safeName("C:\\data\\a b.jsonl")).toBe("a b.jsonl");
  expect(safeName("..")).toBe("upload");
  const kept = await saveUpload(home, "/tmp/../x.csv", Readable.from(["a,b\n"]), 4);
  expect(await findUpload(home, kept.id)).toMatchObject({ name: "x.csv", bytes: 4 });
  await expect(saveUpload(home, "cut.csv", Readable.from(["a,b\n"]), 400)).rejects.toThrow(/Only 4 of 400 bytes of cut\.csv arrived/);
  await expect(findUpload(home, "../reports")).rejects.toThrow(/not there/);
});
