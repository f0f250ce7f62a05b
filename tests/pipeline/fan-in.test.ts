import { afterAll, beforeAll, expect, test } from "vitest";
import type { Stage } from "@/server/core/arms";
import { createPipeline } from "@/server/store/write/create-pipeline";
import { failItem, finishItem, type ItemKey } from "@/server/store/write/finish-item";
import type { NewItem } from "@/server/store/write/items";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { readRuns, smallStudy } from "./support/study";

let database: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  database = await createTestDatabase("fan in");
  deps = createDeps({ databaseUrl: database.url, name: "test fan in", max: 24 });
});
afterAll(async () => {
  await deps.close();
  await database.close();
});

async function itemsOf(pipelineId: string, stage: Stage): Promise<(ItemKey & { targetId: string })[]> {
  const result = await deps.pool.query<ItemKey & { targetId: string }>(
    `SELECT i.id, i.run_id AS "runId", r.pipeline_id AS "pipelineId", r.stage, r.ordinal, i.target_id AS "targetId"
     FROM work_item i JOIN run r ON r.id = i.run_id WHERE r.pipeline_id = $1 AND r.stage = $2`,
    [pipelineId, stage],
  );
  return result.rows;
}

test("items that finish, fail and repeat at once on many connections: every run ends, once, with exact counters", async () => {
  const first = await smallStudy(deps, 24, { rollout: 1, verify: 1, continuation: 1 });
  const problems = await deps.prisma.problem.findMany({ select: { id: true } });
  const { modelId } = await deps.prisma.run.findFirstOrThrow({ where: { pipelineId: first.pipelineId } });
  for (let round = 0; round < 6; round++) {
    const pipelineId = await createPipeline(deps, {
      studyId: first.studyId,
      recipe: "int",
      settings: first.settings,
      modelId: modelId ?? "",
      problemIds: problems.map((p) => p.id),
      samples: 1,
    });
    const runs = await readRuns(deps, pipelineId);
    const grade = runs.find((r) => r.stage === "grade")?.id ?? "";
    const finish = (item: ItemKey, next: NewItem[]) =>
      finishItem(deps, item, null, { rows: async () => 1, next: async () => next });

    const rollouts = await itemsOf(pipelineId, "rollout");
    const graded: Promise<unknown>[] = [];
    await Promise.all(
      rollouts.map(async (item, i) => {
        if (i % 6 === 5) return failItem(deps, item, null, "it would not do");
        const next: NewItem = { runId: grade, stage: "grade", arm: "", targetId: item.targetId, units: 1 };
        // Twice at once, as by two workers that both believe that the item is theirs: one of them is told that it is gone.
        const both = await Promise.all([finish(item, [next]), finish(item, [next])]);
        expect(both.sort()).toEqual(["done", "gone"]);
        // The next stage's item follows at once, while other rollouts are still finishing.
        const [follower] = (await itemsOf(pipelineId, "grade")).filter((g) => g.targetId === item.targetId);
        if (follower) graded.push(finish(follower, []));
      }),
    );
    await Promise.all(graded);
    const after = await readRuns(deps, pipelineId);
    expect(after.map((r) => [r.stage, r.state, r.total, r.done, r.failed])).toEqual([
      ["rollout", "done", 24, 20, 4],
      ["grade", "done", 20, 20, 0],
      ["verify", "done", 0, 0, 0],
      ["continue", "done", 0, 0, 0],
      ["keep", "done", 0, 0, 0],
    ]);
    expect(after[0]?.message).toBe("4 items failed: it would not do");
  }
}, 60_000);
