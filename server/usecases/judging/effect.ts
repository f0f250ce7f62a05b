import { effectOf, type ProblemPair } from "../../core/judging/effect";
import type { PeopleEffect } from "../../core/views/judging";
import { listQueueCards } from "../../store/judging/queues";
import { listModelCounts, listProblemsOf, listStanding, listUnsampled, type StandingRow } from "../../store/judging/stands";
import { type PageDeps, studyOf } from "../pages/find";

/**
 * How many rows of a study people changed, and what that did to coverage, against the versions of the model in a pipeline.
 * @throws InterveneError("not_found")
 */
export async function readPeopleEffect(
  deps: PageDeps,
  input: { study: string; pipeline: string | null },
): Promise<PeopleEffect> {
  const study = await studyOf(deps, input.study);
  const [standing, cards, models, unsampled] = await Promise.all([
    listStanding(deps.pool, study.id),
    listQueueCards(deps.pool, { studyId: study.id }, null),
    input.pipeline === null ? [] : listModelCounts(deps.pool, input.pipeline),
    listUnsampled(deps.pool, { studyId: study.id }, 10_000),
  ]);
  const places = new Map((await listProblemsOf(deps.pool, standing.map((s) => s.attemptId))).map((p) => [p.attemptId, p]));
  const versions = standing.filter((s) => s.action === "edit");
  const done = versions.filter(isSampled);
  const failed = versions.filter((s) => !isSampled(s) && s.error !== "");
  const kinds = countKinds(standing);

  const problems = new Map<string, ProblemPair & { changed: number }>();
  const problem = (id: string) => {
    const found = problems.get(id) ?? { id, before: { samples: 0, correct: 0 }, after: { samples: 0, correct: 0 }, changed: 0 };
    problems.set(id, found);
    return found;
  };
  const label = new Map(standing.map((s) => [s.attemptId, s]));
  for (const m of models) {
    const p = problem(m.problemId);
    p.before.samples += m.n;
    p.before.correct += m.c;
    // A version whose samples are not there yet changes nothing yet.
    if (keepsModel(label.get(m.attemptId))) {
      p.after.samples += m.n;
      p.after.correct += m.c;
    }
  }
  for (const s of standing) {
    const place = places.get(s.attemptId);
    if (place === undefined || s.action === "accept" || s.action === "cannot_tell") continue;
    if (s.action === "edit" && !isSampled(s)) continue;
    const p = problem(place.problemId);
    p.changed++;
    if (s.action !== "edit") continue;
    p.after.samples += s.samples;
    p.after.correct += s.correct;
  }
  const changed = new Map(standing.flatMap((s) => places.get(s.attemptId) ?? []).map((p) => [p.problemId, p]));
  const effect = done.length > 0 || kinds.rejected + kinds.noError + kinds.moved > 0 ? effectOf([...problems.values()]) : null;
  return {
    judged: standing.length,
    ...kinds,
    differing: cards.reduce((n, c) => n + c.differing, 0),
    sampled: done.length,
    pending: versions.length - done.length - failed.length - unsampled.length,
    failed: { count: failed.length, reason: failed[0]?.error ?? "" },
    unsampled: {
      count: unsampled.length,
      reason: unsampled.length === 0 ? "" : "No server serves a model of this study, or nobody has asked for their continuations yet.",
    },
    before: effect?.before ?? null,
    after: effect?.after ?? null,
    coverageDifference: effect?.coverageDifference ?? null,
    accuracyDifference: effect?.accuracyDifference ?? null,
    problems: [...problems.values()]
      .filter((p) => p.changed > 0)
      .map((p) => ({ ...p, ordinal: changed.get(p.id)?.ordinal ?? 0, start: changed.get(p.id)?.start ?? "" }))
      .sort((a, b) => a.ordinal - b.ordinal),
  };
}

const isSampled = (s: StandingRow) => s.wanted > 0 && s.samples >= s.wanted;

/** Whether the model's version of an attempt is still the one that counts. */
function keepsModel(s: StandingRow | undefined): boolean {
  if (s === undefined || s.action === "accept" || s.action === "cannot_tell") return true;
  return s.action === "edit" && !isSampled(s);
}

function countKinds(standing: readonly StandingRow[]): Pick<PeopleEffect, "accepted" | "rewritten" | "moved" | "rejected" | "noError" | "cannotTell"> {
  const count = (action: StandingRow["action"]) => standing.filter((s) => s.action === action).length;
  return {
    accepted: count("accept"),
    rewritten: count("edit"),
    moved: count("locate"),
    rejected: count("reject"),
    noError: count("no_error"),
    cannotTell: count("cannot_tell"),
  };
}
