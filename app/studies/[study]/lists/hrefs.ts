import { type Cell, cellAs, type ListRow } from "@/server/core/lists/cells";
import type { ListName } from "@/server/core/lists/tables";
import { STUDY_RECIPES } from "@/server/core/arms";

type HrefOf = (o: { base: string; column: string; row: ListRow; search: string }) => string | null;

const label = (cell: Cell | undefined) => encodeURIComponent(cellAs("link", cell ?? null)?.label ?? "");
const name = (row: ListRow) => encodeURIComponent(row.ref.name ?? "");

/** Where cells lead, by list. `base`: of the study; `search`: the list's question, so that an attempt knows its neighbours. */
const HREFS: Record<ListName, HrefOf> = {
  problems: ({ base, column, row }) => {
    if (column === "problem" || column === "attempts") return `${base}/attempts?problem=${row.id}`;
    return column === "right" ? `${base}/attempts?problem=${row.id}&reward=right` : null;
  },
  attempts: ({ base, column, row, search }) => {
    if (column === "problem") return `${base}/attempts/${row.id}${search === "" ? "" : `?list=${encodeURIComponent(search)}`}`;
    if (column === "run") return `${base}/runs?run=${row.ref.run}`;
    return column === "proposal" ? `${base}/proposals?attempt=${row.id}` : null;
  },
  proposals: ({ base, column, row }) => {
    const step = row.ref.step == null ? "" : `?step=${row.ref.step}`;
    if (["problem", "attempt", "content", "step"].includes(column)) return `${base}/attempts/${row.ref.attempt}${step}`;
    return column === "run" ? `${base}/runs?run=${row.ref.run}` : null;
  },
  runs: ({ base, column, row }) => {
    const { stage, recipe, pipeline, waits } = row.ref;
    if (column === "done") {
      if (stage === "rollout" || stage === "import") return `${base}/attempts?run=${row.id}`;
      return stage === "verify" ? `${base}/proposals?run=${row.id}` : null;
    }
    if (column !== "run") return null;
    if (waits === true || stage === "sft" || stage === "rl") return `${base}/training`;
    if (stage === "dataset") return `${base}/datasets`;
    if (stage === "export") return `${base}/export`;
    if (stage === "import") return pipeline == null ? `${base}/attempts?run=${row.id}` : "/import";
    return pipeline != null && recipe != null && STUDY_RECIPES.includes(recipe) ? `${base}?pipeline=${pipeline}` : base;
  },
  models: ({ base, column, row }) => {
    if (column === "name" || column === "attempts") return `${base}/attempts?model=${name(row)}`;
    if (column === "parent") return `${base}/models?name=%3D${label(row.cells.parent)}`;
    if (column === "training") return `${base}/training`;
    if (column === "dataset") return `${base}/datasets/${label(row.cells.dataset)}`;
    return column === "evaluations" ? `${base}/runs?model=${name(row)}&evaluation=yes` : null;
  },
  datasets: ({ base, column, row }) => {
    if (column === "name") return `${base}/datasets/${name(row)}`;
    return column === "trained" ? `${base}/training` : null;
  },
};

export function hrefIn(list: ListName, o: Parameters<HrefOf>[0]): string | null {
  return (o.row.cells[o.column] ?? null) === null && o.column !== "done" ? null : HREFS[list](o);
}
