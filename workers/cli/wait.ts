import { setTimeout as sleep } from "node:timers/promises";
import { isOver } from "@/server/core/run-state";
import { InterveneError } from "@/server/errors";
import { listStages, type StageRow } from "@/server/store/views/stages";
import type { Deps } from "@/server/usecases/deps";
import { count, note } from "./output";

const POLL = 1_000;
const TELL_EVERY = 5_000;

/** How far the stages are, in one line; of many, those at work and how many are over. */
export function stagesText(stages: readonly StageRow[]): string {
  if (stages.length <= MANY) return stages.map(stageText).join(", ");
  const over = stages.filter((s) => isOver(s.state));
  const atWork = stages.filter((s) => s.state === "running" || s.state === "paused");
  const bad = over.filter((s) => s.state !== "done");
  return [`${count(over.length)} of ${count(stages.length)} runs have ended`, ...bad.map(stageText), ...atWork.map(stageText)].join(", ");
}

/** More runs than these are not told one by one. */
const MANY = 8;

const stageText = (s: StageRow) =>
  `${s.stage} ${count(s.done)}/${count(s.total)}${s.failed > 0 ? ` (${count(s.failed)} failed)` : ""}${s.state === "done" || s.state === "running" ? "" : ` ${s.state}`}`;

/** The stages of some pipelines, in order. */
export async function stagesOf(deps: Pick<Deps, "pool">, pipelineIds: readonly string[]): Promise<StageRow[]> {
  return (await Promise.all(pipelineIds.map((id) => listStages(deps.pool, id)))).flat();
}

/** The stages of some pipelines once every run is over. @throws InterveneError("unavailable") when stopped by a signal; the runs go on. */
export async function untilEnded(deps: Pick<Deps, "pool">, pipelineIds: readonly string[], signal: AbortSignal): Promise<StageRow[]> {
  let told = "";
  for (let last = 0; ; ) {
    const stages = await stagesOf(deps, pipelineIds);
    if (stages.every((s) => isOver(s.state))) return stages;
    const line = stagesText(stages);
    if (Date.now() - last >= TELL_EVERY && line !== told) {
      last = Date.now();
      told = line;
      note(line);
    }
    await sleep(POLL, undefined, { signal }).catch(() => {});
    if (signal.aborted) throw new InterveneError("unavailable", "Not waiting any longer; the run goes on.");
  }
}
