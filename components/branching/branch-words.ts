import type { RunState } from "@/server/core/run-state";
import type { BranchView } from "@/server/core/views/branches";

/** "after step 3", "in place of step 4", "from the bare problem". */
export function branchWords(b: Pick<BranchView, "kind" | "step">): string {
  if (b.kind === "replace") return `in place of step ${b.step}`;
  return b.step === 0 ? "from the bare problem" : `after step ${b.step}`;
}

/** What a branch waits for or does, in a sentence; "" when it is over and all is well. */
export function stateWords(b: { state: RunState; message: string }, workers: number): string {
  if (b.state === "failed") return b.message || "It failed.";
  if (b.state === "cancelled") return "Cancelled: the samples that had ended by then stay.";
  if (b.state === "paused") return "Paused.";
  if (b.state === "done") return "";
  if (b.message !== "") return b.message;
  if (workers === 0) return "Waiting: no worker is at work. It is sampled as soon as one is (“npm start”, or “intervene worker”).";
  return b.state === "queued" ? "Waiting for a worker to take it." : "";
}

/** Settings in one line. */
export function settingsWords(b: Pick<BranchView, "sampling" | "seed" | "model">): string {
  const { temperature, topP, topK, minP } = b.sampling;
  const parts = [`${b.model}`, `temperature ${temperature}`];
  if (topP < 1) parts.push(`top p ${topP}`);
  if (topK > 0) parts.push(`top k ${topK}`);
  if (minP > 0) parts.push(`min p ${minP}`);
  return [...parts, `seed ${b.seed}`].join(", ");
}
