import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { exportManifestSchema } from "@/server/core/exporting/manifest";
import { homePaths } from "@/server/home";
import { findExport } from "@/server/store/exports/runs";
import { cancelRun } from "@/server/usecases/control-run";
import { InterveneError } from "@/server/errors";
import { loadChat } from "@/server/inference/chat";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { encoderOf } from "@/server/usecases/exports/encoder";
import { downloadExport } from "@/server/usecases/exports/download";
import { startExport, startPush } from "@/server/usecases/exports/start-export";
import { readExportPreview, readExports, removeExport } from "@/server/usecases/pages/exports";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type HubStandIn, startHub } from "./support/hub-stand-in";
import { readJsonLines } from "./support/read";
import { type ExportStudy, exportStudy } from "./support/study";

const TOKEN = "hf_0123456789abcdefghijklmnop";
const SLOW = 90_000;

let db: TestDatabase;
let deps: Deps;
let at: ExportStudy;
let home: string;
let hub: HubStandIn;
let worker: RunningWorker | undefined;
const log: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase("export_task");
  deps = createDeps({ databaseUrl: db.url, name: "test export" });
  at = await exportStudy(db.pool, "tasks");
  home = await mkdtemp(path.join(os.tmpdir(), "intervene-export-home-"));
  hub = await startHub({ token: TOKEN, owners: ["team"] });
  process.env.HF_ENDPOINT = hub.endpoint;
  delete process.env.HF_TOKEN;
});
afterEach(async () => {
  await worker?.stop();
  worker = undefined;
});
afterAll(async () => {
  await deps.close();
  await db.close();
  await hub.close();
  delete process.env.HF_ENDPOINT;
  await rm(home, { recursive: true, force: true });
}, SLOW);

// Exports ask no inference server, unless a tokenizer is needed.
const start = async () => {
  worker = await startWorker({ databaseUrl: db.url, inferenceUrl: "http://127.0.0.1:9", home, log: (line) => log.push(line) });
};

async function over(runId: string, within = 60_000) {
  for (const until = Date.now() + within; Date.now() < until; await sleep(100)) {
    const run = await findExport(db.pool, at.study.id, runId);
    if (run && ["done", "failed", "cancelled"].includes(run.state)) return run;
  }
  throw new Error(`the export has not ended:\n${log.join("\n")}`);
}
const folderOf = (runId: string) => path.join(homePaths(home).exports, runId);
const attempts = { study: "tasks", what: { kind: "table", table: "attempts" }, format: "jsonl" } as const;

