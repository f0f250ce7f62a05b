import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createKey } from "@/server/usecases/programs/keys";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { type Seeded, seedStudy } from "../support/seed-study";
import { Client } from "./client";
import { Contract } from "./contract";
import { type ApiServer, serveApi } from "./server";

let home: string;
let database: TestDatabase;
let deps: Deps;
let server: ApiServer;
let api: Client;
let study: Seeded;

interface Page<R = Record<string, unknown>> {
  rows: (R & { id: string })[];
  next: string | null;
}

beforeAll(async () => {
  home = mkdtempSync(path.join(tmpdir(), "intervene-api-"));
  database = await createTestDatabase("api reading");
  deps = createDeps({ databaseUrl: database.url, name: "test api reading" });
  study = await seedStudy(database.pool, { name: "a study / with “signs” %2F", problems: 12 });
  server = await serveApi(deps, home);
  api = new Client(server.url, (await createKey(deps, { name: "reader", scopes: ["read"] })).key);
  const { body } = await api.call("/openapi.json", { key: null });
  api.contract = new Contract(body);
});
afterAll(async () => {
  await server?.close();
  await deps?.close();
  await database?.close();
  rmSync(home, { recursive: true, force: true });
});

const inStudy = () => `/studies/${encodeURIComponent("a study / with “signs” %2F")}`;

test("the OpenAPI document is valid 3.1, names each operation once, and says what each needs", async () => {
  const { body, status } = await api.call("/openapi.json", { key: null });
  expect(status).toBe(200);
  const result = await new Validator().validate(structuredClone(body));
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(body.openapi).toBe("3.1.0");
  const operations = new Contract(body).operations();
  const ids = operations.map((o) => o.operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(["listAttempts", "startRun", "getConditioningTable", "listDatasetRows"]));
  const text = JSON.stringify(body);
  for (const [name, schema] of Object.entries((body.components as { schemas: Record<string, object> }).schemas))
    expect(schema, name).not.toHaveProperty("$ref");
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect((body.components as { schemas: object }).schemas, String(name)).toHaveProperty(String(name));
});

test("every list and every thing in it answers as the document says", async () => {
  for (const list of ["problem-sets", "problems", "models", "attempts", "proposals", "decisions", "continuations", "runs", "pipelines", "datasets"]) {
    const page = await api.call<Page>(`${inStudy()}/${list}?limit=3`);
    expect([list, page.status]).toEqual([list, 200]);
    expect(page.body.rows.length, list).toBeLessThanOrEqual(3);
    for (const one of ["problems", "attempts", "runs", "pipelines"].includes(list) ? page.body.rows : []) {
      expect((await api.call(`${inStudy()}/${list}/${one.id}`)).body).toMatchObject({ id: one.id });
    }
  }
  expect((await api.call<Page>("/studies")).body.rows.map((s) => s.id)).toEqual([study.studyId]);
  expect((await api.call(`/studies/${study.studyId}`)).body).toMatchObject({ problems: 12, attempts: 48 });
});

test("an attempt comes whole: text, steps, grade, verifications, proposals, arms with intervals", async () => {
  const { body } = await api.call(`${inStudy()}/attempts/${study.attemptId}`);
  const a = body as { text: string; steps: string[]; grades: { reward: number }[]; verifications: { text: string }[]; proposals: { chosen: boolean }[]; arms: { arm: string; rate: { low: number; value: number; high: number } }[] };
  expect(a.steps.join("\n\n")).toBe(a.text.trim());
  expect(a.grades[0]?.reward).toBe(0);
  expect(a.verifications.length).toBeGreaterThan(0);
  expect(a.proposals[0]?.chosen).toBe(true);
  expect(a.arms.map((x) => x.arm)).toEqual(["problem", "prefix", "original", "intervention"]);
  for (const { rate } of a.arms) expect(rate.low <= rate.value && rate.value <= rate.high).toBe(true);
  const { body: list } = await api.call<Page<{ text: string }>>(`${inStudy()}/attempts?include=text&limit=2`);
  expect(list.rows.every((r) => r.text.length > 10)).toBe(true);
});

