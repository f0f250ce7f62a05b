import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Pushed } from "@/server/core/programs/rollouts";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createKey, revoke } from "@/server/usecases/programs/keys";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { seedStudy } from "../support/seed-study";
import { Client } from "./client";
import { Contract } from "./contract";
import { type ApiServer, serveApi } from "./server";

let home: string;
let database: TestDatabase;
let deps: Deps;
let server: ApiServer;
let api: Client;

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "intervene-api-"));
  database = await createTestDatabase("api writing");
  deps = createDeps({ databaseUrl: database.url, name: "test api writing" });
  server = await serveApi(deps, home);
  api = new Client(server.url, (await createKey(deps, { name: "writer" })).key);
  api.contract = new Contract((await api.call("/openapi.json", { key: null })).body);
});
afterAll(async () => {
  await server?.close();
  await deps?.close();
  await database?.close();
  rmSync(home, { recursive: true, force: true });
});

const count = async (sql: string) => (await deps.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]?.n;
const rollouts = (n: number, of = "loop") =>
  Array.from({ length: n }, (_, i) => ({
    problem: `${of}: what is ${i % 5} + 1?`,
    answer: String((i % 5) + 1),
    model: "policy-100",
    text: `We add one.\n\nSo \\boxed{${i % 2 === 0 ? (i % 5) + 1 : 99}} (${i})`,
  }));
const push = (json: unknown, more = "", headers = {}) => api.call<Pushed>(`/studies/loop/attempts?source=step-1${more}`, { json, headers });

