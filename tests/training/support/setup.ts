import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { generateProblems } from "@/server/core/lab/generate";
import { startDataset } from "@/server/usecases/datasets/create";
import { createDeps } from "@/server/usecases/deps";
import { type ChainRequest, startChain } from "@/server/usecases/training/start";
import { type EngineProcess, spawnEngine } from "../../pipeline/support/engine-process";
import { spawnWorker, type WorkerProcess } from "../../pipeline/support/worker-process";
import { createTestDatabase } from "../../support/database";

/** A chain that takes seconds. */
export const SMALL: NonNullable<ChainRequest["change"]> = { sft: { epochs: 1, batchRows: 4 }, rl: { steps: 2, promptsPerStep: 4, samples: 4 } };

/**
 * Everything that a training runs on, each a process of its own: a database, the engine with the lab model and a folder for
 * trained ones, a worker; and a study with problem sets "train" and "test" (8 problems each) and the data set "references".
 *
 * @param o.inference address that the worker is given for the engine's, e.g. a stand-in's in front of it.
 */
export async function trainingSetup(label: string, o: { inference?: (engineUrl: string, home: string) => Promise<string> } = {}) {
  const home = mkdtempSync(path.join(tmpdir(), `intervene-${label}-`));
  const database = await createTestDatabase(label);
  const deps = createDeps({ databaseUrl: database.url, name: `test ${label}` });
  const engine: EngineProcess = await spawnEngine(0, ["--models", path.join(home, "models"), "--cache", path.join(home, "cache")]);
  const inferenceUrl = (await o.inference?.(engine.url, home)) ?? engine.url;
  const startWorker = () => spawnWorker(database.url, inferenceUrl, home);
  const study = await deps.prisma.study.create({ data: { name: label, kind: "lab" } });
  const lab: ChainRequest["model"] = await deps.prisma.model.create({ data: { studyId: study.id, name: "lab", servedName: "lab" } });
  for (const [name, seed] of [["train", 21], ["test", 22]] as const) {
    const set = await deps.prisma.problemSet.create({ data: { studyId: study.id, name } });
    await deps.prisma.problem.createMany({
      data: generateProblems({ n: 8, seed, level: "hard" }).map((p, ordinal) => ({
        studyId: study.id,
        problemSetId: set.id,
        key: p.id,
        ordinal,
        statement: p.problem,
        answer: p.answer,
        reference: p.referenceSolution,
      })),
    });
  }
  await startDataset(deps, study, { name: "references", options: { source: "reference", problemSet: "train" }, base: "lab" } as Parameters<typeof startDataset>[2]);
  const setup = {
    home,
    database,
    deps,
    engine,
    study,
    lab,
    worker: startWorker() as WorkerProcess,
    /** After the worker was killed. */
    startWorker() {
      setup.worker = startWorker();
    },
    start: (chain: Partial<ChainRequest>) => startChain(deps, study, { recipe: "test", model: lab, evaluate: [], threads: 1, change: SMALL, ...chain }),
    trainingOf: (runId: string | undefined) => deps.prisma.training.findUniqueOrThrow({ where: { runId: runId ?? "" } }),
    async close() {
      setup.worker.child.kill("SIGTERM");
      await setup.worker.ended;
      await engine.kill("SIGTERM");
      await deps.close();
      await database.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
  await setup.worker.ready;
  return setup;
}
