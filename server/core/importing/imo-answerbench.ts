/** IMO-AnswerBench (CSV: Problem ID, Problem, Short Answer, Category, Subcategory, Source). */
import { has } from "./fields";
import { problemFormat } from "./problems";

export const imoAnswerBench = problemFormat({
  id: "imo-answerbench",
  title: "IMO-AnswerBench problems",
  reads: ["problem_id", "problem", "short_answer"],
  matches: (row) => has(row, "problem_id") && has(row, "problem") && has(row, "short_answer"),
});
