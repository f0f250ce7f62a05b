import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type JudgingWorld, judgingWorld, must, send } from "./support";

let w: JudgingWorld;
beforeAll(async () => {
  w = await judgingWorld("judging concurrency", { problems: 12 });
});
afterAll(() => w?.close());

const count = async (sql: string, values: unknown[] = []) =>
  (await w.db.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, values)).rows[0]?.n ?? -1;

describe("20 judges at once", () => {
  it.each([1, 3])("give exactly %i decisions to each item, none twice, and never hold more than are missing", async (judges) => {
    const owner = await w.as("owner");
    const { id: queue, items } = await owner.queues.create({
      study: w.study.name,
      name: `busy ${judges}`,
      subject: "proposal",
      judges,
    });
    expect(items).toBeGreaterThan(20);
    let most = 0;
    let watching = true;
    const watch = (async () => {
      while (watching) {
        const { rows } = await w.db.pool.query<{ n: number }>(
          `SELECT coalesce(max(i.decided + (SELECT count(*) FROM lease l WHERE l.item_id = i.id AND l.expires_at > now())), 0)::int AS n
           FROM queue_item i WHERE i.queue_id = $1`,
          [queue],
        );
        most = Math.max(most, rows[0]?.n ?? 0);
      }
    })();
    const judged = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const judge = await w.as(`judge ${n}`);
        let done = 0;
        let next = await judge.queues.next({ queue });
        for (let tries = 0; tries < 400; tries++) {
          if (next.item === null) {
            if (next.why !== "taken") break;
            await new Promise((r) => setTimeout(r, 10));
            next = await judge.queues.next({ queue });
            continue;
          }
          const decision = send(next.item, { action: n % 3 === 0 ? "no_error" : "accept", next: true });
          // Every fifth is sent twice at the same time, as a browser does whose first answer was lost.
          const [kept, again] = await Promise.all([
            judge.queues.decide(decision),
            done % 5 === 0 ? judge.queues.decide({ ...decision, next: false }) : null,
          ]);
          if (again) expect(again.decisionId).toBe(kept.decisionId);
          done++;
          next = must(kept.next, "answer about the next item");
        }
        return done;
      }),
    );
    watching = false;
    await watch;
    expect(judged.reduce((a, b) => a + b)).toBe(items * judges);
    expect(most).toBeLessThanOrEqual(judges);
    const of = "JOIN queue_item i ON i.id = x.item_id WHERE i.queue_id = $1";
    expect(await count(`decision x ${of}`, [queue])).toBe(items * judges);
    expect(await count(`vote x ${of}`, [queue])).toBe(items * judges);
    expect(await count(`lease x ${of}`, [queue])).toBe(0);
    expect(await count(`queue_item WHERE queue_id = $1 AND state = 'complete' AND decided = $2`, [queue, judges])).toBe(items);
    expect(
      await count(`(SELECT 1 FROM decision x ${of} GROUP BY x.item_id, x.person_id HAVING count(*) > 1) d`, [queue]),
    ).toBe(0);
    const progress = await owner.queues.progress({ queue });
    expect(progress).toMatchObject({ items, complete: items, votes: items * judges, secondsLeft: 0 });
  });

  it("two tabs of one judge: one decision counts, the other is refused with what changed", async () => {
    const owner = await w.as("owner");
    const { id: queue } = await owner.queues.create({ study: w.study.name, name: "two tabs", subject: "proposal", judges: 3 });
    const item = must((await owner.queues.next({ queue })).item);
    const both = await Promise.allSettled([
      owner.queues.decide(send(item, { clientKey: randomUUID() })),
      owner.queues.decide(send(item, { clientKey: randomUUID(), action: "no_error" })),
    ]);
    expect(both.map((b) => b.status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = both.find((b) => b.status === "rejected");
    expect(String(refused?.reason)).toMatch(/has decided this item already at \d\d:\d\d UTC \((accepted|no error)\)/);
  });
});
