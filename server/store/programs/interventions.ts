import type { Arm, Outcome } from "../../core/arms";
import type { ContinuationShape, DecisionShape, ProposalShape } from "../../core/programs/shapes";
import { STANDS } from "../judging/stands";
import { judge } from "../exports/scope";
import type { Sql } from "../views/sql";
import { PROPOSAL } from "./attempts";
import { iso } from "./iso";

/** Whether people accepted proposal p, or wrote it, by what stands of its attempt (store/judging/stands.ts). */
const ACCEPTED = `EXISTS (
    SELECT 1 FROM ${STANDS} s WHERE s.attempt_id = p.attempt_id
      AND (s.action = 'accept' AND (s.proposal_id = p.id OR s.proposal_id IS NULL AND p.chosen)
           OR s.decision_id = p.decision_id OR s.settlement_id = p.settlement_id))`;

/** Narrows to attempts of study $1 that people have judged at all, so that a list of accepted ones need not try every proposal. */
const JUDGED = `p.attempt_id IN (SELECT s.attempt_id FROM ${STANDS} s JOIN queue q ON q.id = s.queue_id WHERE q.study_id = $1)`;

export interface ProposalWhere {
  state: "chosen" | "kept" | "accepted" | undefined;
  author: "model" | "person" | undefined;
  run: string | undefined;
  leaked: boolean | undefined;
}

/** Proposals of a study after one, in the order in which they were made; `texts` adds the attempt's. */
export async function proposalsAfter(
  sql: Sql,
  studyId: string,
  where: ProposalWhere,
  texts: boolean,
  after: string | null,
  limit: number,
): Promise<ProposalShape[]> {
  const values: unknown[] = [studyId, after];
  const add = (value: unknown) => `$${values.push(value)}`;
  const and = [
    "p.run_id = ANY(ARRAY(SELECT id FROM run WHERE study_id = $1))",
    "($2::uuid IS NULL OR p.id > $2)",
    ...(where.run === undefined ? [] : [`p.run_id = ${add(where.run)}`]),
    ...(where.author === undefined ? [] : [`p.author = ${add(where.author)}`]),
    ...(where.leaked === undefined ? [] : [`p.leak_equivalent = ${add(where.leaked)}`]),
    ...(where.state === "chosen" ? ["p.chosen"] : where.state === "kept" ? ["p.kept"] : where.state === "accepted" ? [JUDGED, ACCEPTED] : []),
  ];
  const { rows } = await sql.query<ProposalShape>(
    `SELECT ${PROPOSAL}, p.attempt_id, q.id AS problem_id, q.statement AS problem, q.answer, ${ACCEPTED} AS accepted
            ${texts ? ", a.text AS attempt" : ""}
     FROM (SELECT * FROM proposal p WHERE ${and.join(" AND ")} ORDER BY p.id LIMIT ${add(limit)}) p
     JOIN attempt a ON a.id = p.attempt_id JOIN problem q ON q.id = a.problem_id
     ORDER BY p.id`,
    values,
  );
  return rows;
}

export interface DecisionWhere {
  queue: string | undefined;
  action: string | undefined;
  /** Judges' names instead of the pseudonyms that exports write. */
  names: boolean;
}

/**
 * Decisions of a study after one, oldest first. Those of a blind queue's item come once it has all of its votes, or the
 * queue is closed: a program must not tell a judge what others said (core/judging/visible.ts).
 */
export async function decisionsAfter(
  sql: Sql,
  studyId: string,
  where: DecisionWhere,
  after: string | null,
  limit: number,
): Promise<DecisionShape[]> {
  const { rows } = await sql.query<DecisionShape>(
    `SELECT d.id, q.name AS queue, d.item_id, i.attempt_id, i.proposal_id, ${judge(where, "p")} AS person, d.action, d.reason, d.error_type, d.note,
            d.first_error, d.content, d.location, d.seconds, d.undoes_id,
            EXISTS (SELECT 1 FROM decision u WHERE u.undoes_id = d.id) AS undone, ${iso("d.created_at")} AS created_at
     FROM decision d JOIN queue_item i ON i.id = d.item_id JOIN queue q ON q.id = i.queue_id JOIN person p ON p.id = d.person_id
     WHERE q.study_id = $1 AND ($2::uuid IS NULL OR d.id > $2) AND ($3::text IS NULL OR q.name = $3 OR q.id::text = $3)
       AND ($4::text IS NULL OR d.action = $4) AND (NOT q.blind OR q.closed_at IS NOT NULL OR i.state <> 'open')
     ORDER BY d.id LIMIT $5`,
    [studyId, after, where.queue ?? null, where.action ?? null, limit],
  );
  return rows;
}

export interface ContinuationWhere {
  arm: Arm | undefined;
  outcome: Outcome | undefined;
  attempt: string | undefined;
  proposal: string | undefined;
  problem: string | undefined;
  run: string | undefined;
}

const CONTINUATION = `c.id, c.run_id, c.problem_id, c.attempt_id, c.proposal_id, c.arm, c.sample_index, c.seed, c.outcome,
  c.reward, c.tokens, c.finish_reason, ${iso("c.created_at")} AS created_at`;

/** Continuations of a study after one. */
export async function continuationsAfter(
  sql: Sql,
  studyId: string,
  where: ContinuationWhere,
  texts: boolean,
  after: string | null,
  limit: number,
): Promise<ContinuationShape[]> {
  const values: unknown[] = [studyId, after, limit];
  const equal = (column: string, value: unknown) => (value === undefined ? [] : [`c.${column} = $${values.push(value)}`]);
  const and = [
    "c.run_id = ANY(ARRAY(SELECT id FROM run WHERE study_id = $1 AND stage = 'continue'))",
    "($2::uuid IS NULL OR c.id > $2)",
    ...equal("arm", where.arm),
    ...equal("outcome", where.outcome),
    ...equal("attempt_id", where.attempt),
    ...equal("proposal_id", where.proposal),
    ...equal("problem_id", where.problem),
    ...equal("run_id", where.run),
  ];
  const { rows } = await sql.query<ContinuationShape>(
    `SELECT ${CONTINUATION}${texts ? ", c.text" : ""} FROM continuation c WHERE ${and.join(" AND ")} ORDER BY c.id LIMIT $3`,
    values,
  );
  return rows;
}
