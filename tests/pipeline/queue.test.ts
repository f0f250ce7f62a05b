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

const RUN = uuid();
const item = (id = uuid(), arm = "", runId = RUN) => ({ id, runId, arm });

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
    await queue.enqueue(db.pool, "keep", [item(), item()]);
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
    for (const [arm, id] of Object.entries(ids)) await queue.enqueue(db.pool, "continue", [item(id, arm)]);
    const first = (await queue.fetch("continue", 2)).map((c) => jobPayload.parse(c.data).itemId);
    expect(new Set(first)).toEqual(new Set([ids.prefix, ids.intervention]));
    expect((await queue.fetch("continue", 2)).map((c) => jobPayload.parse(c.data).itemId)).toEqual([ids.problem]);
    const bulk = [uuid(), uuid(), uuid()];
    await queue.enqueue(db.pool, "score", bulk.map((id) => item(id)));
    const now = uuid();
    await queue.enqueue(db.pool, "score", [item(now, "now")]);
    expect((await queue.fetch("score", 1)).map((c) => jobPayload.parse(c.data).itemId)).toEqual([now]);
  } finally {
    await queue.stop();
  }
});

test("rollouts are worked through in their order, and runs take turns rather than change with every problem", async () => {
  const queue = new JobQueue({ url: db.url, role: "work", name: "test queue" });
  try {
    const [a, b] = [uuid(), uuid()].map((runId) => Array.from({ length: 100 }, () => item(uuid(), "", runId)));
    if (a === undefined || b === undefined) throw new Error("two runs were made");
    await queue.enqueue(db.pool, "rollout", a);
    await queue.enqueue(db.pool, "rollout", b);
    const taken: string[] = [];
    for (let i = 0; i < 25; i++) taken.push(...(await queue.fetch("rollout", 8)).map((c) => jobPayload.parse(c.data).itemId).sort());
    // A fetch of eight gives them in any order.
    const ids = (items: typeof a) => items.map((one) => one.id);
    const [first, second] = ids(a).includes(taken[0] ?? "") ? [a, b] : [b, a];
    const wanted = [...ids(first).slice(0, 64), ...ids(second).slice(0, 64), ...ids(first).slice(64), ...ids(second).slice(64)];
    const eights = (all: string[]) => Array.from({ length: all.length / 8 }, (_, i) => all.slice(i * 8, i * 8 + 8).sort());
    expect(eights(taken)).toEqual(eights(wanted));
  } finally {
    await queue.stop();
  }
});
