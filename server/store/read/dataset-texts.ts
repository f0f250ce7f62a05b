import type { IntCandidate, Suffix, Version } from "../../core/datasets/int";
import { NOBODY } from "../../core/datasets/people";
import type { ProblemText } from "../../core/datasets/prompt";
import type { Sql } from "../views/sql";
import { byAttempt } from "./by-attempt";
import { listPeople } from "./dataset-people";

/** A solve template as its run froze it: one or more turns. */
export interface FrozenTemplate {
  id: string;
  turns: { text: string }[];
}

export interface AttemptSource {
  id: string;
  problemId: string;
  sampleIndex: number;
  text: string;
  reward: number | null;
  finishReason: string;
  /** Of its run; null for imported attempts. */
  template: FrozenTemplate | null;
}

export interface ReflectionSource {
  id: string;
  text: string;
  reward: number;
  finishReason: string;
}

/** Problems with their texts, by id. */
export async function readProblemTexts(sql: Sql, ids: readonly string[]): Promise<Map<string, ProblemText>> {
  const { rows } = await sql.query<ProblemText>(
    "SELECT id, key, statement, answer, reference FROM problem WHERE id = ANY($1::uuid[])",
    [[...new Set(ids)]],
  );
  return new Map(rows.map((p) => [p.id, p]));
}

/** Attempts by id. `failedText`: only failed attempts have their text, the others "". */
export async function readAttemptTexts(
  sql: Sql,
  ids: readonly string[],
  failedText = false,
): Promise<Map<string, AttemptSource>> {
  const { rows } = await sql.query<AttemptSource>(
    `SELECT a.id, a.problem_id AS "problemId", a.sample_index AS "sampleIndex", a.reward, a.finish_reason AS "finishReason",
            ${failedText ? "CASE WHEN a.reward = 0 THEN a.text ELSE '' END" : "a.text"} AS text, r.settings->'rollout'->'template' AS template
     FROM attempt a JOIN run r ON r.id = a.run_id WHERE a.id = ANY($1::uuid[])`,
    [[...new Set(ids)]],
  );
  return new Map(rows.map((a) => [a.id, a]));
}

export async function readReflectionTexts(sql: Sql, ids: readonly string[]): Promise<Map<string, ReflectionSource>> {
  const { rows } = await sql.query<ReflectionSource>(
    `SELECT id, text, reward, finish_reason AS "finishReason" FROM reflection WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((r) => [r.id, r]));
}

/** Everything that was said about attempts: versions of the intervention, people's labels, verifications, and suffixes when asked for. */
export async function readInterventions(
  sql: Sql,
  attemptIds: readonly string[],
  withSuffix: boolean,
): Promise<Map<string, Pick<IntCandidate, "verifications" | "versions" | "people" | "suffixes">>> {
  const [versions, verifications, people, suffixes] = await Promise.all([
    sql.query<Version & { attemptId: string }>(
      `SELECT attempt_id AS "attemptId", id, content, location, author, decision_id AS "decisionId", settlement_id AS "settlementId", chosen, kept,
              leak_equivalent AS "leakEquivalent", leak_substring AS "leakSubstring"
       FROM proposal WHERE attempt_id = ANY($1::uuid[]) ORDER BY run_id DESC, sample_index, id`,
      [attemptIds],
    ),
    sql.query<{ attemptId: string; n: number }>(
      `SELECT attempt_id AS "attemptId", count(*)::int AS n FROM verification WHERE attempt_id = ANY($1::uuid[]) GROUP BY 1`,
      [attemptIds],
    ),
    listPeople(sql, attemptIds),
    withSuffix ? readSuffixes(sql, attemptIds) : new Map<string, Suffix>(),
  ]);
  const count = new Map(verifications.rows.map((v) => [v.attemptId, v.n]));
  const versionsOf = byAttempt(versions.rows);
  return new Map(
    attemptIds.map((id) => [
      id,
      {
        verifications: count.get(id) ?? 0,
        versions: versionsOf.get(id) ?? [],
        people: people.get(id) ?? NOBODY,
        suffixes,
      },
    ]),
  );
}

/** The first right continuation of each intervention that came to its own end, by proposal. */
async function readSuffixes(sql: Sql, attemptIds: readonly string[]): Promise<Map<string, Suffix>> {
  const { rows } = await sql.query<Suffix & { proposalId: string }>(
    `SELECT DISTINCT ON (c.proposal_id) c.proposal_id AS "proposalId", c.id AS "continuationId", c.sample_index AS "sampleIndex", c.text
     FROM proposal p JOIN continuation c ON c.proposal_id = p.id
     WHERE p.attempt_id = ANY($1::uuid[]) AND c.arm = 'intervention' AND c.reward = 1 AND c.finish_reason <> 'length'
     ORDER BY c.proposal_id, c.sample_index, c.id`,
    [attemptIds],
  );
  return new Map(rows.map((r) => [r.proposalId, r]));
}
