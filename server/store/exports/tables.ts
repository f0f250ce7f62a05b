import { DATASET_FIELDS, TABLE_FIELDS } from "../../core/exporting/tables";
import type { Table } from "../../core/exporting/shapes";
import { uuidLiteral } from "../transaction";
import type { Query } from "./copy-out";
import { equals, isRun, judge, readable, type Scope, SETTLEMENT, where } from "./scope";

const PROBLEM = { problem_id: "p.id", problem_set: "ps.name", problem_key: "p.key" };
const JOIN_PROBLEM = "JOIN problem p ON p.id = %.problem_id JOIN problem_set ps ON ps.id = p.problem_set_id";
const problemOf = (row: string) => JOIN_PROBLEM.replace("%", row);

/** Columns that are called here as there. */
const own = (row: string, ...names: string[]) => Object.fromEntries(names.map((n) => [n, `${row}.${n}`]));

const SAMPLE = ["sample_index", "seed", "text", "finish_reason", "tokens"];

const QUERIES: Record<Table, (scope: Scope) => Omit<Query, "fields">> = {
  problems: ({ studyId, filters }) => ({
    columns: {
      ...own("p", "id", "key", "ordinal", "statement", "answer", "reference", "reference_source", "difficulty"),
      problem_set: "ps.name",
    },
    from: `FROM problem p JOIN problem_set ps ON ps.id = p.problem_set_id
           ${where(`p.study_id = ${uuidLiteral(studyId)}`, equals("ps.name", filters.problemSet))}`,
    order: "p.id",
  }),
  attempts: ({ studyId, filters }) => ({
    columns: {
      ...own("a", "id", "run_id", ...SAMPLE, "steps", "reward", "created_at"),
      ...PROBLEM,
      stage: "r.stage",
      problem: "p.statement",
      answer: "p.answer",
      model: "m.name",
      grades: `(SELECT coalesce(json_agg(json_build_object('grader_version', g.grader_version, 'reward', g.reward,
                 'extracted', g.extracted, 'reason', g.reason, 'created_at', g.created_at) ORDER BY g.created_at, g.id), '[]')
                FROM grade g WHERE g.attempt_id = a.id)`,
      labels: `(SELECT coalesce(json_agg(json_build_object('source', l.source, 'first_error', l.first_error) ORDER BY l.source), '[]')
                FROM label l WHERE l.attempt_id = a.id)`,
    },
    from: `FROM attempt a JOIN run r ON r.id = a.run_id ${problemOf("a")} LEFT JOIN model m ON m.id = a.model_id
           ${where(`r.study_id = ${uuidLiteral(studyId)}`, isRun("r.id", filters.run), equals("ps.name", filters.problemSet), equals("m.name", filters.model), equals("a.reward", filters.reward))}`,
    order: "a.id",
  }),
  grades: ({ studyId, filters }) => ({
    columns: {
      ...own("g", "id", "attempt_id", "continuation_id", "grader_version", "reward", "extracted", "reason", "created_at"),
      ...PROBLEM,
    },
    from: `FROM grade g LEFT JOIN attempt a ON a.id = g.attempt_id LEFT JOIN continuation c ON c.id = g.continuation_id
           JOIN run r ON r.id = coalesce(a.run_id, c.run_id)
           JOIN problem p ON p.id = coalesce(a.problem_id, c.problem_id) JOIN problem_set ps ON ps.id = p.problem_set_id
           ${where(`r.study_id = ${uuidLiteral(studyId)}`, isRun("r.id", filters.run), equals("ps.name", filters.problemSet), equals("g.reward", filters.reward))}`,
    order: "g.id",
  }),
  verifications: ({ studyId, filters }) => ({
    columns: {
      ...own("v", "id", "run_id", "attempt_id", ...SAMPLE, "verdicts", "first_error", "outcome", "parse_note", "created_at"),
      ...PROBLEM,
    },
    from: `FROM verification v JOIN run r ON r.id = v.run_id JOIN attempt a ON a.id = v.attempt_id ${problemOf("a")}
           ${where(`r.study_id = ${uuidLiteral(studyId)}`, isRun("r.id", filters.run), equals("ps.name", filters.problemSet))}`,
    order: "v.id",
  }),
  proposals: (scope) => ({
    columns: {
      ...own("pr", "id", "run_id", "attempt_id", "verification_id", "author", "sample_index", "content", "location"),
      ...own("pr", "leak_equivalent", "leak_substring", "chosen", "kept", "created_at"),
      ...PROBLEM,
      problem: "p.statement",
      answer: "p.answer",
      model: "m.name",
      judge: `(SELECT ${judge(scope, "w")} FROM person w WHERE w.id = coalesce(d.person_id, pst.person_id))`,
      arms: `(SELECT coalesce(json_agg(json_build_object('arm', x.arm, 'samples', x.n, 'right', x.r) ORDER BY x.arm), '[]')
              FROM (SELECT c.arm, count(*) AS n, sum(c.reward) AS r FROM continuation c WHERE c.proposal_id = pr.id GROUP BY c.arm) x)`,
    },
    from: proposalsFrom(scope),
    order: "pr.id",
  }),
  continuations: ({ studyId, filters }) => ({
    columns: {
      ...own("c", "id", "run_id", "attempt_id", "proposal_id", "arm", ...SAMPLE, "outcome", "reward", "created_at"),
      ...PROBLEM,
    },
    from: `FROM continuation c JOIN run r ON r.id = c.run_id ${problemOf("c")}
           ${where(`r.study_id = ${uuidLiteral(studyId)}`, isRun("r.id", filters.run), equals("ps.name", filters.problemSet), equals("c.arm", filters.arm), equals("c.reward", filters.reward))}`,
    order: "c.id",
  }),
  decisions: (scope) => ({
    columns: {
      ...own("d", "id", "action", "reason", "error_type", "note", "first_error", "content", "location", "undoes_id"),
      ...own("d", "seconds", "sampled", "created_at"),
      ...PROBLEM,
      queue: "q.name",
      blind: "q.blind",
      item: "i.ordinal",
      item_state: "i.state",
      attempt_id: "i.attempt_id",
      proposal_id: "i.proposal_id",
      judge: judge(scope, "w"),
      counts: "EXISTS (SELECT 1 FROM vote v WHERE v.decision_id = d.id)",
      shown: `ARRAY(SELECT e.key FROM jsonb_each(d.shown::jsonb) e WHERE e.value NOT IN ('false', 'null') ORDER BY e.key)`,
      gold: `CASE WHEN i.gold IS NULL THEN NULL ELSE json_build_object('first_error', i.gold->'firstError', 'source', coalesce(i.gold->>'source', '')) END`,
      settled: `CASE WHEN st.id IS NULL THEN NULL ELSE json_build_object('action', st.action, 'first_error', st.first_error, 'content', st.content, 'location', st.location) END`,
    },
    from: decisionsFrom(scope, readable(scope, "q")),
    order: "d.id",
  }),
  scores: ({ studyId, filters }) => ({
    columns: {
      ...own("s", "id", "run_id", "subject", "subject_id", "attempt_id", "problem_id", "step", "text", "token_count"),
      ...own("s", "mean_nll", "overlap", "token_ids", "tokens", "logprobs", "created_at"),
      model: "m.name",
    },
    from: `FROM score s JOIN model m ON m.id = s.model_id
           ${where(`s.study_id = ${uuidLiteral(studyId)}`, isRun("s.run_id", filters.run), equals("m.name", filters.model), equals("s.subject", filters.subject))}`,
    order: "s.id",
  }),
};