test("filters of the page's table, and interventions with their texts", async () => {
  const wrong = await everything<{ reward: number }>(`${inStudy()}/attempts?reward=wrong&sort=tokens&dir=desc`);
  expect(wrong.length).toBeGreaterThan(20);
  expect(wrong.every((r) => r.reward === 0)).toBe(true);
  const whole = await everything(`${inStudy()}/attempts?limit=1000`);
  const paged = await everything(`${inStudy()}/attempts?limit=7`);
  expect(paged.map((r) => r.id)).toEqual(whole.map((r) => r.id));
  expect(whole.map((r) => r.id)).toEqual(whole.map((r) => r.id).sort());
  const kept = await everything<{ kept: boolean; prefix: string; content: string; guided_attempt: string; location: number }>(`${inStudy()}/proposals?state=kept&include=texts`);
  expect(kept.length).toBeGreaterThan(3);
  for (const p of kept) {
    expect(p.kept).toBe(true);
    expect(p.guided_attempt.startsWith(p.prefix)).toBe(true);
    expect(p.guided_attempt).toContain(p.content.split("\n")[0]);
  }
  const right = await everything<{ outcome: string; arm: string }>(`${inStudy()}/continuations?arm=intervention&outcome=success`);
  expect(right.length).toBeGreaterThan(3);
  expect(right.every((c) => c.arm === "intervention" && c.outcome === "success")).toBe(true);
});

test("pages join without a gap or a double, also while rows are added, and the header Link leads on", async () => {
  const whole = await everything(`${inStudy()}/continuations?limit=1000`);
  const paged = await everything(`${inStudy()}/continuations?limit=37`);
  expect(paged.map((r) => r.id)).toEqual(whole.map((r) => r.id));

  const first = await api.call<Page>(`${inStudy()}/problems?limit=5`);
  const link = /^<(.+)>; rel="next"$/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
  await deps.pool.query("INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer) SELECT gen_random_uuid(), study_id, problem_set_id, 'late', 1000, 's', '1' FROM problem LIMIT 1");
  const second = await api.call<Page>(link.replace("/api/v1", ""));
  const ids = [...first.body.rows, ...second.body.rows].map((r) => r.id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.slice(5)[0]).toBe((await everything(`${inStudy()}/problems`)).filter((r) => !first.body.rows.some((f) => f.id === r.id))[0]?.id);
  await deps.pool.query("DELETE FROM problem WHERE key = 'late'");
});

test("JSON lines stream every row, and go on from any of them", async () => {
  const lines = async (search: string) =>
    (await api.call(`${inStudy()}/continuations?limit=20${search}`, { headers: { accept: "application/x-ndjson" } })).text
      .split("\n").filter((l) => l !== "").map((l) => JSON.parse(l) as { id: string; _cursor: string });
  const all = await lines("&cursors=true");
  const { rows } = await deps.pool.query<{ n: number }>("SELECT count(*)::int AS n FROM continuation");
  expect(all.length).toBe(rows[0]?.n);
  const rest = await lines(`&cursor=${all[100]?._cursor}`);
  expect(rest.map((r) => r.id)).toEqual(all.slice(101).map((r) => r.id));
});

test("a cursor that was cut, made up, or belongs to other filters is refused", async () => {
  const { next } = (await api.call<Page>(`${inStudy()}/continuations?limit=2`)).body;
  const made = Buffer.from("'; DROP TABLE study; --").toString("base64url");
  for (const cursor of [String(next).slice(0, -3), made, "x".repeat(1500)])
    expect((await api.call(`${inStudy()}/continuations?cursor=${cursor}`)).status).toBe(400);
  expect((await api.call(`${inStudy()}/continuations?arm=prefix&cursor=${next}`)).status).toBe(400);
  expect((await api.call(`${inStudy()}/attempts?cursor=${next}`)).status).toBe(400);
  expect((await api.call(`${inStudy()}/continuations?cursor=${"x".repeat(7000)}`)).status).toBe(400);
});