describe("an export as a task of a worker", () => {
  it("is written, listed, downloaded and removed", { timeout: SLOW }, async () => {
    await start();
    const { runId } = await startExport(deps, attempts);
    const run = await over(runId);
    expect([run.state, run.message]).toEqual(["done", ""]);
    expect([run.done, run.total]).toEqual([24, 24]);
    expect(run.result?.files.map((f) => f.name)).toEqual(["train.jsonl", "README.md", "manifest.json"]);
    expect(run.result?.load).toContain('load_dataset("json"');
    const rows = await readJsonLines(path.join(folderOf(runId), "train.jsonl"));
    expect(rows).toHaveLength(24);

    const [listed] = await readExports(db, { study: "tasks" }, home);
    expect(listed).toMatchObject({ id: runId, there: true, state: "done" });
    const file = await downloadExport(db.pool, home, runId, "train.jsonl");
    expect(file).toMatchObject({ name: "tasks-attempts-jsonl-train.jsonl", type: "application/x-ndjson; charset=utf-8" });
    file?.stream.destroy();
    for (const wrong of ["../../postgres/PG_VERSION", "..", "train.parquet", ""])
      expect(await downloadExport(db.pool, home, runId, wrong)).toBeNull();
    expect(await downloadExport(db.pool, home, "nonsense", "train.jsonl")).toBeNull();

    const archive = await downloadExport(db.pool, home, runId, "all.tar");
    const parts: Buffer[] = [];
    for await (const part of archive?.stream ?? []) parts.push(Buffer.from(part as Uint8Array));
    const tar = Buffer.concat(parts);
    expect(tar.length).toBe(archive?.size);
    const { execFileSync } = await import("node:child_process");
    const names = execFileSync("tar", ["tf", "-"], { input: tar }).toString().trim().split("\n");
    expect(names).toEqual(["train.jsonl", "README.md", "manifest.json"].map((f) => `tasks-attempts-jsonl/${f}`));
    const text = execFileSync("tar", ["xOf", "-", names[0] ?? ""], { input: tar, maxBuffer: 1 << 26 }).toString();
    expect(text).toBe(await readFile(path.join(folderOf(runId), "train.jsonl"), "utf8"));
    const zip = await downloadExport(db.pool, home, runId, "all.zip");
    expect(zip).toMatchObject({ name: "tasks-attempts-jsonl.zip", type: "application/zip" });
    let bytes = 0;
    for await (const part of zip?.stream ?? []) bytes += (part as Uint8Array).length;
    expect(bytes).toBe(zip?.size);

    await removeExport(db, { study: "tasks", runId }, home);
    expect(existsSync(folderOf(runId))).toBe(false);
    expect(await readExports(db, { study: "tasks" }, home)).toEqual([]);
  });

  it("begins anew after a worker that died while writing, and leaves nothing half written", { timeout: SLOW }, async () => {
    const { runId } = await startExport(deps, attempts);
    // What a killed worker leaves: a folder under way, with part of the rows.
    const { mkdir, writeFile } = await import("node:fs/promises");
    await mkdir(`${folderOf(runId)}.part`, { recursive: true });
    await writeFile(path.join(`${folderOf(runId)}.part`, "train.jsonl"), '{"half": ');
    await start();
    expect((await over(runId)).state).toBe("done");
    expect(await readJsonLines(path.join(folderOf(runId), "train.jsonl"))).toHaveLength(24);
    expect((await readdir(homePaths(home).exports)).filter((f) => f.endsWith(".part"))).toEqual([]);
    const manifest = exportManifestSchema.parse(JSON.parse(await readFile(path.join(folderOf(runId), "manifest.json"), "utf8")));
    expect(manifest.what).toEqual({ kind: "table", table: "attempts" });
  });

  it("fails with its sentence where the data set is gone, and can be cancelled before it begins", { timeout: SLOW }, async () => {
    const gone = await startExport(deps, { study: "tasks", what: { kind: "dataset", name: "hints" }, format: "verl-rl" });
    const { runId } = await startExport(deps, attempts);
    await db.pool.query("DELETE FROM dataset WHERE name = 'hints'");
    const waiting = await findExport(db.pool, at.study.id, runId);
    await cancelRun(deps, { pipelineId: waiting?.pipelineId ?? "" });
    await start();
    expect(await over(gone.runId)).toMatchObject({ state: "failed", message: expect.stringMatching(/no data set called “hints”/) });
    expect((await over(runId)).state).toBe("cancelled");
    expect(existsSync(folderOf(runId))).toBe(false);
  });

  it("refuses at once what cannot be written", async () => {
    await expect(startExport(deps, { ...attempts, study: "no such" })).rejects.toThrow(/no study called “no such”/);
    await expect(startExport(deps, { ...attempts, push: { repo: "just-a-name" } })).rejects.toThrow(/must be OWNER\/NAME/);
    await db.pool.query("UPDATE model SET served_name = '' WHERE study_id = $1", [at.study.id]);
    await expect(
      startExport(deps, { study: "tasks", what: { kind: "dataset", name: "int" }, format: "trl-tokenised" }),
    ).rejects.toThrow(/needs the tokenizer of the model .* names no served model/);
    await db.pool.query("UPDATE model SET served_name = 'lab' WHERE study_id = $1", [at.study.id]);
  });
});

