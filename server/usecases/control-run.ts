import { InterveneError } from "../errors";
import { changeRuns, type RunChange, type RunTarget, reopenFailed } from "../store/write/change-runs";
import type { Deps } from "./deps";

export type { RunChange, RunTarget };

type ControlDeps = Pick<Deps, "pool" | "queue">;

/** Stop taking new items; what is being sampled is finished. @throws InterveneError("conflict") when nothing is running. */
export function pauseRun(deps: ControlDeps, target: RunTarget): Promise<RunChange[]> {
  return change(deps, target, "pause", "paused");
}

/** Go on where it was paused. @throws InterveneError("conflict") when nothing is paused. */
export function resumeRun(deps: ControlDeps, target: RunTarget): Promise<RunChange[]> {
  return change(deps, target, "resume", "resumed");
}

/** Stop for good, requests under way included; what was made stays. @throws InterveneError("conflict") when it is over already. */
export function cancelRun(deps: ControlDeps, target: RunTarget): Promise<RunChange[]> {
  return change(deps, target, "cancel", "cancelled");
}

/**
 * Try the failed items again; each makes only the rows it still lacks.
 * @returns how many items. @throws InterveneError("conflict") when none has failed.
 */
export async function retryFailed(deps: ControlDeps, target: RunTarget): Promise<number> {
  const items = await reopenFailed(deps, target);
  if (items === 0) throw new InterveneError("conflict", "There are no failed items to try again.");
  return items;
}

async function change(
  deps: ControlDeps,
  target: RunTarget,
  event: "pause" | "resume" | "cancel",
  done: string,
): Promise<RunChange[]> {
  const changes = await changeRuns(deps, target, event);
  if (changes.length === 0)
    throw new InterveneError(
      "not_found",
      `There is no ${"runId" in target ? `run ${target.runId}` : `pipeline ${target.pipelineId}`}.`,
    );
  if (changes.every((c) => c.before === c.after)) {
    const states = [...new Set(changes.map((c) => c.before))].join(", ");
    throw new InterveneError(
      "conflict",
      `It cannot be ${done}: ${changes.length === 1 ? "the run is" : "its runs are"} ${states}.`,
    );
  }
  return changes;
}
