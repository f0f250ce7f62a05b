import { type ExecFileException, execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createKey } from "@/server/usecases/programs/keys";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { judgeProposals } from "./judged";
import { type ApiServer, serveApi } from "./server";

// A real model on what is left of two cores.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const ROOT = path.resolve(import.meta.dirname, "../..");
const fences = (file: string) =>
  [...readFileSync(path.join(ROOT, file), "utf8").matchAll(/^```python\n([\s\S]*?)^```$/gm)].map((m) => m[1] ?? "");
/** By the comment that each begins with. */
const examples = new Map(fences("README.md").map((text) => [/^# (\w+)/.exec(text)?.[1] ?? "", text]));

const PYTHON = process.env.TRAINER_PYTHON || "python3";
const run = (args: string[], env: Record<string, string> = {}) =>
  new Promise<{ ok: boolean; out: string; err: string }>((resolve) =>
    execFile(PYTHON, args, { env: { ...process.env, ...env }, timeout: 200_000 }, (error: ExecFileException | null, out, err) =>
      resolve({ ok: error === null, out, err: err || String(error ?? "") }),
    ),
  );
const hasPython = (await run(["--version"])).ok;
if (!hasPython) console.warn("The Python examples are skipped: there is no python3 (set TRAINER_PYTHON to one).");
const hasDatasets = hasPython && (await run(["-c", "import datasets"])).ok;
if (hasPython && !hasDatasets) console.warn(`The datasets.Dataset lines of one Python example are skipped: ${PYTHON} has no package "datasets". Its HTTP part runs.`);

test("the README has five examples of at most 20 lines", () => {
  expect([...examples.keys()]).toEqual(["push", "pull", "start", "wait", "table"]);
  for (const [name, text] of examples) expect([name, text.trimEnd().split("\n").length <= 20]).toEqual([name, true]);
});

const sh = test.skipIf(!hasPython);
let folder: string;
let database: TestDatabase;
let deps: Deps;
let engine: EngineProcess;
let worker: RunningWorker;
let server: ApiServer;
let env: Record<string, string>;
let pipeline = "";

beforeAll(async () => {
  if (!hasPython) return;
  folder = mkdtempSync(path.join(tmpdir(), "intervene-python-"));
  database = await createTestDatabase("api python");
  deps = createDeps({ databaseUrl: database.url, name: "test api python" });
  engine = await spawnEngine();
  worker = await startWorker({ databaseUrl: database.url, inferenceUrl: engine.url, home: folder, log: () => {} });
  server = await serveApi(deps, folder, { inference: { baseUrl: engine.url, apiKey: undefined } });
  env = { INTERVENE_URL: server.url.replace("/api/v1", ""), INTERVENE_KEY: (await createKey(deps, { name: "notebook" })).key };
});
afterAll(async () => {
  await worker?.stop();
  await server?.close();
  await engine?.kill("SIGTERM");
  await deps?.close();
  await database?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Run an example as it stands in the document. */
async function example(name: string, args: string[] = [], change = (text: string) => text): Promise<string> {
  const file = path.join(folder, `${name}.py`);
  writeFileSync(file, change(examples.get(name) ?? ""));
  const { ok, out, err } = await run([file, ...args], env);
  if (!ok) throw new Error(`${name}.py failed:\n${out}${err}`);
  return out;
}

sh("push: rollouts of a loop are graded, and pushing them again adds none", async () => {
  expect(await example("push")).toBe("0 [1, 0] []\n1 [1, 0] []\n");
  expect(await example("push")).toBe("0 [1, 0] []\n1 [1, 0] []\n");
  const { rows } = await deps.pool.query("SELECT 1 FROM attempt");
  expect(rows.length).toBe(4);
});

sh("start, wait, table: a run of the real lab model from Python to its table", async () => {
  pipeline = (await example("start")).trim();
  expect(pipeline).toMatch(/^[0-9a-f-]{36}$/);
  const waited = await example("wait", [pipeline]);
  expect(waited.trim().split("\n").at(-1)).toMatch(/^done rollout 12\/12, grade 12\/12, verify \d+\/\d+, continue \d+\/\d+, keep \d+\/\d+$/);
  const table = (await example("table")).trim().split("\n");
  expect(table.map((l) => l.split("coverage")[0]?.trim())).toEqual(["problem", "+ prefix", "+ prefix + original step", "+ prefix + intervention"]);
  for (const line of table) expect(line).toMatch(/coverage \d\.\d{3} \[\d\.\d{3}, \d\.\d{3}\] {2}accuracy \d\.\d{4} \[\d\.\d{4}, \d\.\d{4}\]$/);
});

sh("pull: what judges accepted arrives as rows, and as a datasets.Dataset where the package is there", async () => {
  const accepted = await judgeProposals(deps, "lab");
  expect(accepted).toBeGreaterThan(0);
  const out = await example("pull", [], (text) => (hasDatasets ? text : text.slice(0, text.indexOf("import datasets"))));
  expect(out).toContain(`${accepted} accepted interventions`);
  if (hasDatasets) expect(out).toContain(`num_rows: ${accepted}`);
});
