import { createHash } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import type { AnswerGrade } from "../../core/grading/grade";
import type { ParsedVerification } from "../../core/verification";
import { type BinaryTable, copyBinary } from "./copy-binary";
import { countImported, type Sql } from "./import-study";

export interface NewAttempt {
  runId: string;
  problemId: string;
  modelId: string;
  text: string;
  steps: number;
  finishReason: "stop" | "length" | "imported";
  /** 0 when the file does not say. */
  tokens: number;
  /** With the version of who graded; null when nobody knows. */
  grade: (AnswerGrade & { version: string }) | null;
  label: { source: string; firstError: number | null } | null;
  /** A verification output as it was written, and as the parser understands it. */
  verification: { text: string; parsed: ParsedVerification } | null;
  proposal: { content: string; location: number; leakEquivalent: boolean; leakSubstring: boolean } | null;
  /** Where it stands; set by {@link insertAttempts}, but for one whose place holds another text. */
  stored?: { id: string; sampleIndex: number };
}

/**
 * Which sample an attempt is. A string: the n-th of its problem in the file that is counted under it (beginPlaces).
 * BY_TEXT: that of the same text, if its run has it of this problem already; else the next one.
 */
export type Places = string | typeof BY_TEXT;
export const BY_TEXT = Symbol("by text");

const ATTEMPT: BinaryTable = {
  table: "attempt",
  columns: {
    id: "uuid",
    run_id: "uuid",
    problem_id: "uuid",
    model_id: "uuid",
    sample_index: "int",
    text: "text",
    finish_reason: "text",
    tokens: "int",
    steps: "int",
    reward: "int",
  },
};

/** What became of one attempt: written, there already, or its place is taken by another text. */
export type AttemptFate = "added" | "present" | "other_text";

/**
 * Begin counting places: the n-th attempt of a problem in this file is sample n - 1.
 * @param task an import that may go on in another process: its counts are kept in the database. null: for this
 * connection alone.
 * @returns what its counts are kept under.
 */
export async function beginPlaces(sql: Sql, task: string | null): Promise<string> {
  if (task !== null) {
    await sql.query("DROP TABLE IF EXISTS pg_temp.import_place");
    return task;
  }
  // A temporary table of the same name stands before the real one, on this connection.
  await sql.query("CREATE TEMP TABLE IF NOT EXISTS import_place (LIKE public.import_place INCLUDING INDEXES)");
  return uuidv7();
}

/** The counts are not needed any more. */
export async function endPlaces(sql: Sql, places: string): Promise<void> {
  await sql.query("DELETE FROM import_place WHERE task_id = $1", [places]);
}

/** Sample index of each attempt: how many of its run and problem stood before it in the file. */
async function takePlaces(sql: Sql, attempts: readonly NewAttempt[], places: string): Promise<number[]> {
  const counts = new Map<string, number>();
  const within = attempts.map((a) => {
    const key = `${a.runId}/${a.problemId}`;
    const n = counts.get(key) ?? 0;
    counts.set(key, n + 1);
    return n;
  });
  const keys = [...counts.keys()].map((k) => k.split("/"));
  const taken = await sql.query<{ run_id: string; problem_id: string; taken: number }>(
    `INSERT INTO import_place AS p (task_id, run_id, problem_id, taken)
     SELECT $4::uuid, n.run_id, n.problem_id, n.taken FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS n(run_id, problem_id, taken)
     ON CONFLICT (task_id, run_id, problem_id) DO UPDATE SET taken = p.taken + excluded.taken
     RETURNING run_id, problem_id, taken`,
    [keys.map((k) => k[0]), keys.map((k) => k[1]), [...counts.values()], places],
  );
  const after = new Map(taken.rows.map((r) => [`${r.run_id}/${r.problem_id}`, r.taken]));
  return attempts.map((a, i) => {
    const key = `${a.runId}/${a.problemId}`;
    return (after.get(key) ?? 0) - (counts.get(key) ?? 0) + (within[i] ?? 0);
  });
}

/**
 * Sample index of each attempt by its text: as many equal texts as stand there already are met, the rest come after all
 * others of their run and problem. So the same batch sent twice adds nothing, and equal samples of one batch stay apart.
 */