/** Proposals of the study; what a judge of an open blind queue wrote is a decision of that queue. */
export function proposalsFrom(scope: Scope): string {
  const { studyId, filters } = scope;
  return `FROM proposal pr JOIN run r ON r.id = pr.run_id JOIN attempt a ON a.id = pr.attempt_id ${problemOf("a")}
     LEFT JOIN model m ON m.id = a.model_id
     LEFT JOIN decision d ON d.id = pr.decision_id LEFT JOIN settlement pst ON pst.id = pr.settlement_id
     LEFT JOIN queue_item i ON i.id = coalesce(d.item_id, pst.item_id) LEFT JOIN queue q ON q.id = i.queue_id
     ${where(
       `r.study_id = ${uuidLiteral(studyId)}`,
       `(q.id IS NULL OR ${readable(scope, "q")})`,
       isRun("r.id", filters.run),
       equals("ps.name", filters.problemSet),
       equals("m.name", filters.model),
       equals("pr.chosen", filters.chosen),
       equals("pr.kept", filters.kept),
       filters.withoutLeaks ? "NOT pr.leak_equivalent" : "",
     )}`;
}

function decisionsFrom({ studyId, filters }: Scope, visible: string): string {
  return `FROM decision d JOIN queue_item i ON i.id = d.item_id JOIN queue q ON q.id = i.queue_id
     JOIN attempt a ON a.id = i.attempt_id ${problemOf("a")} JOIN person w ON w.id = d.person_id ${SETTLEMENT("i")}
     ${where(`q.study_id = ${uuidLiteral(studyId)}`, visible, equals("q.name", filters.queue), equals("ps.name", filters.problemSet))}`;
}

/** Decisions that are held back because their queue is blind and open. */
export const withheldDecisions = (scope: Scope): string => decisionsFrom(scope, `NOT ${readable(scope, "q")}`);

/** A table's columns. */
export function tableQuery(table: Table, scope: Scope): Query {
  return { fields: TABLE_FIELDS[table], ...QUERIES[table](scope) };
}

const nested = (...pairs: [name: string, key: string][]) =>
  `json_build_object(${pairs.map(([name, key]) => `'${name}', x.meta->'${key}'`).join(", ")}`;

/** A data set's columns. */
export function datasetQuery({ datasetId }: Scope): Query {
  const meta = nested(
    ["template", "template"],
    ["problem", "problem"],
    ["sample", "sample"],
    ["location", "location"],
    ["author", "author"],
    ["verdict", "verdict"],
    ["settlement_id", "settlementId"],
    ["right", "right"],
    ["hint", "hint"],
    ["answer", "answer"],
  );
  const suffix = `CASE WHEN x.meta->'suffix' IS NULL THEN NULL ELSE json_build_object('continuation_id', x.meta#>'{suffix,continuationId}', 'sample', x.meta#>'{suffix,sample}') END`;
  return {
    fields: DATASET_FIELDS,
    columns: {
      ...own("x", "ordinal", "attempt_id", "proposal_id", "decision_id", "reflection_id"),
      ...own("x", "prompt", "completion", "ends", "tokens"),
      ...PROBLEM,
      answer: "p.answer",
      meta: `${meta}, 'suffix', ${suffix})`,
    },
    from: datasetFrom(datasetId),
    order: "x.ordinal",
  };
}

export function datasetFrom(datasetId: string | undefined): string {
  if (datasetId === undefined) throw new Error("no data set is named");
  return `FROM dataset_row x ${problemOf("x")} WHERE x.dataset_id = ${uuidLiteral(datasetId)}`;
}
