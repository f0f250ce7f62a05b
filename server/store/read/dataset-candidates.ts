import type { Sql } from "../views/sql";

/** Which rows of a study are candidates of a data set. */
export interface CandidateScope {
  studyId: string;
  /** Null for all problem sets. */
  problemSetId: string | null;
  /** Attempts by these models alone. */
  modelIds: readonly string[];
  /** Reflections by this model alone; null for any. */
  baseModelId: string | null;
  /** Only problems with a row in this data set; null for all. */
  matchingId: string | null;
}

/** What candidates hang on. */
export type CandidateKind = "problem" | "attempt" | "reflection";

/** One candidate without its texts. */
export interface CandidateKey {
  problemId: string;
  /** The attempt's and the reflection's place; "" and 0 where the kind has none. */
  attemptSample: number;
  attemptId: string;
  reflectionSample: number;
  reflectionId: string;
  /** Its problem is among those asked for by `matchingId`. */
  matches: boolean;
}

/** How far a build has read: everything up to and with `last`; within its problem up to it alone when `within`. */
export interface Place {
  problemId: string;
  /** Null when all of the problem has been read. */
  within: Pick<CandidateKey, "attemptSample" | "attemptId" | "reflectionSample" | "reflectionId"> | null;
}

/** Problems read at a time. Their candidates' ids are held in memory, their texts are not. */
const PROBLEMS = 100;

/**
 * Candidates after a place, in the order of problems (their ids are in the order of import), attempts and reflections:
 * those of the next 100 problems. Every page costs the same, however many there are.
 * @returns null when there are no more problems.
 */
export async function listCandidateKeys(
  sql: Sql,
  kind: CandidateKind,
  scope: CandidateScope,
  after: Place | null,
): Promise<{ keys: CandidateKey[]; lastProblem: string } | null> {
  const again = after?.within ? ">=" : ">";
  const problems = await sql.query<{ id: string; matches: boolean }>(
    `SELECT p.id, ${scope.matchingId === null ? "true" : "EXISTS (SELECT 1 FROM dataset_row d WHERE d.problem_id = p.id AND d.dataset_id = $4)"} AS matches
     FROM problem p
     WHERE p.study_id = $1 AND ($2::uuid IS NULL OR p.id ${again} $2) AND ($3::uuid IS NULL OR p.problem_set_id = $3)
     ORDER BY p.study_id, p.id LIMIT ${PROBLEMS}`,
    [
      scope.studyId,
      after?.problemId ?? null,
      scope.problemSetId,
      ...(scope.matchingId === null ? [] : [scope.matchingId]),
    ],
  );
  const lastProblem = problems.rows.at(-1)?.id;
  if (lastProblem === undefined) return null;
  const ids = problems.rows.map((p) => p.id);
  const matching = new Set(problems.rows.filter((p) => p.matches).map((p) => p.id));
  const rows = await keysOf(sql, kind, scope, ids);
  const keys = rows.map((r) => ({ ...r, matches: matching.has(r.problemId) }));
  return { keys: after?.within ? keys.filter((k) => isAfter(k, after)) : keys, lastProblem };
}

async function keysOf(
  sql: Sql,
  kind: CandidateKind,
  scope: CandidateScope,
  problemIds: readonly string[],
): Promise<Omit<CandidateKey, "matches">[]> {
  if (kind === "problem") {
    return problemIds.map((problemId) => ({
      problemId,
      attemptSample: 0,
      attemptId: "",
      reflectionSample: 0,
      reflectionId: "",
    }));
  }
  const reflections = kind === "reflection";
  const { rows } = await sql.query<Omit<CandidateKey, "matches">>(
    `SELECT a.problem_id AS "problemId", a.sample_index AS "attemptSample", a.id AS "attemptId",
            ${reflections ? "r.sample_index" : "0"} AS "reflectionSample", ${reflections ? "r.id::text" : "''"} AS "reflectionId"
     FROM attempt a
     ${reflections ? "JOIN reflection r ON r.attempt_id = a.id JOIN run x ON x.id = r.run_id AND ($3::uuid IS NULL OR x.model_id = $3)" : ""}
     WHERE a.problem_id = ANY($1::uuid[]) AND a.model_id = ANY($2::uuid[])
     ORDER BY a.problem_id, a.sample_index, a.id ${reflections ? ", r.sample_index, r.id" : ""}`,
    [problemIds, scope.modelIds, ...(reflections ? [scope.baseModelId] : [])],
  );
  return rows;
}

/** Ids sort as PostgreSQL sorts them: their text is hexadecimal of equal length. */
function isAfter(key: CandidateKey, place: Place): boolean {
  const { within } = place;
  if (key.problemId !== place.problemId) return key.problemId > place.problemId;
  if (within === null) return false;
  if (key.attemptSample !== within.attemptSample) return key.attemptSample > within.attemptSample;
  if (key.attemptId !== within.attemptId) return key.attemptId > within.attemptId;
  if (key.reflectionSample !== within.reflectionSample) return key.reflectionSample > within.reflectionSample;
  return key.reflectionId > within.reflectionId;
}

/** How many candidates there are in all: the end of a build's progress. */
export async function countCandidates(sql: Sql, kind: CandidateKind, scope: CandidateScope): Promise<number> {
  const from = {
    problem: "problem p",
    attempt: "problem p JOIN attempt a ON a.problem_id = p.id AND a.model_id = ANY($3::uuid[])",
    reflection: `problem p JOIN attempt a ON a.problem_id = p.id AND a.model_id = ANY($3::uuid[])
      JOIN reflection r ON r.attempt_id = a.id JOIN run x ON x.id = r.run_id AND ($4::uuid IS NULL OR x.model_id = $4)`,
  }[kind];
  const values: unknown[] = [scope.studyId, scope.problemSetId];
  if (kind !== "problem") values.push(scope.modelIds);
  if (kind === "reflection") values.push(scope.baseModelId);
  const { rows } = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM ${from} WHERE p.study_id = $1 AND ($2::uuid IS NULL OR p.problem_set_id = $2)`,
    values,
  );
  return rows[0]?.n ?? 0;
}
