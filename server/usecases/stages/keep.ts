import { judgeProposal } from "../../store/write/stage-marks";
import type { StageContext, StageResult } from "./stage";

/** Target: a chosen proposal whose continuations are there. Keeps it when at least one of them succeeded. */
export async function keep({ item }: StageContext): Promise<StageResult> {
  return {
    rows: (tx) => judgeProposal(tx, item.runs.continue, item.targetId),
    next: async () => [],
  };
}