test("keys: none, a wrong one, a revoked one, one that may only read", async () => {
  const none = await api.call("/studies", { key: null });
  expect([none.status, none.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="Intervene"']);
  const wrong = await api.call("/studies", { key: `int_${"x".repeat(43)}` });
  expect([wrong.status, wrong.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="Intervene", error="invalid_token"']);
  for (const key of ["' OR '1'='1", "int_", "é"])
    expect((await fetch(`${server.url}/studies`, { headers: { authorization: `Bearer ${encodeURIComponent(key)}` } })).status).toBe(401);
  const reader = await createKey(deps, { name: "only reads", scopes: ["read"] });
  expect((await api.call("/studies", { key: reader.key })).status).toBe(200);
  const refused = await api.call("/studies", { key: reader.key, json: { name: "mine" } });
  expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([403, 'Bearer realm="Intervene", error="insufficient_scope", scope="write"']);
  await revoke(deps, reader.key.slice(0, 12));
  expect((await api.call("/studies", { key: reader.key })).status).toBe(401);
  expect((await api.call("/health", { key: null })).status).toBe(200);
});

test("a key is kept as its digest alone, and neither it nor what it asked is in the log", async () => {
  const said: string[] = [];
  const spies = (["log", "error", "warn"] as const).map((how) => vi.spyOn(console, how).mockImplementation((...a) => void said.push(a.map(String).join(" "))));
  const made = await createKey(deps, { name: "secret" });
  await api.call("/studies", { key: made.key });
  const row = await deps.pool.query<Record<string, unknown>>("SELECT * FROM api_key WHERE id = $1", [made.id]);
  expect(JSON.stringify(row.rows)).not.toContain(made.key);
  expect(row.rows[0]?.last_used_at).not.toBeNull();
  // A bug on the way: its words go to the log, the request's headers do not, and the program is told nothing of it.
  const query = vi.spyOn(deps.pool, "query").mockImplementationOnce(() => {
    throw new Error("a column is missing");
  });
  const broken = await api.call("/studies", { key: made.key });
  query.mockRestore();
  for (const spy of spies) spy.mockRestore();
  expect([broken.status, broken.body.detail]).toEqual([500, "The server could not answer. Its log says why."]);
  expect(said.join("\n")).toContain("a column is missing");
  expect(said.join("\n")).not.toContain(made.key);
});

test("pushed rollouts are graded and answered with their rewards; sent twice they change nothing", async () => {
  const batch = rollouts(20);
  const first = (await push(batch)).body;
  expect(first).toMatchObject({ rows: 20, added: 20, present: 0, problems_added: 5, refused: [] });
  expect(first.attempts.map((a) => a.reward)).toEqual(batch.map((_, i) => (i % 2 === 0 ? 1 : 0)));
  const again = (await push(batch)).body;
  expect(again).toMatchObject({ added: 0, present: 20 });
  expect(again.attempts.map((a) => a.id)).toEqual(first.attempts.map((a) => a.id));
  expect(await count("attempt")).toBe(20);
  expect(await count("grade")).toBe(20);

  // Two equal samples of one batch are two samples; of another step they are others again.
  const twins = [batch[0], batch[0], batch[0]];
  expect((await push(twins)).body).toMatchObject({ added: 2, present: 1 });
  expect((await push(twins)).body).toMatchObject({ added: 0, present: 3 });
  const next = await api.call<Pushed>("/studies/loop/attempts?source=step-2", { json: batch });
  expect(next.body).toMatchObject({ added: 20, problems_added: 0 });
  const studies = (await api.call<{ rows: { attempts: number }[] }>("/studies")).body.rows;
  expect(studies[0]?.attempts).toBe(42);
});

test("JSON lines, problems named by id, verdicts without an answer, labels and interventions", async () => {
  const rows = [
    { problem_id: "p-1", problem: "Name a prime.", model: "m", text: "First.\n\nThen \\boxed{7}", reward: 1, first_error: null, label_source: "a person" },
    { problem_id: "p-1", model: "m", text: "First.\n\nThen \\boxed{8}", reward: false, first_error: 2, tokens: 12, finish_reason: "stop", intervention: { content: "8 is even; try 7.", location: 2 } },
  ];
  const { body } = await api.call<Pushed>("/studies/loop/attempts?problem_set=own", {
    json: rows.map((r) => JSON.stringify(r)).join("\n"),
    headers: { "content-type": "application/x-ndjson" },
  });
  expect(body).toMatchObject({ added: 2, problems_added: 1, refused: [] });
  expect(body.attempts.map((a) => a.reward)).toEqual([1, 0]);
  const one = (await api.call(`/studies/loop/attempts/${body.attempts[1]?.id}`)).body;
  expect(one).toMatchObject({ tokens: 12, finish_reason: "stop", labels: [{ source: "pushed", first_error: 2 }], proposals: [{ location: 2, chosen: true }] });
});

test("a bad row is told by number, field and reason, and stops no other", async () => {
  const [good] = rollouts(1, "good");
  const { status, body } = await push([
    { ...good, text: "  " },
    { ...good, modle: "typing" },
    { problem_id: "nobody's", model: "m", text: "x" },
    good,
    "a text",
    { ...good, answer: "another" },
    { ...good, text: `NUL \0 and a lone ${"\ud800"} surrogate \\boxed{1}` },
  ]);
  expect(status).toBe(200);
  expect(body.refused.map((r) => [r.row, r.field])).toEqual([[1, "text"], [2, "row"], [3, "problem_id"], [5, "row"], [6, "answer"]]);
  expect(body.added).toBe(2);
  const lines = await api.call<Pushed>("/studies/loop/attempts", { json: `{"problem": "cut off\n${JSON.stringify(rollouts(1, "line")[0])}\n`, headers: { "content-type": "application/x-ndjson" } });
  expect(lines.body).toMatchObject({ rows: 2, added: 1, refused: [{ row: 1, field: "row" }] });
});

test("bodies that are too large, of another type, not JSON or not a list are refused whole", async () => {
  const at = async (json: unknown, status: number, type = "application/json") => {
    const answer = await push(json, "", { "content-type": type });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
  };
  await at("[".repeat(5_000_000), 413);
  await at("[]", 415, "text/plain");
  await at("[{]", 400);
  await at({ rows: [] }, 400);
  await at(rollouts(1001), 400);
  expect((await push(rollouts(1), "&sorce=x")).status).toBe(400);
});

test("two pushes at once, of one batch and of others, neither lose nor double", async () => {
  const before = (await count("attempt")) ?? 0;
  const batches = [rollouts(30, "at once"), rollouts(30, "at once"), rollouts(40, "at once"), rollouts(25, "else")];
  const answers = await Promise.all(batches.map((b) => push(b)));
  expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200]);
  expect(answers.reduce((n, a) => n + a.body.added, 0)).toBe(65);
  expect(await count("attempt")).toBe(before + 65);
});

test("an Idempotency-Key: done once however often it is sent, also at once and after a restart of the web", async () => {
  const headers = { "idempotency-key": "make-study-1" };
  const same = await Promise.all([1, 2, 3, 4].map(() => api.call("/studies", { json: { name: "once" }, headers })));
  const statuses = same.map((a) => a.status).sort();
  expect(statuses.filter((s) => s === 201).length).toBeGreaterThanOrEqual(1);
  expect(statuses.every((s) => s === 201 || s === 409)).toBe(true); // 409: the first was still under way
  for (const a of same.filter((x) => x.status === 409)) expect([a.body.type, a.headers.get("retry-after")]).toEqual(["/api/v1/errors/in-progress", "2"]);
  const first = same.find((a) => a.status === 201);
  const again = await api.call("/studies", { json: { name: "once" }, headers });
  expect([again.status, again.body, again.headers.get("location"), again.headers.get("idempotency-replayed")]).toEqual([201, first?.body, first?.headers.get("location"), "true"]);
  expect(await count("study WHERE name = 'once'")).toBe(1);

  const other = await api.call("/studies", { json: { name: "another" }, headers });
  expect([other.status, other.body.type]).toEqual([422, "/api/v1/errors/key-reused"]);

  await server.close();
  server = await serveApi(deps, home);
  const restarted = new Client(server.url, (await createKey(deps, { name: "other program" })).key);
  expect((await restarted.call("/studies", { json: { name: "once" }, headers })).status).toBe(409); // another program's keys are its own
  Object.assign(api, { url: server.url });
  expect((await api.call("/studies", { json: { name: "once" }, headers })).body).toEqual(first?.body);
});

test("an Idempotency-Key: a refused write frees it, a dead process's claim runs out, a day later it is forgotten", async () => {
  const headers = { "idempotency-key": "second" };
  expect((await api.call("/studies", { json: { name: "once" }, headers })).status).toBe(409);
  expect((await api.call("/studies", { json: { name: "twice" }, headers })).status).toBe(201);

  // A web process that died in the middle of this write.
  await deps.pool.query("UPDATE idempotency SET status = NULL, response = NULL, held_until = now() + interval '1 minute' WHERE key = 'second'");
  expect((await api.call("/studies", { json: { name: "twice" }, headers })).body.type).toBe("/api/v1/errors/in-progress");
  await deps.pool.query("UPDATE idempotency SET held_until = now() - interval '1 second' WHERE key = 'second'");
  expect((await api.call("/studies", { json: { name: "twice" }, headers })).body.detail).toMatch(/already/); // it had got so far

  const batch = rollouts(3, "died");
  await push(batch, "", { "idempotency-key": "third" });
  await deps.pool.query("UPDATE idempotency SET status = NULL, response = NULL, held_until = now() - interval '1 second' WHERE key = 'third'");
  expect((await push(batch, "", { "idempotency-key": "third" })).body).toMatchObject({ added: 0, present: 3 });

  await deps.pool.query("UPDATE idempotency SET created_at = now() - interval '25 hours' WHERE key = 'third'");
  expect((await push(rollouts(4, "died"), "", { "idempotency-key": "third" })).body).toMatchObject({ added: 1, present: 3 });
  expect((await push(batch, "", { "idempotency-key": "x".repeat(300) })).status).toBe(400);
});

test("each key has its own rate; what is too much waits, and says how long", async () => {
  const limited = await serveApi(deps, home, { rate: { rate: 2, burst: 5 } });
  try {
    const keys = await Promise.all(["one", "two"].map((name) => createKey(deps, { name })));
    const [one, two] = keys.map((k) => new Client(limited.url, k.key));
    const answers = [];
    for (let i = 0; i < 8; i++) answers.push(await one?.call("/studies"));
    expect(answers.slice(0, 5).every((a) => a?.status === 200)).toBe(true);
    const refused = answers.find((a) => a?.status === 429);
    expect(refused?.body.type).toBe("/api/v1/errors/too-many-requests");
    expect(refused?.headers.get("retry-after")).toBe("1");
    expect(refused?.headers.get("ratelimit-policy")).toBe('"key";q=5;w=3');
    expect(refused?.headers.get("ratelimit")).toMatch(/^"key";r=0;t=\d+$/);
    expect((await two?.call("/studies"))?.status).toBe(200);
    await new Promise((r) => setTimeout(r, 1_100));
    expect((await one?.call("/studies"))?.status).toBe(200);
  } finally {
    await limited.close();
  }
});

test("pipelines and runs are paused, resumed and cancelled; what their state does not allow is a conflict", async () => {
  const { pipelineId } = await seedStudy(database.pool, { name: "controlled", problems: 4, state: "running" });
  const at = `/studies/controlled/pipelines/${pipelineId}`;
  expect((await api.call(`${at}/pause`, { method: "POST" })).body).toMatchObject({ state: "paused", over: false });
  expect((await api.call(`${at}/pause`, { method: "POST" })).status).toBe(409);
  expect((await api.call(`${at}/resume`, { method: "POST" })).body.state).toBe("running");
  const runs = (await api.call<{ runs: { id: string; state: string }[] }>(at)).body.runs;
  const live = runs.find((r) => r.state === "running");
  expect((await api.call(`/studies/controlled/runs/${live?.id}/pause`, { method: "POST" })).body.state).toBe("paused");
  expect((await api.call(`${at}/cancel`, { method: "POST" })).body).toMatchObject({ state: "cancelled", over: true });
  expect((await api.call(`${at}/explode`, { method: "POST" })).status).toBe(404);
  expect((await api.call("/studies/controlled/runs", { json: { recipe: "constructor" } })).status).toBe(400);
  expect((await api.call("/studies/controlled/runs", { json: { recipe: "dance" } })).body.detail).toMatch(/no recipe "dance"/);
});
