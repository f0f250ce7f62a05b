import { amongProblemsOf } from "../../core/comparing/among";
import type { ColumnId } from "../../core/lists/tables";
import { byId, condition, named, samplingRuns, tagsOf } from "./condition";
import { amongProblemsCondition } from "../views/comparing-among";
import { key, sqlList } from "./sql-list";

type Join = "s" | "tally" | "own";

const level = key("nullif(p.difficulty, '')", "text", true);
const COUNTS = "coalesce(sum(x.n), 0)::int AS n, coalesce(sum(x.graded), 0)::int AS graded, coalesce(sum(x.c), 0)::int AS c";
/** Counted for all problems when they are ordered or filtered by it, and for those of a page alone otherwise. */
const tallied = (sql: string, type: "int4" | "float8", nullable = false) => ({ keys: [key(sql, type, nullable)], needs: ["tally"] as const });

export const problemsSql = sqlList<ColumnId<"problems">, Join>({
  from: "problem p",
  alias: "p",
  joins: {
    s: "JOIN problem_set s ON s.id = p.problem_set_id",
    tally: `LEFT JOIN (SELECT x.problem_id, ${COUNTS} FROM attempt_count x WHERE x.run_id = ANY(ARRAY(${samplingRuns("$1")})) GROUP BY x.problem_id) tally
              ON tally.problem_id = p.id`,
    own: `LEFT JOIN LATERAL (SELECT ${COUNTS} FROM attempt_count x WHERE x.problem_id = p.id AND x.run_id = ANY(ARRAY(${samplingRuns("$1")}))) own ON true`,
  },
  base: (_, { study }) => `p.study_id = ${study}`,
  runs: null,
  runColumn: "p.study_id",
  attempt: null,
  ref: "json_build_object('problem', p.id)",
  refNeeds: [],
  columns: {
    problem: {
      keys: [key("p.problem_set_id", "uuid"), key("p.ordinal", "int4")],
      filter: byId("p.id"),
      cell: "json_build_object('id', p.id, 'ordinal', p.ordinal, 'start', left(p.statement, 240))",
    },
    key: { keys: [key("p.key", "text")], cell: "left(p.key, 80)" },
    statement: { filter: (f, c) => condition(key("p.statement", "text"), f, c.add), cell: null },
    answer: { filter: (f, c) => condition(key("p.answer", "text"), f, c.add), cell: "left(p.answer, 80)" },
    set: { filter: (f, c) => named("p.problem_set_id", "problem_set", f, c), cell: "s.name", cellNeeds: ["s"] },
    level: { keys: [level], cell: level.sql },
    reference: {
      filter: (f, c) => condition(key("nullif(p.reference_source, '')", "text", true), f, c.add),
      cell: "nullif(p.reference_source, '')",
    },
    attempts: { ...tallied("coalesce(tally.n, 0)", "int4"), cell: "own.n", cellNeeds: ["own"] },
    graded: { ...tallied("coalesce(tally.graded, 0)", "int4"), cell: "own.graded", cellNeeds: ["own"] },
    right: {
      ...tallied("coalesce(tally.c, 0)", "int4"),
      cell: "CASE WHEN own.graded > 0 THEN json_build_object('right', own.c, 'of', own.graded) END",
      cellNeeds: ["own"],
    },
    passRate: {
      ...tallied("(tally.c::float8 / nullif(tally.graded, 0))", "float8", true),
      cell: "own.c::float8 / nullif(own.graded, 0)",
      cellNeeds: ["own"],
    },
    among: {
      filter: (f, c) => {
        const among = f.is === "has" ? amongProblemsOf(f.text) : null;
        return among === null ? "true" : amongProblemsCondition(among, c.add);
      },
      filterAlone: true,
      cell: null,
    },
    tag: tagsOf("problem", "p.id"),
  },
});
