import type { ColumnId } from "../../core/lists/tables";
import { condition, named, tagsOf } from "./condition";
import { key, sqlList } from "./sql-list";

type Join = "m" | "r" | "trained";

/** A task that was cancelled, or that failed in a way nobody foresaw, leaves its data set as it was. */
const state = key(
  `(CASE WHEN d.state = 'building' AND r.state = 'cancelled' THEN 'cancelled' WHEN d.state = 'building' AND r.state = 'failed' THEN 'failed' ELSE d.state::text END)`,
  "text",
);
const tokens = key("(CASE WHEN (d.manifest->'tokens'->>'counted')::boolean THEN (d.manifest->'tokens'->>'total')::float8 END)", "float8", true);
const message = key("nullif(CASE WHEN d.message = '' AND d.state <> 'ready' THEN coalesce(r.message, '') ELSE d.message END, '')", "text", true);

export const datasetsSql = sqlList<ColumnId<"datasets">, Join>({
  from: "dataset d",
  alias: "d",
  joins: {
    m: "LEFT JOIN model m ON m.id = d.model_id",
    r: "LEFT JOIN run r ON r.id = d.run_id",
    trained: "LEFT JOIN LATERAL (SELECT count(*)::int AS n FROM training t WHERE t.dataset_id = d.id) trained ON true",
  },
  base: (_, { study }) => `d.study_id = ${study}`,
  runs: null,
  runColumn: "d.id",
  attempt: null,
  ref: "json_build_object('name', d.name)",
  refNeeds: [],
  columns: {
    name: { keys: [key("d.name", "text")], cell: "json_build_object('id', d.id, 'label', d.name)" },
    from: { keys: [key("d.source", "text")], cell: "d.source" },
    state: {
      keys: [state],
      needs: ["r"],
      cell: `json_build_object('word', ${state.sql}, 'done', CASE WHEN d.state = 'building' THEN r.done END, 'total', CASE WHEN d.state = 'building' THEN r.total END)`,
      cellNeeds: ["r"],
    },
    rows: { keys: [key("d.rows", "int4")], cell: "d.rows" },
    tokens: { keys: [tokens], cell: tokens.sql },
    model: { keys: [key("m.name", "text", true)], needs: ["m"], filter: (f, c) => named("d.model_id", "model", f, c), cell: "m.name", cellNeeds: ["m"] },
    trained: { keys: [key("trained.n", "int4")], needs: ["trained"], cell: "trained.n", cellNeeds: ["trained"] },
    digest: { filter: (f, c) => condition(key("nullif(d.digest, '')", "text", true), f, c.add), cell: "nullif(left(d.digest, 12), '')" },
    message: { needs: ["r"], filter: (f, c) => condition(message, f, c.add), cell: message.sql, cellNeeds: ["r"] },
    added: { keys: [key("d.created_at", "timestamptz")], cell: "d.created_at" },
    tag: tagsOf("dataset", "d.id"),
  },
});
