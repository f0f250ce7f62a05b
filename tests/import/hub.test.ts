import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { list, text } from "@/server/core/exporting/fields";
import { homePaths } from "@/server/home";
import { retryFailed } from "@/server/usecases/control-run";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { previewImport } from "@/server/usecases/importing/preview";
import { startImport } from "@/server/usecases/importing/start";
import { readImport } from "@/server/usecases/pages/imports";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startFilesWorker } from "./support/files-worker";
import { type HubStandIn, startHub } from "./support/hub-stand-in";
import { writeParquet } from "./support/write-files";

/** Datasets of the Hugging Face hub by name, against a stand-in of it (nothing here reaches the hub itself). */
let db: TestDatabase;
let deps: Deps;
let home: string;
let hub: HubStandIn;

const fields = [text("problem"), text("answer"), list("domain", { kind: "text" })];
const problems = (from: number, n: number) => Array.from({ length: n }, (_, i) => ({ problem: `Problem ${from + i}`, answer: String(from + i), domain: ["x"] }));

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "intervene-hub-"));
  db = await createTestDatabase("import hub");
  deps = createDeps({ databaseUrl: db.url, name: "test import hub" });
  const file = (name: string) => path.join(home, name);
  await writeParquet(file("a.parquet"), fields, problems(0, 300));
  await writeParquet(file("b.parquet"), fields, problems(300, 200));
  writeFileSync(file("rows.jsonl"), problems(0, 40).map((p) => `${JSON.stringify(p)}\n`).join(""));
  hub = await startHub({
    "owner/set": { parquet: { main: { train: [file("a.parquet"), file("b.parquet")], test: [file("a.parquet")] } } },
    "owner/raw": { files: { "README.md": file("rows.jsonl"), "data/rows.jsonl": file("rows.jsonl") } },
    "owner/gated": { parquet: { default: { train: [file("a.parquet")] } }, token: "secret" },
  });
});
afterAll(async () => {
  await hub.stop();
  await deps.close();
  await db.close();
  rmSync(home, { recursive: true, force: true });
});

const at = (more: { endpoint?: string; token?: string } = {}) => ({ home, hub: { endpoint: more.endpoint ?? hub.url, token: more.token } });
const source = (dataset: string, config?: string, split?: string) => ({ hub: { dataset, ...(config ? { config } : {}), ...(split ? { split } : {}) } });

test("a preview reads the start of the first file alone", async () => {
  hub.asked.length = 0;
  const seen = await previewImport(at(), { source: source("owner/set", "main", "train") });
  expect(seen).toMatchObject({ name: "owner/set:main:train", container: "Parquet", format: { id: "problems" }, notKept: ["domain"] });
  expect(seen.rows[0]).toMatchObject({ row: 1, problem: { statement: "Problem 0", answer: "0" } });
  expect(hub.asked.filter((a) => a.startsWith("GET /api/datasets/owner/set/parquet/")).every((a) => a.includes("bytes="))).toBe(true);
  expect(await previewImport(at(), { source: source("owner/raw") })).toMatchObject({ container: "JSON lines", format: { id: "problems" } });
});

test("what is missing is said: split, configuration, dataset, token, the way to the hub", async () => {
  const look = (o: ReturnType<typeof source>, more = {}) => previewImport(at(more), { source: o });
  await expect(look(source("owner/set"))).rejects.toThrow(/Say which split of owner\/set:main to import: train, test/);
  await expect(look(source("owner/set", "other", "train"))).rejects.toThrow(/which configuration of owner\/set to import: main/);
  await expect(look(source("owner/nothing"))).rejects.toThrow(/no dataset "owner\/nothing"/);
  await expect(look(source("owner/gated"))).rejects.toThrow(/set HF_TOKEN/);
  expect(await look(source("owner/gated"), { token: "secret" })).toMatchObject({ format: { id: "problems" } });
  const gone = await startHub({});
  await gone.stop();
  await expect(look(source("owner/set"), { endpoint: gone.url })).rejects.toThrow(/hub at http:\/\/127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED.*\)\. Set HF_ENDPOINT to a mirror/);
  await expect(look({ hub: { dataset: "../etc" } })).rejects.toThrow(/no name of a dataset/);
});

test("a worker fetches all files of a split and imports them as one; a broken connection is told, and going on is enough", async () => {
  hub.breakNext = 1;
  const { runId, pipelineId } = await startImport({ ...deps, ...at() }, { study: "hub", source: source("owner/set", "main", "train") });
  const worker = await startFilesWorker({ databaseUrl: db.url, home, env: { HF_ENDPOINT: `${hub.url}/` } });
  const until = async (state: string) => {
    for (let i = 0; i < 600; i++, await sleep(50)) {
      const seen = await readImport({ ...deps, home }, { run: runId });
      if (seen.state === state) return seen;
    }
    throw new Error(`never ${state}`);
  };
  try {
    expect((await until("failed")).message).toMatch(/could not be fetched from the hub/);
    await retryFailed(deps, { pipelineId });
    const done = await until("done");
    expect(done.report).toMatchObject({ problems: { added: 500 }, problemSet: "owner/set:main:train", rows: { read: 500, bad: 0 } });
  } finally {
    await worker.stop();
  }
  expect(readdirSync(homePaths(home).uploads)).toEqual([]);
}, 60_000);
