import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createKey } from "@/server/usecases/programs/keys";
import { type RunningWorker, startWorker } from "@/workers/worker/worker";
import { type HubStandIn, startHub } from "../import/support/hub-stand-in";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedLineages } from "../support/seed-lineages";
import { seedStudy } from "../support/seed-study";
import { Client } from "./client";
import { Contract } from "./contract";
import { judgeProposals } from "./judged";
import { type ApiServer, serveApi } from "./server";

let home: string;
let database: TestDatabase;
let deps: Deps;
let server: ApiServer;
let hub: HubStandIn;
let worker: RunningWorker;
let api: Client;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "intervene-api-"));
  database = await createTestDatabase("api data");
  deps = createDeps({ databaseUrl: database.url, name: "test api data" });
  await seedStudy(database.pool, { name: "seeded", problems: 12 });
  writeFileSync(path.join(home, "rows.jsonl"), FILE);
  hub = await startHub({ "team/rows": { files: { "rows.jsonl": path.join(home, "rows.jsonl") } } });
  server = await serveApi(deps, home, { hub: { endpoint: hub.url, token: undefined } });
  api = new Client(server.url, (await createKey(deps, { name: "data" })).key);
  api.contract = new Contract((await api.call("/openapi.json", { key: null })).body);
});
afterAll(async () => {
  await worker?.stop();
  await server?.close();
  await hub?.stop();
  await deps?.close();
  await database?.close();
  rmSync(home, { recursive: true, force: true });
});

interface Run {
  id: string;
  state: string;
  message: string;
  done: number;
  total: number;
  result: { rows: { used: number; bad: number }; files: { name: string }[]; attempts: { added: number; present: number } };
}

/** Ask until it is over, as a program does. */
async function over(at: string): Promise<Run> {
  for (const end = Date.now() + 25_000; ; await sleep(100)) {
    const { body } = await api.call<Run>(at);
    if (["done", "failed", "cancelled"].includes(body.state)) return body;
    if (Date.now() > end) throw new Error(`${at} is still ${JSON.stringify(body)}`);
  }
}

const FILE = [
  { problem: "1 + 1?", answer: "2", model: "m", attempt: "So \\boxed{2}" },
  { problem: "1 + 2?", answer: "3", model: "m", attempt: "So \\boxed{4}" },
  { problem: "", answer: "3", model: "m", attempt: "nothing asked" },
].map((r) => JSON.stringify(r)).join("\n");

