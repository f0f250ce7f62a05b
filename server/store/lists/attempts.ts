import type { ColumnId } from "../../core/lists/tables";
import { GENERATOR_LABEL } from "../../core/lab/label";
import { amongAttemptsOf } from "../../core/comparing/among";
import { locatedFilterOf } from "../../core/views/localisation";
import { amongAttemptsCondition } from "../views/comparing-among";
import { locatedCondition } from "../views/located";
import { byId, condition, hanging, named, passRateCell, passRateFilter, samplingRuns, tagsOf } from "./condition";
import { type FilterContext, key, sqlList } from "./sql-list";
import type { Filter } from "../../core/lists/filter";

type Join = "p" | "s" | "m" | "r" | "chosen" | "named" | "v" | "known" | "arms";

const runs = (filters: Readonly<Record<string, Filter>>, { add, study }: FilterContext) => {
  const run = filters.run;
  return run === undefined
    ? samplingRuns(study)
    : `SELECT r.id FROM run r WHERE r.study_id = ${study} AND ${condition(key("r.id", "uuid"), run, add)}`;
};

const reward = key("a.reward", "int4", true);
const error = key("chosen.location", "int4", true);
/** The step whose first error is shown: as the chosen proposal's verification names it, else what most samples name. */
const SHOWN = "CASE WHEN chosen.id IS NULL THEN v.most ELSE coalesce(named.first_error, chosen.location) END";
const rate = (arm: string) => ({
  cell: `CASE WHEN arms.by->'${arm}' IS NULL THEN NULL ELSE arms.by->'${arm}' END`,
  cellNeeds: ["chosen", "arms"] as const,
});

