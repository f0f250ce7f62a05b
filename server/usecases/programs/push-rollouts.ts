import { type Pushed, type Rollout, rowOfRollout } from "../../core/programs/rollouts";
import type { ImportFormat } from "../../core/importing/record";
import { InterveneError } from "../../errors";
import { notifyLive } from "../../store/notify";
import { inTransaction } from "../../store/transaction";
import { findStudy } from "../../store/views/studies";
import { BY_TEXT } from "../../store/write/import-attempts";
import { endImportRuns, ensureProblemSet, ensureStudy } from "../../store/write/import-study";
import type { Deps } from "../deps";
import { makeReady, type ReadyRow, type Target, writeBatch } from "../importing/batch";

export interface Push {
  /** Name or id; made when there is none of this name. */
  study: string;
  problemSet: string;
  /** What the rows belong to, e.g. a training step: attempts of one source, model and problem are one run's. */
  source: string;
  /** Accept an answer that is not in \boxed{}. */
  bareAnswers: boolean;
  /** Numbered as they came; a row that cannot be read is its refusal. */
  rows: readonly { row: number; value: Rollout | { field: string; reason: string } }[];
}

/**
 * Write a batch of rollouts, graded, in one transaction: all of its usable rows or, when it fails, none. Sent twice it
 * adds nothing (BY_TEXT). Rows that cannot be used are told by number and never stop the others.
 */
export async function pushRollouts(deps: Pick<Deps, "pool">, push: Push): Promise<Pushed> {
  const format = formatOf(push.bareAnswers);
  const refused: Pushed["refused"] = [];
  const usable: { row: number; value: Rollout }[] = [];
  for (const { row, value } of push.rows) {
    if ("reason" in value) refused.push({ row, ...value });
    else usable.push({ row, value });
  }
  // Grading is most of the work: before the transaction, whose locks others wait for.
  const ready: ReadyRow[] = await Promise.all(usable.map(({ row, value }) => makeReady(format, row, rowOfRollout(value))));
  const name = (await findStudy(deps.pool, push.study))?.name ?? push.study.trim();
  if (name === "" || name.length > 200) throw new InterveneError("bad_input", "A study's name has 1 to 200 characters.");

  const answer: Pushed = {
    study: name,
    problem_set: push.problemSet,
    source: push.source,
    rows: push.rows.length,
    added: 0,
    present: 0,
    problems_added: 0,
    attempts: [],
    refused,
  };
  if (ready.length === 0) return answer;
  const results = await inTransaction(deps.pool, async (tx) => {
    const { id: studyId } = await ensureStudy(tx, name);
    const problemSetId = await ensureProblemSet(tx, studyId, push.problemSet, push.source);
    const target: Target = { studyId, problemSetId, problemSet: push.problemSet, source: push.source, format, places: BY_TEXT, runs: new Map() };
    const written = await writeBatch(tx, target, ready);
    await endImportRuns(tx, [...target.runs.values()].map((r) => r.runId), "done");
    await notifyLive(tx, { studyId, kind: "progress" });
    return written;
  });
  for (const result of results) {
    if ("refused" in result) {
      refused.push({ row: result.row, ...result.refused });
      continue;
    }
    if (result.problemIsNew) answer.problems_added += 1;
    for (const { written, fate } of result.attempts) {
      if (written.stored === undefined) continue;
      const { grade, problemId, stored } = written;
      answer[fate === "added" ? "added" : "present"] += 1;
      answer.attempts.push({
        row: result.row,
        id: stored.id,
        problem_id: problemId,
        sample_index: stored.sampleIndex,
        added: fate === "added",
        reward: grade === null ? null : grade.reward === 1 ? 1 : 0,
        extracted: grade?.extracted ?? null,
        reason: grade?.reason ?? "no reference answer is known",
      });
    }
  }
  refused.sort((a, b) => a.row - b.row);
  return answer;
}

/** The importer's own path for rows that no file holds. */
function formatOf(bareAnswers: boolean): ImportFormat {
  return {
    id: "push",
    title: "pushed rollouts",
    holds: "traces",
    bareAnswers,
    matches: () => false,
    map: () => {
      throw new Error("pushed rows are not read from a file");
    },
    reads: [],
    takes: () => ({}),
  };
}
