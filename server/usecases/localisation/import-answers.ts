import path from "node:path";
import { createReadStream } from "node:fs";
import type pg from "pg";
import { type AnswerRow, readAnswerRow } from "../../core/verifying/answer-row";
import { InterveneError } from "../../errors";
import { notifyLive } from "../../store/notify";
import { inTransaction } from "../../store/transaction";
import { findStudy } from "../../store/views/studies";
import {
  type AnswerTarget,
  ensureAnswerRun,
  findTargets,
  insertAnswers,
  type NewAnswer,
} from "../../store/write/import-answers";
import { jsonLinesOf } from "../importing/json-lines";

export interface AnswersReport {
  study: string;
  model: string;
  runId: string;
  rows: number;
  /** Answers that are new, and those that were there already. */
  added: number;
  present: number;
  /** Of the answers read: those that name a step that the attempt does not have. They count as wrong. */
  outOfRange: number;
  bad: { row: number; field: string; reason: string }[];
}

const BATCH = 500;

/**
 * Bring in first errors that a model has located elsewhere, one JSON object a line (server/core/verifying/answer-row.ts), as
 * verifications of a model of that name. Several lines about one attempt are several samples. A bad row stops no other;
 * the same file again adds nothing.
 */
export async function importAnswers(
  deps: { pool: pg.Pool },
  o: { file: string; study: string; model: string },
): Promise<AnswersReport> {
  const study = await findStudy(deps.pool, o.study);
  if (!study) throw new InterveneError("not_found", `There is no study "${o.study}"; "intervene status" lists them all.`);
  const model = o.model.trim();
  if (model === "") throw new InterveneError("bad_input", "The model that gave these answers needs a name.");
  const source = path.basename(o.file);
  const runId = await inTransaction(deps.pool, (tx) => ensureAnswerRun(tx, { studyId: study.id, model, source }));
  const report: AnswersReport = { study: study.name, model, runId, rows: 0, added: 0, present: 0, outOfRange: 0, bad: [] };
  const samples = new Map<string, number>();
  let batch: { row: number; value: AnswerRow }[] = [];
  const write = async () => {
    const rows = batch;
    batch = [];
    if (rows.length === 0) return;
    await inTransaction(deps.pool, async (tx) => {
      const targets = await findTargets(tx, study.id, rows.map((r) => r.value));
      const answers: NewAnswer[] = [];
      for (const { row, value } of rows) {
        const attempt = attemptOf(value, targets);
        if ("reason" in attempt) {
          report.bad.push({ row, ...attempt });
          continue;
        }
        const sampleIndex = samples.get(attempt.id) ?? 0;
        samples.set(attempt.id, sampleIndex + 1);
        answers.push({ attemptId: attempt.id, sampleIndex, text: value.text, ...answerOf(value, attempt) });
      }
      const added = await insertAnswers(tx, runId, answers);
      report.added += added;
      report.present += answers.length - added;
      report.outOfRange += answers.filter((a) => a.outcome === "out_of_range").length;
    });
  };
  try {
    for await (const line of jsonLinesOf(createReadStream(o.file))) {
      report.rows += 1;
      if ("bad" in line) {
        report.bad.push({ row: line.row, ...line.bad });
        continue;
      }
      const value = readAnswerRow(line.fields);
      if ("reason" in value) report.bad.push({ row: line.row, ...value });
      else batch.push({ row: line.row, value });
      if (batch.length >= BATCH) await write();
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "EISDIR" || error.code === "EACCES"))
      throw new InterveneError("bad_input", `The file ${o.file} cannot be read (${error.code}).`, { cause: error });
    throw error;
  }
  await write();
  await notifyLive(deps.pool, { studyId: study.id, runId, kind: "run" });
  return report;
}

function attemptOf(value: AnswerRow, targets: readonly AnswerTarget[]): AnswerTarget | { field: string; reason: string } {
  const { target } = value;
  if ("attempt" in target) {
    const found = targets.find((t) => t.id === target.attempt);
    return found ?? { field: "attempt", reason: `${target.attempt} is not an attempt of this study` };
  }
  const of = targets.filter((t) => t.key === target.problem || t.statement === target.problem);
  const meant = target.sample === null ? of : of.filter((t) => t.sampleIndex + 1 === target.sample);
  const [one] = meant;
  if (one && meant.length === 1) return one;
  if (of.length === 0) return { field: "problem", reason: "no problem of this study has this key or statement, with an attempt" };
  return one
    ? { field: "problem", reason: `has ${meant.length} attempts${target.sample === null ? "" : ` that are sample ${target.sample}`}: name the attempt's id${target.sample === null ? " or the sample" : ""}` }
    : { field: "sample", reason: `the problem has no sample ${target.sample}` };
}

function answerOf(value: AnswerRow, attempt: AnswerTarget): Pick<NewAnswer, "firstError" | "outcome" | "note"> {
  const { firstError } = value;
  if (firstError === "unparsed") return { firstError: null, outcome: "unparsed", note: "the file says that it could not be read" };
  if (firstError === null) return { firstError: null, outcome: "no_error", note: "" };
  if (firstError > attempt.steps)
    return { firstError: null, outcome: "out_of_range", note: `step ${firstError} is not in 1..${attempt.steps}` };
  return { firstError, outcome: "located", note: "" };
}
