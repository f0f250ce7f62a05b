import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { startWorker } from "@/workers/worker/worker";
import { type EngineProcess, spawnEngine } from "../pipeline/support/engine-process";
import { type JudgingWorld, judgingWorld, must, send } from "./support";

// A real model on what is left of two cores.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let w: JudgingWorld;
let engine: EngineProcess;
let worker: Awaited<ReturnType<typeof startWorker>>;

beforeAll(async () => {
  w = await judgingWorld("judging sampled", { problems: 2, samples: 1 });
  engine = await spawnEngine();
  worker = await startWorker({ databaseUrl: w.db.url, inferenceUrl: engine.url, log: () => {} });
});
afterAll(async () => {
  await worker?.stop();
  await engine?.kill("SIGTERM");
  await w?.close();
});

const until = async <T>(what: string, probe: () => Promise<T | null>): Promise<T> => {
  for (let tries = 0; tries < 400; tries++) {
    const found = await probe();
    if (found !== null) return found;
    await new Promise((r) => setTimeout(r, 200));
  }
  throw new Error(`not in time: ${what}`);
};

it("a judge samples from their own correction before deciding, alone; the edit that stands is then sampled by the real model and judged", async () => {
  const [ann, bob] = [await w.as("Ann"), await w.as("Bob")];
  const { id: queue } = await ann.queues.create({ study: w.study.name, name: "q", subject: "proposal", judges: 1 });
  const item = must((await ann.queues.next({ queue })).item);
  const correction = { content: "Let me count again, slowly.", location: 2 };
  const { branchId } = await ann.queues.sample({ item: item.id, ...correction, samples: 2 });
  const own = await until("own samples", async () => {
    const [branch] = await ann.queues.samples({ item: item.id });
    return branch !== undefined && branch.done === 2 ? branch : null;
  });
  expect(own).toMatchObject({ id: branchId, hidden: true, kind: "replace", step: 2, content: correction.content });
  expect(own.rows.map((r) => r.outcome)).toHaveLength(2);
  expect(own.rows.every((r) => r.text.length > 0 && r.reason !== "")).toBe(true);
  expect((await ann.branches.get({ branch: branchId })).rows).toHaveLength(2);
  expect(await bob.queues.samples({ item: item.id })).toEqual([]);
  await expect(bob.branches.get({ branch: branchId })).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(bob.queues.sample({ item: item.id, ...correction })).rejects.toMatchObject({ code: "CONFLICT" });

  await ann.queues.decide({ ...send(item), clientKey: randomUUID(), action: "edit", ...correction });
  expect((await ann.queues.item({ item: item.id })).mine).toMatchObject({ action: "edit", sampled: true });
  const version = await until("the version to be judged", async () => {
    const { rows } = await w.db.pool.query<{ kept: boolean | null; n: number; correct: number }>(
      `SELECT p.kept, count(c.id)::int AS n, coalesce(sum(c.reward), 0)::int AS correct FROM proposal p
       LEFT JOIN continuation c ON c.proposal_id = p.id AND c.arm = 'intervention' WHERE p.author = 'person' GROUP BY p.id`,
    );
    return rows[0] !== undefined && rows[0].kept !== null ? rows[0] : null;
  });
  expect(version).toMatchObject({ n: 8, kept: version.correct > 0 });
  const effect = await until("both runs done", async () => {
    const { rows } = await w.db.pool.query("SELECT 1 FROM run r JOIN pipeline p ON p.id = r.pipeline_id WHERE p.recipe = 'judged' AND r.state <> 'done'");
    return rows.length === 0 ? await ann.queues.effect({ study: w.study.name, pipeline: w.study.pipelineId }) : null;
  });
  expect(effect).toMatchObject({ rewritten: 1, sampled: 1, pending: 0 });

  // A second edit opens the finished runs again.
  const next = must((await ann.queues.next({ queue })).item);
  await ann.queues.decide({ ...send(next), action: "edit", content: "Another way: list them all.", location: 1 });
  await until("the second version", async () => {
    const { rows } = await w.db.pool.query("SELECT 1 FROM proposal WHERE author = 'person' AND kept IS NOT NULL");
    return rows.length === 2 ? true : null;
  });
});