export const attemptsSql = sqlList<ColumnId<"attempts">, Join>({
  from: "attempt a",
  alias: "a",
  joins: {
    // The study is said here too: its problems lie in their order in an index.
    p: "JOIN problem p ON p.id = a.problem_id AND p.study_id = $1",
    s: "JOIN problem_set s ON s.id = p.problem_set_id",
    m: "LEFT JOIN model m ON m.id = a.model_id",
    r: "JOIN run r ON r.id = a.run_id",
    chosen: "LEFT JOIN proposal chosen ON chosen.attempt_id = a.id AND chosen.chosen",
    named: "LEFT JOIN verification named ON named.id = chosen.verification_id",
    v: `LEFT JOIN LATERAL (SELECT count(*)::int AS n, mode() WITHIN GROUP (ORDER BY x.first_error) AS most
          FROM verification x WHERE x.attempt_id = a.id) v ON true`,
    known: `LEFT JOIN LATERAL (SELECT coalesce(l.first_error, 0) AS step, l.source FROM label l WHERE l.attempt_id = a.id
              ORDER BY (l.source = '${GENERATOR_LABEL}'), l.source LIMIT 1) known ON true`,
    arms: `LEFT JOIN LATERAL (SELECT json_object_agg(x.arm, json_build_object('right', x.c, 'of', x.n)) AS by
             FROM (SELECT c.arm, count(*)::int AS n, sum(c.reward)::int AS c FROM continuation c
                   WHERE c.attempt_id = a.id AND (c.proposal_id IS NULL OR c.proposal_id = chosen.id) GROUP BY c.arm) x) arms ON true`,
  },
  base: (filters, context) => `a.run_id = ANY(ARRAY(${runs(filters, context)}))`,
  runs,
  runColumn: "a.run_id",
  attempt: "a.id",
  ref: "json_build_object('attempt', a.id, 'problem', a.problem_id, 'run', a.run_id, 'step', chosen.location)",
  refNeeds: ["chosen"],
  columns: {
    problem: {
      keys: [key("p.ordinal", "int4"), key("a.sample_index", "int4")],
      needs: ["p"],
      filter: byId("a.problem_id"),
      filterAlone: true,
      cell: "json_build_object('id', p.id, 'ordinal', p.ordinal, 'start', left(p.statement, 160))",
      cellNeeds: ["p"],
    },
    set: { needs: ["p"], filter: (f, c) => named("p.problem_set_id", "problem_set", f, c), cell: "s.name", cellNeeds: ["p", "s"] },
    level: { needs: ["p"], filter: (f, c) => condition(key("nullif(p.difficulty, '')", "text", true), f, c.add), cell: "nullif(p.difficulty, '')", cellNeeds: ["p"] },
    model: { filter: (f, c) => named("a.model_id", "model", f, c), cell: "m.name", cellNeeds: ["m"] },
    // The filter says which runs' attempts the list has at all: see `base`.
    run: { filter: () => "true", cell: "json_build_object('id', a.run_id, 'label', r.stage || ' of ' || to_char(r.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'))", cellNeeds: ["r"] },
    sample: { filter: (f, c) => condition(key("(a.sample_index + 1)", "int4"), f, c.add), cell: "a.sample_index + 1" },
    reward: {
      keys: [reward],
      ordered: true,
      filter: (f, c) => condition(reward, f, c.add, { right: 1, wrong: 0 }),
      cell: "json_build_object('reward', a.reward, 'cut', a.finish_reason = 'length')",
    },
    finish: { filter: (f, c) => condition(key("a.finish_reason", "text"), f, c.add), cell: "a.finish_reason" },
    steps: { keys: [key("a.steps", "int4")], ordered: true, cell: "a.steps" },
    tokens: { keys: [key("a.tokens", "int4")], ordered: true, cell: "nullif(a.tokens, 0)" },
    error: {
      keys: [error],
      needs: ["chosen"],
      cell: `CASE WHEN v.n > 0 OR chosen.id IS NOT NULL THEN json_build_object('step', ${SHOWN}, 'of', v.n, 'agreeing',
        (SELECT count(*)::int FROM verification x WHERE x.attempt_id = a.id AND x.first_error = ${SHOWN})) END`,
      cellNeeds: ["chosen", "named", "v"],
    },
    label: {
      filterAlone: true,
      filter: (f, c) =>
        hanging("a.id", (where) => `SELECT l.attempt_id FROM label l WHERE ${where}`, key("coalesce(l.first_error, 0)", "int4"), f, c),
      cell: "CASE WHEN known.step IS NOT NULL THEN json_build_object('step', known.step, 'of', 0, 'agreeing', 0) END",
      cellNeeds: ["known"],
    },
    labelSource: {
      filterAlone: true,
      filter: (f, c) => hanging("a.id", (where) => `SELECT l.attempt_id FROM label l WHERE ${where}`, key("l.source", "text"), f, c),
      cell: "known.source",
      cellNeeds: ["known"],
    },
    proposal: {
      needs: ["chosen"],
      filter: (f, c) =>
        condition(
          key("(CASE WHEN chosen.id IS NULL THEN NULL WHEN chosen.kept THEN 'kept' WHEN chosen.kept = false THEN 'dropped' ELSE 'waiting' END)", "text", true),
          f,
          c.add,
        ),
      cell: "CASE WHEN chosen.id IS NULL THEN NULL WHEN chosen.kept THEN 'kept' WHEN chosen.kept = false THEN 'dropped' ELSE 'waiting' END",
      cellNeeds: ["chosen"],
    },
    verifications: { cell: "v.n", cellNeeds: ["v"] },
    prefix: rate("prefix"),
    original: rate("original"),
    intervention: rate("intervention"),
    passRate: { filterAlone: true, filter: passRateFilter("a.problem_id"), cell: passRateCell("a.problem_id") },
    located: {
      filter: (f, c) => {
        const located = f.is === "has" ? locatedFilterOf(f.text) : null;
        return located === null ? "true" : locatedCondition(located, c.add);
      },
      cell: null,
    },
    among: {
      filter: (f, c) => {
        const among = f.is === "has" ? amongAttemptsOf(f.text) : null;
        return among === null ? "true" : amongAttemptsCondition(among, c.add);
      },
      filterAlone: true,
      cell: null,
    },
    added: { keys: [key("a.id", "uuid")], ordered: true, filter: (f, c) => condition(key("a.created_at", "timestamptz"), f, c.add), cell: "a.created_at" },
    tag: tagsOf("attempt", "a.id"),
  },
});
