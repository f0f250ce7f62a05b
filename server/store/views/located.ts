import type { AnswerBy, LocatedFilter, LocatorRun } from "../../core/views/localisation";
import type { Sql } from "./sql";

/**
 * First errors that are known: labels (imported, or the lab generator's), and what the judges of a queue settled on. The
 * one place where a further kind of label comes in. first_error null: there is none.
 */
export const KNOWN = `(
  SELECT l.attempt_id, l.source, l.first_error FROM label l
  UNION ALL
  SELECT i.attempt_id, 'settled in ' || q.name, CASE WHEN s.action = 'no_error' THEN NULL ELSE coalesce(s.first_error, s.location) END
  FROM settlement s JOIN queue_item i ON i.id = s.item_id JOIN queue q ON q.id = i.queue_id
  WHERE (s.action = 'no_error' OR (s.action <> 'cannot_tell' AND coalesce(s.first_error, s.location) IS NOT NULL))
    AND NOT EXISTS (SELECT 1 FROM settlement n WHERE n.item_id = s.item_id AND n.replaces_id = s.id)
)`;

/** One sample's answer: the step that it names, 0 for no error, −1 where no first error can be read. */
const CODE = `CASE WHEN v.first_error IS NOT NULL THEN v.first_error WHEN v.outcome = 'no_error' THEN 0 ELSE -1 END`;

/** A run's answer about an attempt, in the code of {@link CODE}, as an SQL expression. Null without verifications. */
function answerSql(by: AnswerBy, run: string, attempt: string): string {
  const samples = `FROM verification v WHERE v.run_id = ${run} AND v.attempt_id = ${attempt}`;
  if (by === "first") return `(SELECT ${CODE} ${samples} ORDER BY v.sample_index LIMIT 1)`;
  const majority = `(SELECT x.code FROM (SELECT ${CODE} AS code ${samples}) x GROUP BY x.code
    ORDER BY (x.code = -1), count(*) DESC, (x.code = 0), x.code LIMIT 1)`;
  if (by === "majority") return majority;
  // As chooseProposal (server/core/choose.ts): the location that most fit proposals have, a tie to the earlier step.
  return `coalesce((SELECT p.location FROM proposal p WHERE p.run_id = ${run} AND p.attempt_id = ${attempt} AND p.author = 'model'
      AND NOT p.leak_equivalent AND btrim(p.content) <> '' GROUP BY p.location ORDER BY count(*) DESC, p.location LIMIT 1),
    (SELECT CASE WHEN y.code > 0 THEN -1 ELSE y.code END FROM (SELECT ${majority} AS code) y))`;
}

/** A labelled attempt, and what a run says of it; `runId` null where nothing has verified it. */
export interface LocatedRow {
  source: string;
  attemptId: string;
  /** 1-based step; null: no error. */
  label: number | null;
  steps: number;
  runId: string | null;
  /** A step, 0 for no error, −1 where nothing can be read. */
  said: number | null;
}

/** Every labelled attempt of a study with the answer of each run that has verified it. */
export async function listLocated(sql: Sql, studyId: string, by: AnswerBy): Promise<LocatedRow[]> {
  const { rows } = await sql.query<LocatedRow>(
    `SELECT k.source, k.attempt_id AS "attemptId", k.first_error AS label, a.steps, r.run_id AS "runId",
            CASE WHEN r.run_id IS NULL THEN NULL ELSE ${answerSql(by, "r.run_id", "k.attempt_id")} END AS said
     FROM ${KNOWN} k
     JOIN attempt a ON a.id = k.attempt_id
     JOIN run own ON own.id = a.run_id AND own.study_id = $1
     LEFT JOIN LATERAL (SELECT DISTINCT v.run_id FROM verification v WHERE v.attempt_id = k.attempt_id) r ON true
     ORDER BY k.source, k.attempt_id`,
    [studyId],
  );
  return rows;
}

/** Runs by their ids, as those who locate first errors. */
export async function listLocators(sql: Sql, runIds: readonly string[]): Promise<LocatorRun[]> {
  const { rows } = await sql.query<LocatorRun>(
    `SELECT r.id AS "runId", coalesce(m.name, 'a model of no name') AS model, r.created_at AS "createdAt", r.state::text AS state,
            coalesce(r.settings->'verify'->'template'->>'id', '') AS template, coalesce(r.settings->>'source', '') AS file
     FROM run r LEFT JOIN model m ON m.id = r.model_id WHERE r.id = ANY($1::uuid[])`,
    [runIds],
  );
  return rows;
}

/** A condition on attempts (alias a) that a filter of the attempts table means. `add` takes a value and gives its mark. */
export function locatedCondition(f: LocatedFilter, add: (value: unknown) => string): string {
  const run = `${add(f.runId)}::uuid`;
  const same = "z.said = coalesce(z.label, 0)";
  const near = "(z.said > 0 AND z.label > 0 AND abs(z.said - z.label) = 1)";
  const step = (field: string, of: number | `${number}+`) =>
    typeof of === "number" ? `${field} = ${add(of)}::int` : `${field} >= ${add(Number.parseInt(of, 10))}::int`;
  const label =
    f.label === "any" ? "true" : f.label === "error" ? "z.label IS NOT NULL" : f.label === "none" ? "z.label IS NULL" : step("z.label", f.label);
  const said =
    f.said === "any"
      ? "z.said IS NOT NULL"
      : f.said === "none"
        ? "z.said = 0"
        : f.said === "unparsed"
          ? "z.said = -1"
          : f.said === "agrees"
            ? same
            : f.said === "near"
              ? near
              : f.said === "within"
                ? `(${same} OR ${near})`
                : f.said === "differs"
                  ? `(z.said >= 0 AND NOT ${same} AND ${near} IS NOT TRUE)`
                  : step("z.said", f.said);
  return `EXISTS (SELECT 1 FROM (
      SELECT k.first_error AS label, ${answerSql(f.by, run, "a.id")} AS said
      FROM ${KNOWN} k WHERE k.attempt_id = a.id AND k.source = ${add(f.source)}
    ) z WHERE z.said IS NOT NULL AND ${label} AND ${said})`;
}