const upload = (body: Buffer | string, search: string, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/studies/filled/imports?${search}`, {
    method: "POST",
    body: typeof body === "string" ? body : new Uint8Array(body),
    headers: { authorization: `Bearer ${key}`, "content-type": "application/octet-stream", ...headers },
  });
let key = "";

test("a file is handed in, waits for a worker through a restart of the web, and is imported with its bad rows told", async () => {
  key = (await createKey(deps, { name: "uploads" })).key;
  const sent = await upload(gzipSync(FILE), "name=rollouts.jsonl.gz&problem_set=sums", { "idempotency-key": "file-1" });
  expect(sent.status).toBe(202);
  const run = (await sent.json()) as Run;
  expect(run.state).toBe("queued");
  expect(sent.headers.get("location")).toBe(`/api/v1/studies/filled/imports/${run.id}`);
  // Sent again with its key: the same run, and no second file lies about.
  const again = await upload(gzipSync(FILE), "name=rollouts.jsonl.gz&problem_set=sums", { "idempotency-key": "file-1" });
  expect(((await again.json()) as Run).id).toBe(run.id);
  expect((await upload("other", "name=rollouts.jsonl.gz&problem_set=sums", { "idempotency-key": "file-1" })).status).toBe(422);
  expect(readdirSync(path.join(home, "uploads")).length).toBe(1);

  await server.close();
  server = await serveApi(deps, home, { hub: { endpoint: hub.url, token: undefined } });
  Object.assign(api, { url: server.url });
  worker = await startWorker({ databaseUrl: database.url, inferenceUrl: "http://127.0.0.1:9", home, log: () => {} });

  const done = await over(`/studies/filled/imports/${run.id}`);
  expect([done.state, done.result.rows]).toEqual(["done", { read: 3, used: 2, bad: 1 }]);
  const report = await api.call(`/studies/filled/imports/${run.id}/report`);
  expect(report.headers.get("content-disposition")).toMatch(/^attachment; filename=/);
  expect(report.text.trim().split("\n").map((l) => JSON.parse(l) as { row: number; field: string })).toMatchObject([{ row: 3, field: "problem" }]);
  const { rows } = (await api.call<{ rows: Run[] }>("/studies/filled/imports")).body;
  expect(rows.map((r) => r.id)).toEqual([run.id]);

  const repeated = (await (await upload(FILE, "name=rollouts.jsonl.gz&problem_set=sums")).json()) as Run;
  const second = await over(`/studies/filled/imports/${repeated.id}`);
  expect(second.result.attempts).toMatchObject({ added: 0, present: 2 });
});

test("what cannot be imported is told before or after, and leaves no file behind", async () => {
  const nonsense = await upload("no rows at all", "name=a.bin");
  expect(nonsense.status).toBe(202);
  const failed = await over(`/studies/filled/imports/${((await nonsense.json()) as Run).id}`);
  expect([failed.state, failed.message.length > 20]).toEqual(["failed", true]);
  expect((await upload(FILE, "format=unheard-of")).status).toBe(400);
  expect((await upload(FILE, "mapping=%7B")).status).toBe(400);
  expect((await upload(FILE, `name=${encodeURIComponent("../../../escape.jsonl")}`)).status).toBe(202);
  expect(existsSync(path.join(home, "..", "escape.jsonl"))).toBe(false);
  expect((await api.call("/studies/filled/imports/hub", { json: { dataset: "not a name!" } })).status).toBe(400);
});

test("a preview says what a file would be taken for, row by row, and keeps nothing of it", async () => {
  const uploads = () => readdirSync(path.join(home, "uploads"));
  const before = new Set(uploads());
  const preview = async (body: Buffer | string, search: string) => {
    const sent = await fetch(`${api.url}/imports/preview?${search}`, {
      method: "POST",
      body: typeof body === "string" ? body : new Uint8Array(body),
      headers: { authorization: `Bearer ${key}`, "content-type": "application/octet-stream" },
    });
    const answer = (await sent.json()) as Record<string, unknown>;
    api.contract?.check("POST", "/api/v1/imports/preview", sent.status, sent.headers.get("content-type") ?? "", answer);
    return { status: sent.status, ...answer };
  };
  const seen = await preview(gzipSync(FILE), "name=rollouts.jsonl.gz");
  expect(seen).toMatchObject({ status: 200, container: "JSON lines, gzip", format: { id: "attempts" }, as: "attempts", problem_set: "rollouts", takes: { attempt: "attempt" } });
  expect(seen).toMatchObject({
    rows: [
      { row: 1, problem: { statement: "1 + 1?", answer: "2" }, attempts: [{ model: "m", steps: 1, answer: "2", verdict: null }], bad: null },
      { row: 2, attempts: [{ answer: "4" }], bad: null },
      { row: 3, problem: null, attempts: [], bad: { field: "problem" } },
    ],
  });
  // A file that no format knows asks for a mapping; with one its rows are seen.
  const own = JSON.stringify({ frage: "1 + 1?", loesung: "2" });
  expect(await preview(own, "name=own.jsonl")).toMatchObject({ status: 200, format: null, rows: [], columns: [{ name: "frage", example: "1 + 1?" }, { name: "loesung" }] });
  const mapping = encodeURIComponent(JSON.stringify({ problem: { column: "frage" }, answer: { column: "loesung" } }));
  expect(await preview(own, `name=own.jsonl&mapping=${mapping}`)).toMatchObject({ format: { id: "columns" }, rows: [{ problem: { statement: "1 + 1?", answer: "2" } }] });
  expect(await preview("", "name=empty.jsonl")).toMatchObject({ status: 400 });
  expect((await api.call("/imports/preview/hub", { json: { dataset: "team/rows" } })).body).toMatchObject({ name: "team/rows", format: { id: "attempts" } });
  expect((await api.call("/imports/preview/hub", { json: { dataset: "team/gone" } })).body).toMatchObject({ status: 400, detail: expect.stringContaining("team/gone") as string });
  // What an import before this one has left may go meanwhile.
  expect(uploads().filter((name) => !before.has(name))).toEqual([]);
});

test("an import can be cancelled while it waits", async () => {
  await worker.stop();
  const run = (await (await upload(FILE, "name=later.jsonl")).json()) as Run;
  expect((await api.call(`/studies/filled/runs/${run.id}/cancel`, { method: "POST" })).body.state).toBe("cancelled");
  worker = await startWorker({ databaseUrl: database.url, inferenceUrl: "http://127.0.0.1:9", home, log: () => {} });
});

test("a data set is built, read as pages and as JSON lines, exported and downloaded: the same rows each time", async () => {
  const made = await api.call("/studies/seeded/datasets", { json: { name: "int rows", options: { source: "int" } } });
  expect(made.status).toBe(202);
  let ready = made.body;
  for (let i = 0; i < 200 && ready.state === "building"; i++) {
    await sleep(100);
    ready = (await api.call("/studies/seeded/datasets/int%20rows")).body;
  }
  expect(ready).toMatchObject({ state: "ready", source: "int" });
  expect(ready.rows).toBeGreaterThan(3);
  expect(ready.manifest).not.toBeNull();
  const rows: { prompt: string; completion: string }[] = [];
  for (let next: string | null = null, first = true; first || next !== null; first = false) {
    const page: { body: { rows: typeof rows; next: string | null } } = await api.call(`/studies/seeded/datasets/int%20rows/rows?limit=4${next === null ? "" : `&cursor=${next}`}`);
    rows.push(...page.body.rows);
    next = page.body.next;
  }
  expect(rows.length).toBe(ready.rows);
  const lines = await api.call("/studies/seeded/datasets/int%20rows/rows?limit=2", { headers: { accept: "application/x-ndjson" } });
  expect(lines.text.trim().split("\n").map((l) => JSON.parse(l) as unknown)).toEqual(rows);

  const sent = await api.call<Run>("/studies/seeded/exports", { json: { what: { kind: "dataset", name: "int rows" }, format: "trl-prompt-completion", file: "jsonl" } });
  expect([sent.status, sent.body]).toEqual([202, expect.objectContaining({ stage: "export" })]);
  const done = await over(`/studies/seeded/exports/${sent.body.id}`);
  expect(done.state).toBe("done");
  const names = done.result.files.map((f) => f.name);
  expect(names).toEqual(expect.arrayContaining(["README.md", "manifest.json"]));
  const file = await api.call(`/studies/seeded/exports/${sent.body.id}/files/${names.find((n) => n.endsWith(".jsonl"))}`);
  const exported = file.text.trim().split("\n").map((l) => JSON.parse(l) as { prompt: unknown; completion: string });
  expect(exported.length).toBe(rows.length);
  expect((await api.call(`/studies/seeded/exports/${sent.body.id}/files/manifest.json`)).status).toBe(200);
  for (const name of ["..%2F..%2Fformat.json", "..%5C..%5Cformat.json", "%2Fetc%2Fpasswd", "manifest.json%00", ".", "nothing"])
    expect([name, (await api.call(`/studies/seeded/exports/${sent.body.id}/files/${name}`)).status]).toEqual([name, 404]);
  expect((await api.call("/studies/seeded/exports", { json: { what: { kind: "table", table: "attempts" }, format: "dance" } })).body.detail).toMatch(/no format "dance"/);
});

test("accepted interventions and the decisions behind them, once judges have spoken", async () => {
  expect((await api.call<{ rows: object[] }>("/studies/seeded/proposals?state=accepted")).body.rows).toEqual([]);
  const accepted = await judgeProposals(deps, "seeded");
  const { rows } = (await api.call<{ rows: { accepted: boolean; guided_attempt: string }[] }>("/studies/seeded/proposals?state=accepted&include=texts")).body;
  expect(rows.length).toBe(accepted);
  expect(rows.every((r) => r.accepted && r.guided_attempt.length > 20)).toBe(true);
  const decisions = (await api.call<{ rows: { action: string; person: string }[] }>("/studies/seeded/decisions")).body.rows;
  expect(decisions.filter((d) => d.action === "accept").length).toBe(accepted);
  expect(new Set(decisions.map((d) => d.person)).size).toBe(1);
  expect(decisions[0]?.person).toMatch(/^judge-[0-9a-f]{8}$/);
  expect((await api.call<{ rows: { person: string }[] }>("/studies/seeded/decisions?names=true&limit=1")).body.rows[0]?.person).toBe("Ada");

  // While a blind queue is open, what one judge said of an item is not for the others, and not for their programs.
  await deps.pool.query("UPDATE queue_item SET state = 'open' WHERE id = (SELECT item_id FROM decision ORDER BY id LIMIT 1)");
  expect((await api.call<{ rows: object[] }>("/studies/seeded/decisions")).body.rows.length).toBe(decisions.length - 1);
});

test("every route of the document answers, and as it says", async () => {
  const rows = async (list: string) => (await api.call<{ rows: { id: string; stage?: string }[] }>(`/studies/seeded/${list}`)).body.rows;
  const id = async (list: string) => (await rows(list))[0]?.id ?? "";
  const finished = async (kind: string) => (await api.call<{ rows: Run[] }>(`/studies/${kind === "imports" ? "filled" : "seeded"}/${kind}`)).body.rows.find((r) => r.state === "done")?.id ?? "";
  const started = await api.call<{ id: string; runs: Run[] }>("/studies/seeded/runs", { json: { recipe: "int", max_problems: 1, model: "lab-0.9M" } });
  await seedLineages(deps.pool, { study: "evaluated", sets: { pool: 2 }, models: [{ name: "tiny", evaluations: [{ set: "pool", seed: 1, n: 2, correct: [0, 1] }] }] });
  const given: Record<string, { study?: string; json?: unknown; params?: Record<string, string> }> = {
    makeProblemSet: { study: "evaluated", json: { problem_set: "pool", hard_for: "tiny" } },
    createStudy: { json: { name: "made by the test" } },
    pushAttempts: { json: [{ problem: "1 + 1?", answer: "2", model: "m", text: "\\boxed{2}" }] },
    startRun: { json: { recipe: "int", max_problems: 1, model: "lab-0.9M", problem_set: "seed" } },
    changePipeline: { params: { pipeline: started.body.id, change: "pause" } },
    changeRun: { params: { run: started.body.runs[0]?.id ?? "", change: "resume" } },
    buildDataset: { json: { name: "second", options: { source: "reference" } } },
    startExport: { json: { what: { kind: "table", table: "problems" }, format: "jsonl" } },
    importFile: { json: "{}" },
    previewFile: { json: JSON.stringify({ problem: "1 + 1?", answer: "2" }) },
    previewFromHub: { json: { dataset: "team/rows" } },
    importFromHub: { json: { dataset: "openai/gsm8k", config: "main", split: "test" } },
    getImport: { study: "filled", params: { run: await finished("imports") } },
    getImportReport: { study: "filled", params: { run: await finished("imports") } },
    getExport: { params: { run: await finished("exports") } },
    getExportFile: { params: { run: await finished("exports"), file: "manifest.json" } },
  };
  const usual: Record<string, string> = {
    kind: "not-found",
    problem: await id("problems"),
    attempt: await id("attempts"),
    pipeline: await id("pipelines"),
    run: await id("runs"),
    dataset: "int rows",
  };
  for (const { method, path: template, operation } of api.contract?.operations() ?? []) {
    const o = given[operation.operationId] ?? {};
    const params = { ...usual, study: o.study ?? "seeded", ...o.params };
    const at = template.replace("/api/v1", "").replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name as keyof typeof params] ?? ""));
    const { status, text } = await api.call(at, { method, ...(o.json === undefined ? {} : { json: o.json }) });
    expect([operation.operationId, status < 300, status < 300 ? "" : text]).toEqual([operation.operationId, true, ""]);
  }
  const all = api.contract?.operations().map((o) => `${o.method} ${o.path}`) ?? [];
  expect(all.length).toBeGreaterThan(35);
  expect([...(api.contract?.seen ?? [])].sort()).toEqual(all.sort());
});
