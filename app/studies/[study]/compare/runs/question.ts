import type { ComparedRuns } from "@/server/core/views/comparing-runs";

/** What the page of runs is asked: `runs` (ids of trainings), `ema` (0..0.99), `over=seeds` (a line for each lineage). */
export interface Question {
  /** null: those that the page chooses. */
  runs: string[] | null;
  ema: number;
  overSeeds: boolean;
}

/** Most curves that are read at once. */
export const MOST_RUNS = 100;
/** Drawn of each kind when the address names none. */
const USUAL = 24;

/** The question in an address; what makes no sense is left out. */
export function questionOf(search: URLSearchParams): Question {
  const runs = search.get("runs");
  const weight = Number(search.get("ema") ?? 0);
  return {
    runs: runs === null ? null : runs.split(",").filter((id) => /^[0-9a-f-]{36}$/i.test(id)).slice(0, MOST_RUNS),
    ema: weight >= 0 && weight <= 0.99 ? weight : 0,
    overSeeds: search.get("over") === "seeds",
  };
}

/** The trainings that are drawn: those that were asked for and have begun, else the first ones of each kind. */
export function chosenRuns(runs: ComparedRuns, asked: readonly string[] | null): string[] {
  const begun = (kind: "sft" | "grpo") => runs.lineages.filter((l) => l.kind === kind).flatMap((l) => l.trainings.filter((t) => t.step > 0).map((t) => t.id));
  const all = [...begun("grpo"), ...begun("sft")];
  return asked === null ? [...begun("grpo").slice(0, USUAL), ...begun("sft").slice(0, USUAL)] : all.filter((id) => asked.includes(id));
}
