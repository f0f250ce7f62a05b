/** DeepScaleR (agentica-org/DeepScaleR-Preview-Dataset): problem, answer, solution; the solution is empty where none is known. */
import { has } from "./fields";
import { genericProblem, problemFormat } from "./problems";

export const deepScaleR = problemFormat({
  id: "deepscaler",
  title: "DeepScaleR problems",
  reads: ["problem", "answer", "solution"],
  matches: (row) => has(row, "problem") && has(row, "answer") && has(row, "solution") && Object.keys(row).length === 3,
  map(row) {
    const problem = genericProblem(row);
    return { ...problem, referenceSource: problem.reference === "" ? "" : "human" };
  },
});
