import { createHash } from "node:crypto";
import { type AnswerGrade, GRADER_VERSION } from "../../core/grading/grade";
import { gradeImported } from "../../core/importing/grade-import";
import type { ImportedAttempt, ImportedProblem, ImportedRow, ImportFormat } from "../../core/importing/record";
import { answerLeak } from "../../core/leakage";
import { splitSteps } from "../../core/steps";
import { parseVerification } from "../../core/verification";
import { type AttemptFate, insertAttempts, type NewAttempt, type Places } from "../../store/write/import-attempts";
import { findProblems, insertProblems, keysOfStatements, type StoredProblem } from "../../store/write/import-problems";
import { ensureImportRun, type Sql } from "../../store/write/import-study";
import { equalKnown } from "./equal";

/** Where an import writes: kept for the whole file, so that models and runs are looked up once. */
export interface Target {
  studyId: string;
  problemSetId: string;
  problemSet: string;
  source: string;
  format: ImportFormat;
  /** Under which its places are counted (store/write/import-attempts.ts). */
  places: Places;
  /** By model name. */
  runs: Map<string, { runId: string; modelId: string }>;
}

/** A row that is ready to be written: everything that needs no database is done. */
export interface ReadyRow {
  row: number;
  value: ImportedRow;
  attempts: ReadyAttempt[];
}

interface ReadyAttempt {
  source: ImportedAttempt;
  steps: number;
  /** Against the row's own answer; null when the row has none. */
  grade: AnswerGrade | null;
}

/** What became of one row: why it was refused, or its problem and its attempts in order. */
export type RowResult =
  | { row: number; refused: { field: string; reason: string } }
  | { row: number; problemIsNew: boolean; attempts: AttemptResult[] };

export interface AttemptResult {
  source: ImportedAttempt;
  written: NewAttempt;
  fate: AttemptFate;
  /** The answer it was graded against; "" when none is known. */
  gold: string;
}

/** The problem's key: the file's own id, or a digest of the statement. */
export function problemKey(problem: Pick<ImportedProblem, "key" | "statement">): string {
  return problem.key ?? createHash("sha256").update(problem.statement).digest("hex").slice(0, 24);
}

/** Split and grade a row, before and beside the writing of the rows before it. */
export async function makeReady(format: ImportFormat, row: number, value: ImportedRow): Promise<ReadyRow> {
  const answer = "ids" in value.problem ? null : value.problem.answer;
  const attempts = await Promise.all(
    value.attempts.map(async (source): Promise<ReadyAttempt> => ({
      source,
      steps: splitSteps(source.text).length,
      grade: answer === null ? null : await gradeImported(equalKnown, format, source, answer),
    })),
  );
  return { row, value, attempts };
}

interface Keyed {
  ready: ReadyRow;
  /** Null for a problem that the set does not hold and the row does not tell. */
  key: string | null;
}

/** Write some rows of a file. The caller holds the transaction. */
export async function writeBatch(sql: Sql, target: Target, rows: readonly ReadyRow[]): Promise<RowResult[]> {
  for (const model of new Set(rows.flatMap((r) => r.attempts.map((a) => a.source.model)))) await runOf(sql, target, model);
  const { keyed, problems } = await resolve(sql, target, rows);
  const results: RowResult[] = [];
  const attempts: NewAttempt[] = [];
  const waiting: AttemptResult[] = [];
  const claimed = new Map<string, string>();
  for (const { ready, key } of keyed) {
    const { row, value } = ready;
    const stored = key === null ? undefined : problems.get(key);
    const refused = await refusal(value, key, stored, key === null ? undefined : claimed.get(key), target.problemSet);
    if (refused || !stored || key === null) {
      results.push({ row, refused: refused ?? { field: "problem", reason: "was not written" } });
      continue;
    }
    const own: AttemptResult[] = [];
    for (const attempt of ready.attempts) {
      const written = await prepare(target, attempt, stored);
      attempts.push(written);
      own.push({ source: attempt.source, written, fate: "present", gold: stored.answer });
    }
    waiting.push(...own);
    results.push({ row, problemIsNew: stored.isNew && !claimed.has(key), attempts: own });
    if (!("ids" in value.problem)) claimed.set(key, value.problem.statement);
  }
  const fates = await insertAttempts(sql, { attempts, places: target.places });
  fates.forEach((fate, i) => {
    const result = waiting[i];
    if (result) result.fate = fate;
  });
  return results;
}