async function placesByText(sql: Sql, attempts: readonly NewAttempt[]): Promise<number[]> {
  const pairs = [...new Set(attempts.map((a) => `${a.runId}/${a.problemId}`))].map((k) => k.split("/"));
  const { rows } = await sql.query<{ run_id: string; problem_id: string; sample_index: number; digest: string }>(
    `SELECT a.run_id, a.problem_id, a.sample_index, md5(a.text) AS digest
     FROM unnest($1::uuid[], $2::uuid[]) AS n(run_id, problem_id) JOIN attempt a USING (run_id, problem_id)
     ORDER BY a.sample_index`,
    [pairs.map((p) => p[0]), pairs.map((p) => p[1])],
  );
  const free = new Map<string, number[]>();
  const next = new Map<string, number>();
  for (const r of rows) {
    const place = `${r.run_id}/${r.problem_id}`;
    next.set(place, r.sample_index + 1);
    const equal = free.get(`${place}/${r.digest}`) ?? [];
    equal.push(r.sample_index);
    free.set(`${place}/${r.digest}`, equal);
  }
  return attempts.map((a) => {
    const place = `${a.runId}/${a.problemId}`;
    const digest = createHash("md5").update(a.text).digest("hex");
    const met = free.get(`${place}/${digest}`)?.shift();
    if (met !== undefined) return met;
    const index = next.get(place) ?? 0;
    next.set(place, index + 1);
    return index;
  });
}

/**
 * Write attempts with what hangs on them (grade, label, verification, proposal), and count them on their runs. An
 * attempt that is there already keeps its rows, and whatever is missing on it is added.
 * @returns the fate of each attempt, in order.
 */
export async function insertAttempts(
  sql: Sql,
  input: { attempts: readonly NewAttempt[]; places: Places },
): Promise<AttemptFate[]> {
  const { attempts } = input;
  if (attempts.length === 0) return [];
  const places = input.places === BY_TEXT ? await placesByText(sql, attempts) : await takePlaces(sql, attempts, input.places);
  const ids = await findAttempts(sql, attempts, places);
  const fates = ids.map((found): AttemptFate => (found === null ? "added" : found.same ? "present" : "other_text"));
  const hung = attempts.flatMap((attempt, i) =>
    fates[i] === "other_text"
      ? []
      : [{ id: ids[i]?.id ?? uuidv7(), attempt, isNew: fates[i] === "added", place: places[i] ?? 0 }],
  );
  for (const { id, attempt, place } of hung) attempt.stored = { id, sampleIndex: place };
  const added = hung.filter((h) => h.isNew);
  if (added.length > 0) {
    // Nobody else can take these places (see findAttempts), so that the rows go straight into the table.
    await copyBinary(
      sql,
      ATTEMPT,
      added.map(({ id, place, attempt: a }) => [
        id,
        a.runId,
        a.problemId,
        a.modelId,
        place,
        a.text,
        a.finishReason,
        a.tokens,
        a.steps,
        a.grade?.reward ?? null,
      ]),
    );
  }
  await insertGrades(sql, hung);
  await insertLabels(sql, hung);
  await insertVerifications(sql, hung);
  await insertProposals(sql, hung);
  const byRun = new Map<string, number>();
  for (const { attempt } of added) byRun.set(attempt.runId, (byRun.get(attempt.runId) ?? 0) + 1);
  for (const [runId, rows] of byRun) await countImported(sql, runId, rows);
  return fates;
}

/**
 * Who stands in these places already, in order. No other import can take one meanwhile: the caller holds the problem
 * set's row (import-problems.ts). Texts are compared by digest, so that an import of what is there sends none.
 */
async function findAttempts(
  sql: Sql,
  attempts: readonly NewAttempt[],
  places: readonly number[],
): Promise<({ id: string; same: boolean } | null)[]> {
  const taken = await sql.query<{ place: number; id: string }>(
    `SELECT (n.place - 1)::int AS place, a.id
     FROM unnest($1::uuid[], $2::uuid[], $3::int[]) WITH ORDINALITY AS n(run_id, problem_id, sample_index, place)
     JOIN attempt a USING (run_id, problem_id, sample_index)`,
    [attempts.map((a) => a.runId), attempts.map((a) => a.problemId), places],
  );
  const found: ({ id: string; same: boolean } | null)[] = attempts.map(() => null);
  if (taken.rows.length === 0) return found;
  const { rows } = await sql.query<{ id: string; digest: string }>(
    "SELECT id, md5(text) AS digest FROM attempt WHERE id = ANY($1::uuid[])",
    [taken.rows.map((r) => r.id)],
  );
  const digests = new Map(rows.map((r) => [r.id, r.digest]));
  for (const { place, id } of taken.rows) {
    const text = attempts[place]?.text ?? "";
    found[place] = { id, same: digests.get(id) === createHash("md5").update(text).digest("hex") };
  }
  return found;
}

