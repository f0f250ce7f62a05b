/**
 * A data set built by a worker in a process of its own, from attempts of about 8 kB with their chosen, kept proposals, on the
 * embedded PostgreSQL with its own settings (fsync on), client and server on the same cores.
 * `npm run bench -- datasets [ATTEMPTS]`.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { datasetOptionsSchema } from "@/server/core/datasets/settings";
import { migrate } from "@/server/store/migrate";
import { startDataset } from "@/server/usecases/datasets/create";
import { previewDataset } from "@/server/usecases/datasets/preview";
import { createDeps, type Deps } from "@/server/usecases/deps";
import { startDatabaseServer } from "@/workers/database/server";
import { spawnEngine } from "../pipeline/support/engine-process";
import { spawnWorker } from "../pipeline/support/worker-process";
import type { Bench } from "./bench";

const ATTEMPTS = 10_000;
/** Characters of an attempt. */
const LENGTH = 8_000;
const PER_PROBLEM = 4;

export const bench: Bench = {
  about: "building an InT data set from 10,000 attempts of 8 kB: rows/s, and the worker's memory",
  async run({ folder, args, figure, say }) {
    const attempts = Number(args[0] ?? ATTEMPTS);
    const server = await startDatabaseServer({
      folder: path.join(folder, "postgres"),
      logFile: path.join(folder, "postgres.log"),
    });
    const deps = createDeps({ databaseUrl: server.url, name: "bench datasets", max: 4 });
    try {
      await migrate(server.url);
      say(`Writing ${attempts} attempts …`);
      const study = await seed(deps, attempts);
      const began = performance.now();
      const preview = await previewDataset(deps, study, { options: datasetOptionsSchema.parse({ source: "int" }) });
      figure({
        what: "the page's preview answers after",
        value: performance.now() - began,
        unit: "ms",
        atMost: 3_000,
        note: `${preview.candidates} candidates counted${preview.complete ? "" : ", then it stops and says so"}`,
      });
      const nowhere = await build(deps, study, server.url, { inference: "http://127.0.0.1:9", name: "plain", perProblem: 0 });
      figure({ what: "rows per second, tokens not counted", value: nowhere.rows / nowhere.seconds, unit: "rows/s" });
      figure({ what: "peak memory of the worker", value: nowhere.peakMb, unit: "MB", atMost: 300 });
      const engine = await spawnEngine();
      try {
        const counted = await build(deps, study, server.url, { inference: engine.url, name: "counted", perProblem: 1 });
        figure({
          what: "rows per second, tokens counted by the lab model's tokenizer",
          value: counted.rows / counted.seconds,
          unit: "rows/s",
          note: `${counted.rows} rows, ${counted.tokens} tokens`,
        });
        figure({ what: "peak memory of the worker, tokens counted", value: counted.peakMb, unit: "MB", atMost: 300 });
      } finally {
        await engine.kill("SIGTERM");
      }
    } finally {
      await deps.close();
      await server.stop();
    }
  },
};

async function build(
  deps: Deps,
  study: { id: string; name: string },
  url: string,
  o: { inference: string; name: string; perProblem: number },
) {
  const worker = spawnWorker(url, o.inference);
  try {
    await worker.ready;
    const options = datasetOptionsSchema.parse({ source: "int", perProblem: o.perProblem });
    const { datasetId } = await startDataset(deps, study, { options, name: o.name });
    for (;;) {
      const d = await deps.prisma.dataset.findUniqueOrThrow({ where: { id: datasetId }, include: { run: true } });
      if (d.state === "ready") {
        // From the worker's first look at it to the end of its last transaction.
        const seconds = ((d.run?.endedAt ?? new Date()).getTime() - (d.run?.startedAt ?? d.createdAt).getTime()) / 1000;
        if (d.run?.endedAt) return { seconds, rows: d.rows, peakMb: peakMb(worker.child.pid ?? 0), tokens: tokensOf(d.manifest) };
      }
      if (d.state === "failed") throw new Error(d.message);
      await sleep(200);
    }
  } finally {
    worker.child.kill("SIGTERM");
    await worker.ended;
  }
}

function tokensOf(manifest: unknown): number {
  return (manifest as { tokens: { total: number } }).tokens.total;
}

/** The most memory that a process has held (Linux; elsewhere 0). */
function peakMb(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function seed(deps: Deps, attempts: number): Promise<{ id: string; name: string }> {
  const study = await deps.prisma.study.create({ data: { name: "bench" } });
  const set = await deps.prisma.problemSet.create({ data: { studyId: study.id, name: "set" } });
  const model = await deps.prisma.model.create({ data: { studyId: study.id, name: "lab", servedName: "lab" } });
  const run = await deps.prisma.run.create({
    data: { studyId: study.id, stage: "import", state: "done", settings: {}, modelId: model.id },
  });
  const problems = Math.ceil(attempts / PER_PROBLEM);
  // uuidv7() of PostgreSQL 18: ids in the order of the rows, as the product's own.
  await deps.pool.query(
    `INSERT INTO problem (id, study_id, problem_set_id, key, ordinal, statement, answer, reference)
     SELECT uuidv7(), $1, $2, 'k' || n, n, 'What is ' || n || ' plus 1? Show every step of your work.', (n + 1)::text, 'It is one more.'
     FROM generate_series(1, $3::int) n`,
    [study.id, set.id, problems],
  );
  await deps.pool.query(
    `INSERT INTO attempt (id, run_id, problem_id, model_id, sample_index, text, finish_reason, tokens, steps, reward)
     SELECT uuidv7(), $1, p.id, $2, s, (SELECT string_agg('Step ' || i || ' of ' || p.key || ': ' || md5(p.key || i || s) || ' is what follows.', E'\n\n')
            FROM generate_series(1, $4::int) i), 'stop', 0, $4::int, 0
     FROM problem p, generate_series(0, ${PER_PROBLEM - 1}) s WHERE p.study_id = $3`,
    [run.id, model.id, study.id, Math.ceil(LENGTH / 66)],
  );
  await deps.pool.query(
    `INSERT INTO proposal (id, run_id, attempt_id, sample_index, content, location, leak_equivalent, leak_substring, chosen, kept)
     SELECT uuidv7(), $1, a.id, 0, 'Instead, I look again at what was asked.', a.steps, false, false, true, true FROM attempt a WHERE a.run_id = $1`,
    [run.id],
  );
  await deps.pool.query("ANALYZE");
  return study;
}
