import type { Filter } from "../../core/lists/filter";
import type { ColumnId } from "../../core/lists/tables";
import { byId, condition, hanging, named, passRateCell, passRateFilter, tagsOf } from "./condition";
import { type FilterContext, key, sqlList } from "./sql-list";

type Join = "a" | "p" | "s" | "m" | "r" | "pm" | "tally" | "own" | "type";

const runs = (filters: Readonly<Record<string, Filter>>, { add, study }: FilterContext) =>
  `SELECT r.id FROM run r WHERE r.study_id = ${study}${filters.run === undefined ? "" : ` AND ${condition(key("r.id", "uuid"), filters.run, add)}`}`;

const success = key("(tally.c::float8 / tally.n)", "float8", true);
const COUNTS = "sum(c.n)::int AS n, sum(c.c)::int AS c";
const kept = key("pr.kept", "bool", true);
const length = key("char_length(pr.content)", "int4");

/** Kinds of errors that judges named, of items that have all of their votes: an open item's are its judges' own. */
const TYPES = `SELECT i.proposal_id, coalesce(nullif(st.error_type, ''), nullif(d.error_type, '')) AS type
  FROM queue_item i
  LEFT JOIN settlement st ON st.item_id = i.id AND NOT EXISTS (SELECT 1 FROM settlement n WHERE n.replaces_id = st.id)
  LEFT JOIN vote vt ON vt.item_id = i.id AND st.id IS NULL
  LEFT JOIN decision d ON d.id = vt.decision_id
  WHERE i.proposal_id IS NOT NULL AND i.state <> 'open'`;

/** The model that proposed it is that of its run. */
function proposer(filter: Filter, context: FilterContext): string {
  const model = (f: Filter) =>
    `pr.run_id = ANY(ARRAY(SELECT x.id FROM run x WHERE x.study_id = ${context.study} AND ${named("x.model_id", "model", f, context)}))`;
  const ofModel = (f: Filter) => `(pr.author = 'model' AND ${model(f)})`;
  if (filter.is === "any") return ofModel(filter);
  if (filter.is !== "in" && filter.is !== "not") return "false";
  const names = filter.values.filter((v) => v !== null);
  const parts = [
    ...(names.length > 0 ? [ofModel({ is: "in", values: names })] : []),
    ...(filter.values.includes(null) ? [`NOT ${ofModel({ is: "any" })}`] : []),
  ];
  return `${filter.is === "not" ? "NOT " : ""}(${parts.join(" OR ")})`;
}