/** The model and its run, which are made where they are not there yet. */
export async function runOf(sql: Sql, target: Target, model: string): Promise<{ runId: string; modelId: string }> {
  const known = target.runs.get(model);
  if (known) return known;
  const settings = { format: target.format.id, source: target.source, problemSet: target.problemSet, model };
  const run = await ensureImportRun(sql, { studyId: target.studyId, settings });
  target.runs.set(model, run);
  return run;
}

/** The problems of the rows: written where they are new, found where they are only named or have no answer of their own. */
async function resolve(
  sql: Sql,
  { studyId, problemSetId }: Target,
  rows: readonly ReadyRow[],
): Promise<{ keyed: Keyed[]; problems: Map<string, StoredProblem> }> {
  const told = rows.flatMap((r) => ("ids" in r.value.problem ? [] : [r.value.problem]));
  const loose = told.filter((p) => p.key === null && p.answer === null).map((p) => p.statement);
  const known = loose.length > 0 ? await keysOfStatements(sql, problemSetId, loose) : new Map<string, string>();
  const keyOf = (p: ImportedProblem) => (p.answer === null ? known.get(p.statement) : undefined) ?? problemKey(p);
  const problems = await insertProblems(sql, {
    studyId,
    problemSetId,
    problems: told.map((p) => ({ ...p, answer: p.answer ?? "", key: keyOf(p) })),
  });
  const named = rows.flatMap((r) => ("ids" in r.value.problem ? r.value.problem.ids : []));
  const found = named.length > 0 ? await findProblems(sql, problemSetId, named) : new Map<string, StoredProblem>();
  const keyed = rows.map((ready): Keyed => {
    const { problem } = ready.value;
    if (!("ids" in problem)) return { ready, key: keyOf(problem) };
    return { ready, key: problem.ids.find((id) => found.has(id)) ?? null };
  });
  return { keyed, problems: new Map([...found, ...problems]) };
}

async function refusal(
  value: ImportedRow,
  key: string | null,
  stored: StoredProblem | undefined,
  first: string | undefined,
  problemSet: string,
): Promise<{ field: string; reason: string } | null> {
  const { problem } = value;
  if ("ids" in problem) {
    if (stored) return null;
    const reason = `"${problem.ids[0]}" is the id of no problem of the problem set "${problemSet}": import the problems first, and name their set`;
    return { field: problem.field, reason };
  }
  if (!stored) throw new Error(`problem ${key} was not written`);
  if (first !== undefined && first !== problem.statement) {
    return { field: "id", reason: `"${key}" is the id of another problem of this file` };
  }
  if (stored.otherStatement) return { field: "id", reason: `"${key}" is the id of another problem of this problem set` };
  const { answer } = problem;
  if (answer === null || answer === stored.answer || (await equalKnown(stored.answer, answer)).equal) return null;
  return { field: "answer", reason: `is "${answer}", but the problem set holds this problem with "${stored.answer}"` };
}

/** An attempt as it is stored: graded, its verification parsed, its proposal checked for leaks. */
async function prepare(target: Target, ready: ReadyAttempt, problem: StoredProblem): Promise<NewAttempt> {
  const { source, steps } = ready;
  const run = target.runs.get(source.model);
  if (!run) throw new Error(`no import run for the model ${source.model}`);
  const leak = source.proposal ? answerLeak(source.proposal.content, problem.answer) : null;
  return {
    ...run,
    problemId: problem.id,
    text: source.text,
    steps,
    finishReason: source.finishReason ?? "imported",
    tokens: source.tokens ?? 0,
    grade: await gradeOf(target.format, ready, problem),
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

/** Version of the grades that are the file's own verdicts, where no reference answer is known. */
export const FILE_VERSION = "the file";

async function gradeOf(format: ImportFormat, ready: ReadyAttempt, problem: StoredProblem): Promise<NewAttempt["grade"]> {
  const { source } = ready;
  if (problem.answer !== "") {
    const grade = ready.grade ?? (await gradeImported(equalKnown, format, source, problem.answer));
    return { ...grade, version: GRADER_VERSION };
  }
  if (source.verdict === null) return null;
  return {
    reward: source.verdict ? 1 : 0,
    extracted: source.finalAnswer ?? null,
    reason: "the file's own verdict; the problem has no reference answer",
    outcome: source.verdict ? "success" : "failure",
    version: FILE_VERSION,
  };
}
