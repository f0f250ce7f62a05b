/**
 * Polaris (POLARIS-Project/Polaris-Dataset-53K): problem, answer, difficulty as a pass rate "3/8" of DeepSeek-R1-Distill-Qwen-7B.
 * Source: the dataset's card.
 */
import { has } from "./fields";
import { problemFormat } from "./problems";

export const polaris = problemFormat({
  id: "polaris",
  title: "Polaris problems",
  reads: ["problem", "answer", "difficulty"],
  matches: (row) => has(row, "problem") && has(row, "answer") && typeof row.difficulty === "string" && /^\d+\/\d+$/.test(row.difficulty),
});