type Hung = readonly { id: string; attempt: NewAttempt }[];

async function insertGrades(sql: Sql, all: Hung): Promise<void> {
  const rows = all.flatMap(({ id, attempt }) => (attempt.grade ? [{ id, ...attempt.grade }] : []));
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO grade (id, attempt_id, grader_version, reward, extracted, reason)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::text[], $6::text[])
     ON CONFLICT (attempt_id, grader_version) DO NOTHING`,
    [
      rows.map(() => uuidv7()),
      rows.map((r) => r.id),
      rows.map((r) => r.version),
      rows.map((r) => r.reward),
      rows.map((r) => r.extracted),
      rows.map((r) => r.reason),
    ],
  );
}

async function insertLabels(sql: Sql, all: Hung): Promise<void> {
  const rows = all.flatMap(({ id, attempt }) => (attempt.label ? [{ id, ...attempt.label }] : []));
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO label (id, attempt_id, source, first_error)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[])
     ON CONFLICT (attempt_id, source) DO NOTHING`,
    [rows.map(() => uuidv7()), rows.map((r) => r.id), rows.map((r) => r.source), rows.map((r) => r.firstError)],
  );
}

async function insertVerifications(sql: Sql, all: Hung): Promise<void> {
  const rows = all.flatMap(({ id, attempt }) =>
    attempt.verification ? [{ id, runId: attempt.runId, ...attempt.verification }] : [],
  );
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO verification (id, run_id, attempt_id, sample_index, seed, text, verdicts, first_error, outcome, parse_note, finish_reason, tokens)
     SELECT id, run_id, attempt_id, 0, 0, text, verdicts, first_error, outcome, parse_note, 'imported', 0
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::jsonb[], $6::int[], $7::text[], $8::text[])
          AS n(id, run_id, attempt_id, text, verdicts, first_error, outcome, parse_note)
     ON CONFLICT (run_id, attempt_id, sample_index) DO NOTHING`,
    [
      rows.map(() => uuidv7()),
      rows.map((r) => r.runId),
      rows.map((r) => r.id),
      rows.map((r) => r.text),
      rows.map((r) => JSON.stringify(r.parsed.verdicts)),
      rows.map((r) => r.parsed.firstError),
      rows.map((r) => r.parsed.outcome),
      rows.map((r) => r.parsed.note),
    ],
  );
}

/** The file's proposal is the one that goes on: chosen. Whether continuations from it succeed is not known yet. */
async function insertProposals(sql: Sql, all: Hung): Promise<void> {
  const rows = all.flatMap(({ id, attempt }) =>
    attempt.proposal ? [{ id, runId: attempt.runId, ...attempt.proposal }] : [],
  );
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO proposal (id, run_id, attempt_id, verification_id, sample_index, content, location, leak_equivalent, leak_substring, chosen)
     SELECT n.id, n.run_id, n.attempt_id, v.id, 0, n.content, n.location, n.leak_equivalent, n.leak_substring, true
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int[], $6::bool[], $7::bool[])
          AS n(id, run_id, attempt_id, content, location, leak_equivalent, leak_substring)
     LEFT JOIN verification v ON v.run_id = n.run_id AND v.attempt_id = n.attempt_id AND v.sample_index = 0
     ON CONFLICT (run_id, attempt_id, sample_index) DO NOTHING`,
    [
      rows.map(() => uuidv7()),
      rows.map((r) => r.runId),
      rows.map((r) => r.id),
      rows.map((r) => r.content),
      rows.map((r) => r.location),
      rows.map((r) => r.leakEquivalent),
      rows.map((r) => r.leakSubstring),
    ],
  );
}
