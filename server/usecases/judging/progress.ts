import type { QueueProgress } from "../../core/views/judging";
import { countProgress, listJudges } from "../../store/judging/progress";
import type { PageDeps } from "../pages/find";
import { queueOf } from "./find";

/** How far a queue is, and each of its judges, with what is left. @throws InterveneError("not_found") */
export async function readProgress(deps: PageDeps, input: { queue: string }): Promise<QueueProgress> {
  const queue = await queueOf(deps, input.queue);
  const [counts, judges] = await Promise.all([countProgress(deps.pool, queue.id), listJudges(deps.pool, queue.id)]);
  const missing = counts.votesWanted - counts.votes;
  return {
    ...counts,
    judges: judges.map(({ id, name, left, holds, ...rest }) => ({
      ...rest,
      person: { id, name },
      left: queue.closedAt === null ? left : 0,
      holds: holds.map((h) => ({ number: h.number, openedAt: new Date(h.openedAt), expiresAt: new Date(h.expiresAt) })),
    })),
    secondsLeft:
      counts.medianSeconds === null || queue.closedAt !== null ? null : (missing * counts.medianSeconds) / Math.max(1, counts.atWork),
  };
}
