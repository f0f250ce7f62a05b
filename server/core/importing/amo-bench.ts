/**
 * AMO-Bench (meituan-longcat/AMO-Bench): question_id, prompt, solution (by people), answer (in \boxed{}), answer_type.
 * Source: the dataset's card.
 */
import { unboxed } from "./answers";
import { asText, has, optionalText, requireText } from "./fields";
import { problemFormat } from "./problems";

export const amoBench = problemFormat({
  id: "amo-bench",
  title: "AMO-Bench problems",
  reads: ["question_id", "prompt", "solution", "answer"],
  takes: { id: "question_id", problem: "prompt", answer: "answer", solution: "solution" },
  matches: (row) => has(row, "question_id") && has(row, "prompt") && has(row, "answer") && has(row, "answer_type"),
  map(row) {
    const reference = optionalText(row, ["solution"]).trim();
    return {
      key: `amo-bench-${asText(row.question_id, "question_id")}`,
      statement: requireText(row, ["prompt"]).trim(),
      answer: unboxed(requireText(row, ["answer"])),
      reference,
      referenceSource: reference === "" ? "" : "human",
      difficulty: "",
    };
  },
});
