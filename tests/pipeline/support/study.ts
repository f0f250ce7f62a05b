import { setTimeout as sleep } from "node:timers/promises";
import type { IntOverrides } from "@/server/core/recipes";
import type { RunState } from "@/server/core/run-state";
import { createLabStudy, type LabStudy } from "@/server/usecases/create-lab-study";
import type { Deps } from "@/server/usecases/deps";

export const SAMPLING = { temperature: 0.8, topP: 0.95, topK: 0, minP: 0, maxTokens: 200 };

/** A lab study of a few problems; its samples are few, so that its counts are quickly there. */
export function smallStudy(
  deps: Deps,
  problems: number,
  samples: { rollout: number; verify: number; continuation: number },
  more: IntOverrides = {},
): Promise<LabStudy> {
  return createLabStudy(deps, {
    problems,
    settings: {
      ...more,
      rollout: { samples: samples.rollout, ...more.rollout },
      verify: { samples: samples.verify, ...more.verify },
      continuation: { samples: samples.continuation, problemSamples: 2 * samples.continuation, ...more.continuation },
    },
  });
}

/** Statement → answer of every problem. */
export async function answersOf(deps: Deps): Promise<Map<string, string>> {
  const problems = await deps.prisma.problem.findMany({ select: { statement: true, answer: true } });
  return new Map(problems.map((p) => [p.statement, p.answer]));
}

export interface RunRow {
  id: string;
  stage: string;
  state: RunState;
  total: number;
  done: number;
  failed: number;
  message: string;
}

export async function readRuns(deps: Deps, pipelineId: string): Promise<RunRow[]> {
  const result = await deps.pool.query<RunRow>(
    "SELECT id, stage, state, total, done, failed, message FROM run WHERE pipeline_id = $1 ORDER BY ordinal",
    [pipelineId],
  );
  return result.rows;
}

/** Wait for something about the pipeline's runs. The database may be away meanwhile. @throws when it does not come in time, with the runs. */
export async function until(
  deps: Deps,
  pipelineId: string,
  what: string,
  holds: (runs: RunRow[]) => boolean,
  within = 30_000,
): Promise<RunRow[]> {
  const end = Date.now() + within;
  let runs: RunRow[] = [];
  for (;;) {
    try {
      runs = await readRuns(deps, pipelineId);
      if (holds(runs)) return runs;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}; runs: ${JSON.stringify(runs)}`);
    await sleep(50);
  }
}

export const allDone = (runs: RunRow[]) => runs.length > 0 && runs.every((r) => r.state === "done");

export function run(runs: RunRow[], stage: string): RunRow {
  const found = runs.find((r) => r.stage === stage);
  if (!found) throw new Error(`no run of stage ${stage}`);
  return found;
}

/**
 * What has to hold at the end of every pipeline, however it went: counters equal rows, rows equal settings, every
 * failed attempt verified, every chosen proposal continued in every arm, nothing doubled, nothing left over.
 * @returns problems in the data, none when all is well.
 */
export async function discrepancies(deps: Deps, study: LabStudy): Promise<string[]> {
  const s = study.settings;
  const problems = s.maxProblems;
  const runs = await readRuns(deps, study.pipelineId);
  const count = async (sql: string) =>
    (await deps.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`)).rows[0]?.n ?? -1;
  // Jobs are settled in batches, a moment after their items. A settling that a dead database has lost is made up for when
  // the job's heartbeat has run out (10 s) and it was taken again: its item is done by then.
  const live = () => count("pgboss.job WHERE state <= 'active'");
  for (let tries = 0; tries < 600 && (await live()) > 0; tries++) await sleep(50);
  const attempts = await count("attempt");
  const wrong = await count("attempt WHERE reward = 0");
  const wrongProblems = await count("(SELECT DISTINCT problem_id FROM attempt WHERE reward = 0) x");
  const chosen = await count("proposal WHERE chosen");
  const continuations = await count("continuation");
  const expected: [string, number, number][] = [
    ["attempts", attempts, problems * s.rollout.samples],
    ["graded attempts", await count("attempt WHERE reward IS NOT NULL"), attempts],
    ["grades of attempts", await count("grade WHERE attempt_id IS NOT NULL"), attempts],
    ["verifications", await count("verification"), wrong * s.verify.samples],
    ["verifications that propose", await count("verification WHERE outcome = 'proposed'"), await count("proposal")],
    [
      "attempts with two chosen proposals",
      await count("(SELECT attempt_id FROM proposal WHERE chosen GROUP BY attempt_id HAVING count(*) > 1) x"),
      0,
    ],
    ["continuations", continuations, wrongProblems * s.continuation.problemSamples + 3 * chosen * s.continuation.samples],
    ["grades of continuations", await count("grade WHERE continuation_id IS NOT NULL"), continuations],
    ["judged proposals", await count("proposal WHERE kept IS NOT NULL"), chosen],
    [
      "kept proposals",
      await count("proposal WHERE kept"),
      await count("(SELECT DISTINCT target_id FROM continuation WHERE arm = 'intervention' AND reward = 1) x"),
    ],
    ["items not done", await count("work_item WHERE state <> 'done' OR made <> units"), 0],
    ["live jobs", await live(), 0],
    ["rollout.done", run(runs, "rollout").done, attempts],
    ["grade.done", run(runs, "grade").done, attempts],
    ["verify.done", run(runs, "verify").done, wrong * s.verify.samples],
    ["continue.done", run(runs, "continue").done, continuations],
    ["keep.done", run(runs, "keep").done, chosen],
    ...runs.flatMap((r): [string, number, number][] => [
      [`${r.stage}.total`, r.total, r.done],
      [`${r.stage}.failed`, r.failed, 0],
    ]),
  ];
  return expected
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => `${what}: ${is}, not ${should}`);
}
