import type { ColumnId } from "../../core/lists/tables";
import { byId, condition, named, tagsOf } from "./condition";
import { key, sqlList } from "./sql-list";

type Join = "pl" | "m";

const seconds = key("(extract(epoch FROM r.ended_at - r.started_at)::float8)", "float8", true);
const state = key("r.state::text", "text");

/** The model that a training makes; else the stage and what it is about. */
const LABEL = `coalesce(nullif(r.settings->>'name', ''), r.stage || ' on ' || coalesce(nullif(r.settings->>'problemSet', ''), nullif(r.settings->>'dataset', '')), r.stage)`;

export const runsSql = sqlList<ColumnId<"runs">, Join>({
  from: "run r",
  alias: "r",
  joins: {
    pl: "LEFT JOIN pipeline pl ON pl.id = r.pipeline_id",
    m: "LEFT JOIN model m ON m.id = r.model_id",
  },
  base: (_, { study }) => `r.study_id = ${study}`,
  runs: null,
  runColumn: "r.id",
  attempt: null,
  ref: "json_build_object('run', r.id, 'pipeline', r.pipeline_id, 'recipe', pl.recipe, 'stage', r.stage, 'waits', r.waits)",
  refNeeds: ["pl"],
  columns: {
    run: { filter: byId("r.id"), cell: `json_build_object('id', r.id, 'label', ${LABEL})` },
    stage: { keys: [key("r.stage", "text")], cell: "r.stage" },
    recipe: { needs: ["pl"], filter: (f, c) => condition(key("pl.recipe", "text", true), f, c.add), cell: "pl.recipe", cellNeeds: ["pl"] },
    pipeline: { filter: byId("r.pipeline_id"), cell: null },
    model: { keys: [key("m.name", "text", true)], needs: ["m"], filter: (f, c) => named("r.model_id", "model", f, c), cell: "m.name", cellNeeds: ["m"] },
    state: { keys: [state], cell: "json_build_object('word', r.state, 'done', NULL, 'total', NULL)" },
    done: { keys: [key("r.done", "int4")], cell: "r.done" },
    total: { keys: [key("r.total", "int4")], cell: "r.total" },
    failed: { keys: [key("r.failed", "int4")], cell: "r.failed" },
    message: { filter: (f, c) => condition(key("nullif(r.message, '')", "text", true), f, c.add), cell: "nullif(r.message, '')" },
    evaluation: { filter: (f, c) => condition(key("(r.stage = 'rollout' AND r.waits)", "bool"), f, c.add), cell: "r.stage = 'rollout' AND r.waits" },
    seconds: { keys: [seconds], cell: seconds.sql },
    started: { keys: [key("r.started_at", "timestamptz", true)], cell: "r.started_at" },
    ended: { keys: [key("r.ended_at", "timestamptz", true)], cell: "r.ended_at" },
    added: { keys: [key("r.created_at", "timestamptz")], cell: "r.created_at" },
    tag: tagsOf("run", "r.id"),
  },
});
