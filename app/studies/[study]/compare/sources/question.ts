import type { SearchParams } from "@/app/search-params";
import { NLL_BINS } from "@/server/core/scoring/bins";
import { ROW_PARTS, type RowPart } from "@/server/core/scoring/row-parts";
import { type EvaluatedSet, type SourcesPage, STAGES_AFTER, type StageAfter } from "@/server/core/views/comparing-sources";

export type Weights = "token" | "trace";
export type BinsOf = "traces" | "tokens";

/** A bin of one part of one source. */
export interface BehindBin {
  dataset: string;
  part: RowPart;
  bin: number;
}

/**
 * What the page of sources is asked: `base`, `data` for each data set shown, `of` and `weights` of the NLL, `stage`, `set` and `k` of
 * the outcome, `behind=DATASET:PART:BIN` for the rows that are listed. What is left out is chosen.
 */
export interface Question {
  base: string | null;
  /** null: all. */
  data: string[] | null;
  of: BinsOf;
  weights: Weights;
  stage: StageAfter | null;
  set: string | null;
  k: number | null;
  behind: BehindBin | null;
}

/** The question in an address; what makes no sense is left out. */
export function questionOf(search: SearchParams | URLSearchParams): Question {
  const all = (name: string): string[] => {
    if (search instanceof URLSearchParams) return search.getAll(name);
    const value = search[name];
    return value === undefined ? [] : [value].flat();
  };
  const one = (name: string) => all(name)[0];
  const k = Number(one("k"));
  return {
    base: one("base") ?? null,
    data: all("data").length === 0 ? null : all("data").slice(0, 50),
    of: one("of") === "tokens" ? "tokens" : "traces",
    weights: one("weights") === "trace" ? "trace" : "token",
    stage: STAGES_AFTER.find((s) => s === one("stage")) ?? null,
    set: one("set") ?? null,
    k: Number.isInteger(k) && k >= 1 && k <= 100_000 ? k : null,
    behind: behindOf(one("behind")),
  };
}

function behindOf(text: string | undefined): BehindBin | null {
  const [, dataset, part, bin] = /^(.+):(\w+):(\d{1,3})$/s.exec(text ?? "") ?? [];
  const known = ROW_PARTS.find((p) => p === part);
  if (dataset === undefined || known === undefined || Number(bin) >= NLL_BINS) return null;
  return { dataset, part: known, bin: Number(bin) };
}

/** `behind=` of a bin. */
export const behindText = ({ dataset, part, bin }: BehindBin) => `${dataset}:${part}:${bin}`;

/** The question with everything chosen that it leaves open, as far as the study has something to choose from. */
export interface Chosen {
  stage: StageAfter;
  /** On which the outcome is read: a set that was not trained on where there is one. */
  set: EvaluatedSet | null;
  k: number;
}

export function chosenOf(page: SourcesPage, question: Question): Chosen {
  const stage = question.stage ?? (page.sets.some((s) => s.stages.includes("rl")) || !page.sets.some((s) => s.stages.includes("sft")) ? "rl" : "sft");
  const usable = page.sets.filter((s) => s.stages.includes(stage));
  const set = page.sets.find((s) => s.name === question.set) ?? usable.find((s) => !s.trained) ?? usable[0] ?? page.sets[0] ?? null;
  return { stage, set, k: question.k ?? 1 };
}

/** The questions as their procedures take them. */
export const inputOf = (study: string, q: Question) => ({ study, base: q.base ?? undefined });

export const curvesInput = (study: string, q: Question, set: string, stage: StageAfter) => ({
  ...inputOf(study, q),
  set,
  stage,
  datasets: q.data ?? undefined,
});

export const relationInput = (study: string, q: Question, { stage, k }: Chosen, set: string) => ({
  ...curvesInput(study, q, set, stage),
  k,
  weights: q.weights,
});
