/** Omni-MATH (KbsdJames/Omni-MATH): domain[], difficulty (1 to 10), problem, solution, answer, source. Source: the dataset's card. */
import { has } from "./fields";
import { genericProblem, problemFormat } from "./problems";

export const omniMath = problemFormat({
  id: "omni-math",
  title: "Omni-MATH problems",
  reads: ["difficulty", "problem", "solution", "answer"],
  matches: (row) => Array.isArray(row.domain) && has(row, "difficulty") && has(row, "problem") && has(row, "solution") && has(row, "answer"),
  map(row) {
    const problem = genericProblem(row);
    return { ...problem, referenceSource: problem.reference === "" ? "" : "human" };
  },
});
