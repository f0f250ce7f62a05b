import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startWorker } from "@/workers/worker/worker";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startFakeServer } from "./support/fake-server";
import { allDone, answersOf, discrepancies, run, smallStudy, until } from "./support/study";

let database: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  database = await createTestDatabase("pipeline");
  deps = createDeps({ databaseUrl: database.url, name: "test pipeline" });
});
afterAll(async () => {
  await deps.close();
  await database.close();
});

test("one worker takes a study through all five stages, with exactly the rows that its settings ask for", async () => {
  const study = await smallStudy(deps, 6, { rollout: 4, verify: 4, continuation: 8 });
  const server = await startFakeServer(await answersOf(deps));
  const lines: string[] = [];
  const worker = await startWorker({
    databaseUrl: database.url,
    inferenceUrl: server.url,
    log: (line) => lines.push(line),
  });
  try {
    const runs = await until(deps, study.pipelineId, "all runs done", allDone, 90_000);
    expect(await discrepancies(deps, study)).toEqual([]);
    expect(run(runs, "rollout").done).toBe(24);
    // Texts come back as they were sampled, tabs and backslashes included.
    const attempt = await deps.prisma.attempt.findFirstOrThrow();
    expect(attempt.text).toContain("Second step \t with a tab and a \\backslash.\n\nSo \\boxed{");
    expect(attempt.steps).toBe(3);
    expect(lines).toEqual([]);
  } finally {
    await worker.stop();
    await server.stop();
  }
}, 120_000);
