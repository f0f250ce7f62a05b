import { ARMS, type Arm } from "../core/arms";
import { progressOf } from "../core/progress";
import type { ProblemCount } from "../core/statistics/armTable";
import type { FailedItem, ProposalCounts, StageView } from "../core/views/study";
import { type ArmRow, readArmRows } from "../store/read/arm-rows";
import { readProposalCounts } from "../store/read/proposal-counts";
import { readFailedItems, readRunCounts } from "../store/read/run-counts";
import type { Deps } from "./deps";

type ReadDeps = Pick<Deps, "pool">;

/** A pipeline's stages as they stand now, in order. Counts are rows. The cost does not depend on how many there are. */
export async function runProgress(deps: ReadDeps, pipelineId: string): Promise<StageView[]> {
  const runs = await readRunCounts(deps.pool, pipelineId);
  return runs.map((run, k) => {
    const { rate, secondsLeft, provisional } = progressOf(run, runs.slice(0, k).map((r) => r.state));
    const { runId, stage, state, total, done, failed, message } = run;
    return { runId, stage, state, total, done, failed, message, rate, secondsLeft, provisional };
  });
}

/** What became of a pipeline's verifications, and how many proposals leak, were chosen, judged and kept. */
export function proposalCounts(deps: ReadDeps, pipelineId: string): Promise<ProposalCounts> {
  return readProposalCounts(deps.pool, pipelineId);
}

/** Samples (n) and right ones (c) of each problem under each arm, for the conditioning table; feed each arm to armTable. */
export function armRows(deps: ReadDeps, of: { runId: string } | { pipelineId: string }): Promise<ArmRow[]> {
  return readArmRows(deps.pool, of);
}

/** {@link armRows} by arm, in the order of the table. */
export async function armCounts(deps: ReadDeps, of: { runId: string } | { pipelineId: string }): Promise<Map<Arm, ProblemCount[]>> {
  const rows = await armRows(deps, of);
  return new Map(ARMS.map((arm) => [arm, rows.filter((r) => r.arm === arm)]));
}

/** The items of a run that failed, with why, newest first. */
export function failedItems(deps: ReadDeps, runId: string, limit = 50): Promise<FailedItem[]> {
  return readFailedItems(deps.pool, runId, limit);
}