export const proposalsSql = sqlList<ColumnId<"proposals">, Join>({
  from: "proposal pr",
  alias: "pr",
  joins: {
    a: "JOIN attempt a ON a.id = pr.attempt_id",
    p: "JOIN problem p ON p.id = a.problem_id",
    s: "JOIN problem_set s ON s.id = p.problem_set_id",
    m: "LEFT JOIN model m ON m.id = a.model_id",
    r: "JOIN run r ON r.id = pr.run_id",
    pm: "LEFT JOIN model pm ON pm.id = r.model_id",
    tally: `LEFT JOIN (SELECT c.target_id, ${COUNTS} FROM continuation_count c
              WHERE c.arm = 'intervention' AND c.run_id = ANY(ARRAY(SELECT id FROM run WHERE study_id = $1)) GROUP BY c.target_id) tally ON tally.target_id = pr.id`,
    own: `LEFT JOIN LATERAL (SELECT ${COUNTS} FROM continuation_count c WHERE c.target_id = pr.id AND c.arm = 'intervention') own ON true`,
    type: `LEFT JOIN LATERAL (SELECT t.type FROM (${TYPES} AND i.proposal_id = pr.id) t WHERE t.type IS NOT NULL LIMIT 1) type ON true`,
  },
  base: (filters, context) => `pr.run_id = ANY(ARRAY(${runs(filters, context)}))`,
  runs,
  runColumn: "pr.run_id",
  attempt: "pr.attempt_id",
  ref: "json_build_object('attempt', pr.attempt_id, 'problem', a.problem_id, 'run', pr.run_id, 'step', pr.location)",
  refNeeds: ["a"],
  columns: {
    problem: {
      needs: ["a"],
      filter: byId("a.problem_id"),
      cell: "json_build_object('id', p.id, 'ordinal', p.ordinal, 'start', left(p.statement, 160))",
      cellNeeds: ["a", "p"],
    },
    attempt: { filter: byId("pr.attempt_id"), cell: "json_build_object('id', pr.attempt_id, 'label', 'sample ' || (a.sample_index + 1))", cellNeeds: ["a"] },
    set: { needs: ["a", "p"], filter: (f, c) => named("p.problem_set_id", "problem_set", f, c), cell: "s.name", cellNeeds: ["a", "p", "s"] },
    model: { needs: ["a"], filter: (f, c) => named("a.model_id", "model", f, c), cell: "m.name", cellNeeds: ["a", "m"] },
    run: { filter: () => "true", cell: "json_build_object('id', pr.run_id, 'label', r.stage || ' of ' || to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'))", cellNeeds: ["r"] },
    attemptRun: { needs: ["a"], filter: byId("a.run_id"), cell: null },
    author: { filter: (f, c) => condition(key("pr.author", "text"), f, c.add), cell: "pr.author" },
    proposer: { filterAlone: true, filter: proposer, cell: "CASE WHEN pr.author = 'model' THEN pm.name END", cellNeeds: ["r", "pm"] },
    content: { filter: (f, c) => condition(key("pr.content", "text"), f, c.add), cell: "left(pr.content, 240)" },
    step: { keys: [key("pr.location", "int4")], ordered: true, cell: "pr.location" },
    position: {
      needs: ["a"],
      filter: (f, c) => condition(key("(pr.location::float8 / nullif(a.steps, 0))", "float8", true), f, c.add),
      cell: "pr.location::float8 / nullif(a.steps, 0)",
      cellNeeds: ["a"],
    },
    length: { keys: [length], ordered: true, cell: length.sql },
    tokens: { keys: [key("pr.tokens", "int4")], ordered: true, cell: "nullif(pr.tokens, 0)" },
    chosen: { filter: (f, c) => condition(key("pr.chosen", "bool"), f, c.add), cell: "pr.chosen" },
    kept: { keys: [kept], ordered: true, cell: "pr.kept" },
    leak: { filter: (f, c) => condition(key("pr.leak_equivalent", "bool"), f, c.add), cell: "pr.leak_equivalent" },
    substring: { filter: (f, c) => condition(key("pr.leak_substring", "bool"), f, c.add), cell: "pr.leak_substring" },
    success: {
      keys: [success],
      needs: ["tally"],
      cell: "CASE WHEN own.n > 0 THEN json_build_object('right', own.c, 'of', own.n) END",
      cellNeeds: ["own"],
    },
    samples: { keys: [key("tally.n", "int4", true)], needs: ["tally"], cell: "own.n", cellNeeds: ["own"] },
    passRate: { needs: ["a"], filter: passRateFilter("a.problem_id"), cell: passRateCell("a.problem_id"), cellNeeds: ["a"] },
    errorType: {
      filterAlone: true,
      filter: (f, c) => hanging("pr.id", (where) => `SELECT t.proposal_id FROM (${TYPES}) t WHERE t.type IS NOT NULL AND ${where}`, key("t.type", "text"), f, c),
      cell: "type.type",
      cellNeeds: ["type"],
    },
    added: { keys: [key("pr.id", "uuid")], ordered: true, filter: (f, c) => condition(key("pr.created_at", "timestamptz"), f, c.add), cell: "pr.created_at" },
    tag: tagsOf("proposal", "pr.id"),
  },
});
