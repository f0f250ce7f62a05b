import type { Source } from "../datasets/sources";

/** One row of the paper's final table: what is done to the base model before it is evaluated (method.md, "What users compare"). */
export interface TableRow {
  /** In the names of its models. */
  label: string;
  /** The chain's recipe. */
  recipe: "evaluate" | "rl" | "hint-rl" | "sft-rl";
  /** Fine-tuned on a data set of this source first; null: not fine-tuned. */
  source: Extract<Source, "reference" | "self_reflection" | "int"> | null;
}

/** The six rows, in the paper's order. */
export const TABLE_ROWS: readonly TableRow[] = [
  { label: "base", recipe: "evaluate", source: null },
  { label: "RL", recipe: "rl", source: null },
  { label: "hint-guided RL", recipe: "hint-rl", source: null },
  { label: "SFT on reference + RL", recipe: "sft-rl", source: "reference" },
  { label: "SFT on self-reflection + RL", recipe: "sft-rl", source: "self_reflection" },
  { label: "InT + RL", recipe: "sft-rl", source: "int" },
];

/** Data sets that some row is fine-tuned on. */
export const TABLE_SOURCES = ["reference", "self_reflection", "int"] as const satisfies readonly NonNullable<TableRow["source"]>[];
