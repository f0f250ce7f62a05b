import { z } from "zod";
import { REASON_SAYS, REASONS, type Reason } from "./reasons";
import type { Built, Row } from "./rows";
import type { DatasetSettings } from "./settings";

/** Counts on the way from candidates to rows; JSON, so that a build goes on from it after a crash. */
export const funnelSchema = z.object({
  candidates: z.number().int(),
  rows: z.number().int(),
  dropped: z.partialRecord(z.enum(REASONS), z.number().int()),
  accepted: z.number().int(),
  located: z.number().int(),
  edited: z.number().int(),
  settled: z.number().int(),
  /** Rows by the template of their user turn. */
  templates: z.record(z.string(), z.number().int()),
  /** Rows so far of the problem and the attempt that the last row belongs to. */
  problem: z.object({ id: z.string(), rows: z.number().int() }),
  attempt: z.object({ id: z.string(), rows: z.number().int() }),
});
export type Funnel = z.infer<typeof funnelSchema>;

export function emptyFunnel(): Funnel {
  return {
    candidates: 0,
    rows: 0,
    dropped: {},
    accepted: 0,
    located: 0,
    edited: 0,
    settled: 0,
    templates: {},
    problem: { id: "", rows: 0 },
    attempt: { id: "", rows: 0 },
  };
}

/**
 * Count one candidate, in the order of problems and attempts, and let its row through unless its problem or attempt has
 * as many as wanted.
 * @param funnel changed in place.
 */
export function pour(funnel: Funnel, built: Built, settings: Pick<DatasetSettings, "source" | "perProblem" | "perAttempt">): Row | null {
  funnel.candidates += 1;
  if ("dropped" in built) return drop(funnel, built.dropped);
  const { row } = built;
  if (funnel.problem.id !== row.problemId) funnel.problem = { id: row.problemId, rows: 0 };
  if (row.attemptId !== null && funnel.attempt.id !== row.attemptId) funnel.attempt = { id: row.attemptId, rows: 0 };
  const perAttempt = settings.source === "self_reflection" ? settings.perAttempt : 0;
  if (perAttempt > 0 && funnel.attempt.rows >= perAttempt) return drop(funnel, "same_attempt");
  if (settings.perProblem > 0 && funnel.problem.rows >= settings.perProblem) return drop(funnel, "same_problem");
  funnel.rows += 1;
  funnel.problem.rows += 1;
  if (row.attemptId !== null) funnel.attempt.rows += 1;
  if (row.meta.verdict === "accepted") funnel.accepted += 1;
  if (row.meta.verdict === "located") funnel.located += 1;
  if (row.meta.verdict === "edited") funnel.edited += 1;
  if (row.meta.settlementId !== undefined) funnel.settled += 1;
  funnel.templates[row.meta.template] = (funnel.templates[row.meta.template] ?? 0) + 1;
  return row;
}

function drop(funnel: Funnel, reason: Reason): null {
  funnel.dropped[reason] = (funnel.dropped[reason] ?? 0) + 1;
  return null;
}

/** The losses, in the order in which a candidate meets their rules, with their words. */
export function losses(funnel: Pick<Funnel, "dropped">): { reason: Reason; says: string; count: number }[] {
  return REASONS.flatMap((reason) => {
    const count = funnel.dropped[reason] ?? 0;
    return count > 0 ? [{ reason, says: REASON_SAYS[reason], count }] : [];
  });
}