describe("pushing from a worker", () => {
  it("uses the token of this one push, which is nowhere else and gone afterwards", { timeout: SLOW }, async () => {
    const wish = { ...attempts, format: "parquet", push: { repo: "team/attempts", private: false, token: TOKEN } } as const;
    const { runId } = await startExport(deps, wish, home);
    // Handed over in a file that only its owner reads.
    const { stat } = await import("node:fs/promises");
    expect((await stat(path.join(homePaths(home).secrets, runId))).mode & 0o777).toBe(0o600);
    await start();
    const run = await over(runId);
    expect([run.state, run.message]).toEqual(["done", ""]);
    expect(run.result?.pushed).toMatchObject({ repo: "team/attempts", url: `${hub.endpoint}/datasets/team/attempts` });
    expect(hub.repos.get("team/attempts")?.private).toBe(false);
    expect([...(hub.repos.get("team/attempts")?.files.keys() ?? [])].sort()).toEqual(["README.md", "manifest.json", "train.parquet"]);
    expect(await readdir(homePaths(home).secrets)).toEqual([]);
    expect(log.join("\n")).not.toContain(TOKEN);
    const { rows } = await db.pool.query<{ all: string }>(
      `SELECT concat(query_to_xml('SELECT * FROM run', true, false, '')::text, query_to_xml('SELECT * FROM work_item', true, false, '')::text,
              query_to_xml('SELECT * FROM pgboss.job', true, false, '')::text) AS all`,
    );
    expect(rows[0]?.all).toContain("team/attempts");
    expect(rows[0]?.all).not.toContain(TOKEN);

    // What was written can be pushed elsewhere, too.
    const again = await startPush(deps, { study: "tasks", runId, push: { repo: "team/other", token: TOKEN } }, home);
    const second = await over(again.runId);
    expect(second.result?.pushed?.repo).toBe("team/other");
    expect(hub.repos.get("team/other")?.private).toBe(true);
  });

  it("says what the hub said, keeps what was written, and asks for a token where there is none", { timeout: SLOW }, async () => {
    await start();
    const refused = await startExport(deps, { ...attempts, push: { repo: "team/x", token: "hf_wrong" } }, home);
    const run = await over(refused.runId);
    expect(run).toMatchObject({ state: "failed", message: expect.stringMatching(/does not know this token/) });
    expect(run.result?.manifest.counts.rows).toBe(24);
    expect(existsSync(folderOf(refused.runId))).toBe(true);
    expect(await readdir(homePaths(home).secrets)).toEqual([]);
    const without = await startExport(deps, { ...attempts, push: { repo: "team/x" } });
    expect((await over(without.runId)).message).toMatch(/no token to push with.*HF_TOKEN/);
  });
});

describe("the preview", () => {
  type Encoders = Parameters<typeof readExportPreview>[0]["encoder"];
  const preview = (wish: Parameters<typeof readExportPreview>[1]["wish"], encoder: Encoders = null) =>
    readExportPreview({ pool: db.pool, encoder }, { study: "tasks", wish });

  it("shows how many rows, the columns, and the first row as it would be", async () => {
    const seen = await preview({ what: { kind: "dataset", name: "int" }, format: "trl-conversational" });
    const { rows } = await db.pool.query<{ n: number; prompt: string }>(
      "SELECT count(*)::int AS n, min(prompt) FILTER (WHERE ordinal = 0) AS prompt FROM dataset_row WHERE dataset_id = $1",
      [at.datasets.int],
    );
    expect(seen.rows).toBe(rows[0]?.n);
    expect(seen.columns.map((c) => c.name)).toEqual(["prompt", "completion"]);
    expect(seen.columns[0]?.type).toBe("list of {role: text, content: text}");
    expect(JSON.parse(seen.row ?? "")).toMatchObject({ prompt: [{ role: "user" }], completion: [{ role: "assistant" }] });
    expect(seen.row).toContain(rows[0]?.prompt.slice(0, 40));
    expect(seen.notes[0]).toMatch(/stop in the middle of an answer/);
  });

  it("shows token ids where the server has the tokenizer, and says why where it has not", async () => {
    const wish = { what: { kind: "dataset", name: "int" }, format: "trl-tokenised" } as const;
    const chat = encoderOf(await loadChat("workers/lab/model"));
    const ids = await preview(wish, async () => chat);
    expect(ids.says).toBe("");
    const row = JSON.parse(ids.row ?? "") as { input_ids: (number | string)[]; labels: (number | string)[] };
    expect(row.input_ids.filter((n) => typeof n === "number").length).toBeGreaterThan(4);
    expect(row.labels[0]).toBe(-100);
    for (const encoder of [null, () => Promise.reject(new InterveneError("unavailable", "Nobody is there."))]) {
      const without = await preview(wish, encoder);
      expect([without.row, without.rows]).toEqual([null, ids.rows]);
      expect(without.says).toMatch(/worker makes these rows with the template and tokenizer of lab-0\.9M; none can be shown now: (no inference server|Nobody is there)/);
    }
    // A server elsewhere may fail with the row itself.
    const failing = { ...chat, turn: () => Promise.reject(new InterveneError("unavailable", "It went away.")) };
    expect(await preview(wish, async () => failing)).toMatchObject({ row: null, says: expect.stringContaining("It went away.") as string });
  });

  it("says where there is nothing", async () => {
    const none = await preview({ what: { kind: "table", table: "attempts" }, format: "jsonl", filters: { model: "nobody's" } });
    expect([none.rows, none.says]).toEqual([0, "There are no such rows."]);
  });
});
