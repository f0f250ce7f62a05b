import type { ItemHistory } from "@/server/core/views/judging";

/** Who said, after the first `at` rows of a history, that the first error is at which step. What was taken back or replaced is gone. */
export function saidAt(events: ItemHistory["events"], at: number): ReadonlyMap<number, readonly string[]> {
  const votes = new Map<string, { name: string; step: number | null }>();
  let settled: number | null = null;
  for (const e of events.slice(0, at)) {
    if (e.kind === "settlement") settled = e.settlement.firstError;
    else if (e.decision.undoesId !== null) votes.delete(e.decision.undoesId);
    else if (e.decision.action !== "skip")
      votes.set(e.decision.id, { name: e.decision.person.name, step: e.decision.firstError });
  }
  const marks = new Map<number, string[]>();
  const mark = (step: number | null, name: string) => {
    if (step !== null) marks.set(step, [...(marks.get(step) ?? []), name]);
  };
  for (const v of votes.values()) mark(v.step, v.name);
  mark(settled, "the settled label");
  return marks;
}
