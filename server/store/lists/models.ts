import type { ColumnId } from "../../core/lists/tables";
import { named, tagsOf } from "./condition";
import { key, sqlList } from "./sql-list";

type Join = "b" | "t" | "d" | "made" | "evals";

export const modelsSql = sqlList<ColumnId<"models">, Join>({
  from: "model m",
  alias: "m",
  joins: {
    b: "LEFT JOIN model b ON b.id = m.parent_id",
    t: "LEFT JOIN training t ON t.model_id = m.id",
    d: "LEFT JOIN dataset d ON d.id = t.dataset_id",
    made: `LEFT JOIN LATERAL (SELECT coalesce(sum(r.done), 0)::int AS n FROM run r WHERE r.study_id = m.study_id AND r.model_id = m.id
             AND (r.stage = 'rollout' OR r.stage = 'import' AND r.pipeline_id IS NULL)) made ON true`,
    evals: `LEFT JOIN LATERAL (SELECT count(*)::int AS n FROM run r WHERE r.study_id = m.study_id AND r.model_id = m.id
             AND r.stage = 'rollout' AND r.waits) evals ON true`,
  },
  base: (_, { study }) => `m.study_id = ${study}`,
  runs: null,
  runColumn: "m.id",
  attempt: null,
  ref: "json_build_object('name', m.name)",
  refNeeds: [],
  columns: {
    name: { keys: [key("m.name", "text")], cell: "json_build_object('id', m.id, 'label', m.name)" },
    served: { keys: [key("(m.served_name <> '')", "bool")], cell: "m.served_name <> ''" },
    servedName: { keys: [key("nullif(m.served_name, '')", "text", true)], cell: "nullif(m.served_name, '')" },
    parent: {
      keys: [key("b.name", "text", true)],
      needs: ["b"],
      filter: (f, c) => named("m.parent_id", "model", f, c),
      cell: "CASE WHEN b.id IS NOT NULL THEN json_build_object('id', b.id, 'label', b.name) END",
      cellNeeds: ["b"],
    },
    training: {
      keys: [key("t.kind", "text", true)],
      needs: ["t"],
      cell: "CASE WHEN t.id IS NOT NULL THEN json_build_object('id', t.id, 'label', CASE t.kind WHEN 'sft' THEN 'SFT' WHEN 'grpo' THEN 'GRPO' ELSE t.kind END) END",
      cellNeeds: ["t"],
    },
    dataset: {
      keys: [key("d.name", "text", true)],
      needs: ["t", "d"],
      cell: "CASE WHEN d.id IS NOT NULL THEN json_build_object('id', d.id, 'label', d.name) END",
      cellNeeds: ["t", "d"],
    },
    attempts: { keys: [key("made.n", "int4")], needs: ["made"], cell: "made.n", cellNeeds: ["made"] },
    evaluations: { keys: [key("evals.n", "int4")], needs: ["evals"], cell: "json_build_object('id', NULL, 'label', evals.n::text)", cellNeeds: ["evals"] },
    added: { keys: [key("m.created_at", "timestamptz")], cell: "m.created_at" },
    tag: tagsOf("model", "m.id"),
  },
});
