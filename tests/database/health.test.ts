import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPool } from "@/server/store/connection";
import { health } from "@/server/usecases/health";
import { createTestDatabase, type TestDatabase } from "../support/database";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase("health");
});
afterAll(() => db.close());

test("workers of the last 15 s, pending items of running and of paused runs, and the engine's own word", async () => {
  const study = await db.prisma.study.create({ data: { name: "s" } });
  const runs = await Promise.all((["running", "paused", "cancelled"] as const).map((state) => db.prisma.run.create({ data: { studyId: study.id, stage: "verify", state, settings: {} } })));
  for (const [k, run] of runs.entries()) {
    await db.prisma.workItem.createMany({ data: Array.from({ length: k + 1 }, () => ({ runId: run.id, targetId: randomUUID(), units: 4 })) });
  }
  const [here, gone] = [randomUUID(), randomUUID()];
  await db.prisma.worker.createMany({ data: [{ id: here, host: "h", pid: 1 }, { id: gone, host: "h", pid: 2, seenAt: new Date(Date.now() - 20_000) }] });
  const engine = createServer((request, answer) => answer.writeHead(request.url === "/health" ? 200 : 404).end()).listen(0, "127.0.0.1");
  await new Promise((r) => engine.once("listening", r));
  const url = `http://127.0.0.1:${(engine.address() as AddressInfo).port}`;
  const report = await health({ pool: db.pool, inferenceUrl: url, inferenceApiKey: undefined });
  engine.closeAllConnections();
  await new Promise((r) => engine.close(r));
  expect(report).toMatchObject({
    ok: true,
    database: { ok: true, version: expect.stringMatching(/^18\./) },
    workers: [{ id: here, waitsFor: "" }],
    queue: { pending: 1, paused: 2, stages: { verify: 1 } },
    engine: { ok: true, url, message: "" },
  });
  const later = await health({ pool: db.pool, inferenceUrl: url, inferenceApiKey: undefined });
  expect(later).toMatchObject({ ok: true, engine: { ok: false, message: expect.stringContaining("ECONNREFUSED") } });
});

test("a database that is away is an answer, not an exception", async () => {
  const pool = createPool("postgres://u:p@127.0.0.1:1/none");
  expect(await health({ pool, inferenceUrl: undefined, inferenceApiKey: undefined })).toMatchObject({ ok: false, database: { ok: false, message: expect.stringContaining("ECONNREFUSED") } });
  await pool.end();
});