test("the conditioning table has the page's figures, as JSON and as CSV", async () => {
  const { body } = await api.call(`${inStudy()}/tables/conditioning`);
  const rows = body.rows as { arm: string; samples: number; correct: number; coverage: { value: number; low: number; high: number } }[];
  expect(rows.map((r) => r.arm)).toEqual(["problem", "prefix", "original", "intervention"]);
  const csv = await api.call(`${inStudy()}/tables/conditioning`, { headers: { accept: "text/csv" } });
  const [head, ...lines] = csv.text.trim().split("\r\n").map((l) => l.split(","));
  expect(head?.slice(0, 4)).toEqual(["arm", "problems", "covered", "coverage"]);
  expect(lines.map((l) => Number(l[3]))).toEqual(rows.map((r) => r.coverage.value));
  const counts = (await api.call(`${inStudy()}/tables/proposals`)).body as Record<string, number>;
  expect(counts.kept).toBeGreaterThan(0);
  expect((await api.call(`${inStudy()}/tables/proposals?format=csv`)).text).toContain(`${counts.kept}\r\n`);
});

test("what does not exist, is misspelt or is hostile is told so in RFC 9457's form", async () => {
  const at = async (p: string, status: number, kind: string, o = {}) => {
    const answer = await api.call(p, o);
    expect([p, answer.status]).toEqual([p, status]);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body).toMatchObject({ type: `/api/v1/errors/${kind}`, status, instance: expect.stringMatching(/^\/api\/v1/) });
    expect(String(answer.body.detail).length).toBeGreaterThan(10);
    return answer;
  };
  await at("/nothing", 404, "not-found");
  await at("/studies/none", 404, "not-found");
  await at(`/studies/${encodeURIComponent("' OR 1=1 --")}`, 404, "not-found");
  await at(`${inStudy()}/attempts/not-an-id`, 404, "not-found");
  await at(`${inStudy()}/attempts/01900000-0000-7000-8000-000000000000`, 404, "not-found");
  await at(`${inStudy()}/datasets/${encodeURIComponent("../../../etc/passwd")}`, 404, "not-found");
  await at("/studies/%ff", 404, "not-found");
  const misspelt = await at(`${inStudy()}/attempts?rewrad=wrong`, 400, "bad-request");
  expect(misspelt.body.detail).toMatch(/rewrad/);
  await at(`${inStudy()}/attempts?reward=good`, 400, "bad-request");
  await at(`${inStudy()}/attempts?sort=${encodeURIComponent("id; DROP TABLE study")}`, 400, "bad-request");
  await at(`${inStudy()}/attempts?limit=0`, 400, "bad-request");
  await at(`${inStudy()}/attempts?limit=5&limit=6`, 400, "bad-request");
  const wrong = await at("/studies", 405, "method-not-allowed", { method: "PUT" });
  expect(wrong.headers.get("allow")).toBe("GET, HEAD, POST, OPTIONS");
  for (const kind of ["not-found", "unauthorized"]) expect((await api.call(`/errors/${kind}`, { key: null })).body.kind).toBe(kind);
  const { rows } = await deps.pool.query("SELECT 1 FROM study");
  expect(rows.length).toBe(1);
});

test("HEAD answers the headers alone, OPTIONS the methods, and no page of another origin is let in", async () => {
  const head = await api.call(`${inStudy()}/problems?limit=2`, { method: "HEAD" });
  expect([head.status, head.text, head.headers.get("link")?.includes("cursor=")]).toEqual([200, "", true]);
  const options = await api.call("/studies", { method: "OPTIONS", key: null, headers: { origin: "http://evil.example" } });
  expect([options.status, options.headers.get("allow")]).toEqual([204, "GET, HEAD, POST, OPTIONS"]);
  expect([...options.headers.keys()].filter((h) => h.startsWith("access-control"))).toEqual([]);
});

async function everything<R = Record<string, unknown>>(path: string): Promise<(R & { id: string })[]> {
  const rows: (R & { id: string })[] = [];
  for (let next: string | null = null; ; ) {
    const cursor: string = next === null ? "" : `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(next)}`;
    const page: { body: Page<R> } = await api.call<Page<R>>(path + cursor);
    rows.push(...page.body.rows);
    next = page.body.next;
    if (next === null) return rows;
  }
}
