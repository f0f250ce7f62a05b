import { setTimeout as sleep } from "node:timers/promises";
import { isOver } from "@/server/core/run-state";
import { InterveneError } from "@/server/errors";
import { listStages, type StageRow } from "@/server/store/views/stages";
import type { Deps } from "@/server/usecases/deps";
import { count, note } from "./output";

const POLL = 1_000;
const TELL_EVERY = 5_000;

/** How far the stages are, in one line. */
export const stagesText = (stages: readonly StageRow[]) =>
  stages
    .map(
      (s) =>
        `${s.stage} ${count(s.done)}/${count(s.total)}${s.failed > 0 ? ` (${count(s.failed)} failed)` : ""}${s.state === "done" || s.state === "running" ? "" : ` ${s.state}`}`,
    )
    .join(", ");

/** The stages of a pipeline once every run is over. @throws InterveneError("unavailable") when stopped by a signal; the run goes on. */
export async function untilEnded(deps: Pick<Deps, "pool">, pipelineId: string, signal: AbortSignal): Promise<StageRow[]> {
  let told = "";
  for (let last = 0; ; ) {
    const stages = await listStages(deps.pool, pipelineId);
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
