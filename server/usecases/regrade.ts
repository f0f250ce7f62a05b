import type pg from "pg";
import { v7 as uuid } from "uuid";
import { ARMS } from "../core/arms";
import { branchText, wholeText } from "../core/branch";
import { type AnswerGrade, GRADER_VERSION, gradeFound } from "../core/grading/grade";
import { intSettingsSchema } from "../core/settings";
import { splitSteps } from "../core/steps";
import { InterveneError } from "../errors";
import { notifyLive } from "../store/notify";
import { listGradedRuns, readGradedRun, readUngraded, type Ungraded } from "../store/read/ungraded";
import { inTransaction } from "../store/transaction";
import { addGrades, judgeAgain, type Regrade } from "../store/write/regrades";
import { equalSafely, gradeAnswer } from "./grading/grade";

/** What regrading one run did. */
export interface Regraded {
  runId: string;
  stage: string;
  /** Grades that were added; samples which this version had graded already are left alone. */
  added: number;
  /** Samples whose cached reward changed, and proposals that are kept now and were not, or the other way round. */
  changed: number;
  keptChanged: number;
}

/** Samples of one transaction. */
const BATCH = 200;

/**
 * Grade the samples of a run with this version of the grader, where it has not graded them yet. Grades are added, none is changed
 * or removed; the cached reward, the outcome, and what is kept because of them follow. It can be stopped and run again.
 * @throws InterveneError("not_found"); ("bad_input") for a run that samples nothing.
 */
export async function regradeRun(deps: { pool: pg.Pool }, input: { runId: string }): Promise<Regraded> {
  const { pool } = deps;
  const { runId } = input;
  const run = await readGradedRun(pool, runId);
  if (!run) throw new InterveneError("not_found", `There is no run ${runId}.`);
  const { stage, studyId } = run;
  if (stage !== "rollout" && stage !== "import" && stage !== "continue")
    throw new InterveneError("bad_input", `The ${stage} stage holds no answers to grade; its rollout or continue stage does.`);
  const table = stage === "continue" ? "continuation" : "attempt";
  const settings = intSettingsSchema.safeParse(run.settings);
  const bareAnswers = settings.success && settings.data.bareAnswers;
  const total: Regraded = { runId, stage, added: 0, changed: 0, keptChanged: 0 };
  for (let after: string | null = null; ; ) {
    const samples: Ungraded[] = await readUngraded(pool, { runId, table, graderVersion: GRADER_VERSION, after, limit: BATCH });
    const last = samples.at(-1);
    if (!last) break;
    after = last.id;
    const regrades: Regrade[] = [];
    for (const sample of samples) {
      const g = stage === "import" ? await imported(sample) : await sampled(sample, bareAnswers);
      regrades.push({ grade: row(table, sample.id, g), outcome: g.outcome });
    }
    const { added, changed } = await inTransaction(pool, (tx) => addGrades(tx, table, regrades));
    total.added += added;
    total.changed += changed;
  }
  if (total.changed > 0 && table === "continuation") total.keptChanged = await inTransaction(pool, (tx) => judgeAgain(tx, runId));
  if (total.added > 0) await notifyLive(pool, { studyId, runId, kind: "progress" });
  return total;
}

/** regradeRun for every run of a study that holds answers. */
export async function regradeStudy(deps: { pool: pg.Pool }, studyId: string): Promise<Regraded[]> {
  const done: Regraded[] = [];
  for (const { id } of await listGradedRuns(deps.pool, studyId)) done.push(await regradeRun(deps, { runId: id }));
  return done;
}

function sampled(s: Ungraded, bareAnswers: boolean): Promise<AnswerGrade> {
  const arm = ARMS.find((a) => a === s.arm);
  const at = arm && s.attemptText !== null && s.location !== null
    ? { steps: splitSteps(s.attemptText), location: s.location, ...(s.content === null ? {} : { content: s.content }) }
    : null;
  const prefix = arm && at ? branchText(arm, at) : "";
  return gradeAnswer(wholeText(prefix, s.text), s.answer, { bareAnswers, finishReason: s.finishReason });
}

/** An imported answer stands where its file's format says; its first grade kept it, and is compared again. */
function imported(s: Ungraded): Promise<AnswerGrade> {
  if (!s.before) return gradeAnswer(s.text, s.answer, { bareAnswers: true, finishReason: s.finishReason });
  if (s.before.extracted === null)
    return Promise.resolve({ reward: 0, extracted: null, reason: s.before.reason, outcome: "no_answer" });
  return gradeFound(equalSafely, s.before.extracted, s.answer, s.before.reason.split("; ")[0] ?? "");
}

function row(table: "attempt" | "continuation", id: string, g: AnswerGrade): Regrade["grade"] {
  return {
    id: uuid(),
    attemptId: table === "attempt" ? id : null,
    continuationId: table === "continuation" ? id : null,
    graderVersion: GRADER_VERSION,
    reward: g.reward,
    extracted: g.extracted,
    reason: g.reason,
  };
}
