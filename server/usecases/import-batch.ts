import { createHash } from "node:crypto";
import { GRADER_VERSION } from "../core/grading/grade";
import { gradeImported } from "../core/importing/grade-import";
import type { ImportedAttempt, ImportedRow, ImportFormat } from "../core/importing/record";
import { answerLeak } from "../core/leakage";
import { splitSteps } from "../core/steps";
import { parseVerification } from "../core/verification";
import { type AttemptFate, insertAttempts, type NewAttempt } from "../store/write/import-attempts";
import { insertProblems, type StoredProblem } from "../store/write/import-problems";
import { ensureImportRun, type Sql } from "../store/write/import-study";
import { equalSafely } from "./grading/grade";

export interface BatchRow {
  row: number;
  value: ImportedRow;
}

/** Where an import writes: kept for the whole file, so that models and runs are looked up once. */
export interface Target {
  studyId: string;
  problemSetId: string;
  problemSet: string;
  source: string;
  format: ImportFormat;
  /** By model name. */
  runs: Map<string, { runId: string; modelId: string }>;
}

/** What became of one row: why it was refused, or its problem and its attempts in order. */
export type RowResult =
  | { row: number; refused: { field: string; reason: string } }
  | { row: number; problemIsNew: boolean; attempts: AttemptResult[] };

export interface AttemptResult {
  source: ImportedAttempt;
  written: NewAttempt;
  fate: AttemptFate;
  /** The answer it was graded against. */
  gold: string;
}

/** The problem's key: the file's own id, or a digest of the statement. */
export function problemKey(problem: ImportedRow["problem"]): string {
  return problem.key ?? createHash("sha256").update(problem.statement).digest("hex").slice(0, 24);
}

/** Write some rows of a file. The caller holds the transaction. */
export async function writeBatch(sql: Sql, target: Target, rows: readonly BatchRow[]): Promise<RowResult[]> {
  const { studyId, problemSetId, format } = target;
  for (const model of new Set(rows.flatMap((r) => r.value.attempts.map((a) => a.model)))) {
    if (target.runs.has(model)) continue;
    const settings = { format: format.id, source: target.source, problemSet: target.problemSet, model };
    target.runs.set(model, await ensureImportRun(sql, { studyId, settings }));
  }
  const keyed = rows.map((r) => ({ ...r, key: problemKey(r.value.problem) }));
  const problems = await insertProblems(sql, {
    studyId,
    problemSetId,
    problems: keyed.map(({ key, value }) => ({ ...value.problem, key })),
  });
  const results: RowResult[] = [];
  const attempts: NewAttempt[] = [];
  const waiting: AttemptResult[] = [];
  const claimed = new Map<string, string>();
  for (const { row, key, value } of keyed) {
    const stored = problems.get(key);
    if (!stored) throw new Error(`problem ${key} was not written`);
    const first = claimed.get(key);
    const statement = value.problem.statement;
    const refused =
      first !== undefined && first !== statement
        ? { field: "id", reason: `"${key}" is the id of another problem of this file` }
        : await refuse(key, value, stored);
    if (refused) {
      results.push({ row, refused });
      continue;
    }
    const own: AttemptResult[] = [];
    for (const source of value.attempts) {
      const written = await prepare(target, source, stored);
      attempts.push(written);
      own.push({ source, written, fate: "present", gold: stored.answer });
    }
    waiting.push(...own);
    results.push({ row, problemIsNew: stored.isNew && first === undefined, attempts: own });
    claimed.set(key, statement);
  }
  const fates = await insertAttempts(sql, { attempts, graderVersion: GRADER_VERSION });
  fates.forEach((fate, i) => {
    const result = waiting[i];
    if (result) result.fate = fate;
  });
  return results;
}

async function refuse(key: string, row: ImportedRow, stored: StoredProblem): Promise<{ field: string; reason: string } | null> {
  if (stored.otherStatement)
    return { field: "id", reason: `"${key}" is the id of another problem of this problem set` };
  const { answer } = row.problem;
  if (answer === stored.answer || (await equalSafely(stored.answer, answer)).equal) return null;
  return { field: "answer", reason: `is "${answer}", but the problem set holds this problem with "${stored.answer}"` };
}

/** An attempt as it is stored: graded, its verification parsed, its proposal checked for leaks. */
async function prepare(target: Target, source: ImportedAttempt, problem: StoredProblem): Promise<NewAttempt> {
  const run = target.runs.get(source.model);
  if (!run) throw new Error(`no import run for the model ${source.model}`);
  const steps = splitSteps(source.text).length;
  const leak = source.proposal ? answerLeak(source.proposal.content, problem.answer) : null;
  return {
    ...run,
    problemId: problem.id,
    text: source.text,
    steps,
    grade: await gradeImported(equalSafely, target.format, source, problem.answer),
    label: source.label,
    verification:
      source.verification === null
        ? null
        : {
            text: source.verification,
            parsed: parseVerification(source.verification, { steps, finishReason: "stop" }),
          },
    proposal:
      source.proposal && leak
        ? { ...source.proposal, leakEquivalent: leak.equivalent, leakSubstring: leak.substring }
        : null,
  };
}
