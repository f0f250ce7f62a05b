import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { v7 as uuid } from "uuid";
import { jobPayload } from "@/server/core/jobs";
import { JobQueue } from "@/server/store/queue/job-queue";
import { createTestDatabase, type TestDatabase } from "../support/database";

/** The queue between rows and workers: what goes first, and what a database that is away for a moment costs. */
let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase("queue");
});
afterAll(() => db.close());

/** A way to the database that can be cut. */
async function cuttable() {
  const to = new URL(db.url);
  const sockets = new Set<Socket>();
  let open = true;
  const proxy = createServer((client) => {
    if (!open) return void client.destroy();
    const server = connect(Number(to.port), to.hostname);
    for (const s of [client, server]) {
      sockets.add(s);
      s.on("error", () => {});
      s.on("close", () => sockets.delete(s));
    }
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return {
    url: Object.assign(new URL(db.url), { host: `127.0.0.1:${(proxy.address() as AddressInfo).port}` }).href,
    cut() {
      open = false;
      for (const s of sockets) s.destroy();
    },
    mend() {
      open = true;
    },
    async close() {
      for (const s of sockets) s.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

test("jobs that were settled while the database was away are told to it when it is back", async () => {
  const way = await cuttable();
  const errors: string[] = [];
  const queue = new JobQueue({ url: way.url, role: "work", name: "test queue", onError: (e) => errors.push(e.message) });
  try {
    await queue.enqueue(db.pool, "keep", [{ id: uuid(), arm: "" }, { id: uuid(), arm: "" }]);
    const claims = await queue.fetch("keep", 2);
    expect(claims).toHaveLength(2);
    way.cut();
    for (const claim of claims) queue.settle(claim);
    await expect.poll(() => errors.length, { timeout: 10_000 }).toBeGreaterThan(0);
    way.mend();
    const completed = async () =>
      (await db.pool.query<{ n: number }>("SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'stage.keep' AND state = 'completed'")).rows[0]?.n;
    await expect.poll(completed, { timeout: 8_000 }).toBe(2);
  } finally {
    await queue.stop();
    await way.close();
  }
});

test("a problem's fresh samples wait for the arms of proposals, a score that somebody waits for does not wait for others", async () => {
  const queue = new JobQueue({ url: db.url, role: "work", name: "test queue" });
  try {
    const ids = { problem: uuid(), prefix: uuid(), intervention: uuid() };
    for (const [arm, id] of Object.entries(ids)) await queue.enqueue(db.pool, "continue", [{ id, arm }]);
    const first = (await queue.fetch("continue", 2)).map((c) => jobPayload.parse(c.data).itemId);
    expect(new Set(first)).toEqual(new Set([ids.prefix, ids.intervention]));
    expect((await queue.fetch("continue", 2)).map((c) => jobPayload.parse(c.data).itemId)).toEqual([ids.problem]);
    const bulk = [uuid(), uuid(), uuid()];
    await queue.enqueue(db.pool, "score", bulk.map((id) => ({ id, arm: "" })));
    const now = uuid();
    await queue.enqueue(db.pool, "score", [{ id: now, arm: "now" }]);
    expect((await queue.fetch("score", 1)).map((c) => jobPayload.parse(c.data).itemId)).toEqual([now]);
  } finally {
    await queue.stop();
  }
});
