/**
 * MathArena's sets (MathArena/aime_2025, hmmt_nov_2025, apex-shortlist, …): problem_idx, problem, answer, problem_type[]; and
 * the answers of models to them (MathArena/…_outputs), where `answer` is what the model wrote and `gold_answer` the problem's.
 * Sets of several competitions name them in `competition`. Source: the datasets' cards.
 */
import { unboxed } from "./answers";
import { asText, has, optionalText, requireText, yesOrNo } from "./fields";
import { problemFormat } from "./problems";
import { type Fields, type ImportedProblem, type ImportFormat, plainAttempt } from "./record";

function problemOf(row: Fields, answer: string): ImportedProblem {
  const competition = optionalText(row, ["competition"]).trim();
  const index = asText(row.problem_idx, "problem_idx").trim();
  return {
    key: competition === "" ? index : `${competition}/${index}`,
    statement: requireText(row, ["problem"]).trim(),
    answer: unboxed(requireText(row, [answer])),
    reference: "",
    referenceSource: "",
    difficulty: "",
  };
}

export const mathArena = problemFormat({
  id: "matharena",
  title: "MathArena problems",
  reads: ["problem_idx", "problem", "answer", "competition"],
  takes: { id: "problem_idx", problem: "problem", answer: "answer" },
  matches: (row) => has(row, "problem_idx") && has(row, "problem") && has(row, "answer") && !has(row, "gold_answer"),
  map: (row) => problemOf(row, "answer"),
});

export const mathArenaOutputs: ImportFormat = {
  id: "matharena-outputs",
  title: "MathArena model outputs",
  holds: "attempts",
  reads: ["problem_idx", "problem", "gold_answer", "answer", "model_name", "correct", "output_tokens", "competition"],
  takes: () => ({ id: "problem_idx", problem: "problem", answer: "gold_answer", attempt: "answer", model: "model_name", verdict: "correct", tokens: "output_tokens" }),
  problemSet: (stem) => stem.replace(/_outputs$/, "") || stem,
  matches: (row) => has(row, "problem_idx") && has(row, "gold_answer") && has(row, "model_name"),
  map(row) {
    const { output_tokens: tokens } = row;
    return {
      problem: problemOf(row, "gold_answer"),
      attempts: [
        {
          ...plainAttempt(requireText(row, ["model_name"]).trim(), requireText(row, ["answer"]).trim()),
          verdict: yesOrNo(row.correct),
          ...(typeof tokens === "number" && Number.isInteger(tokens) ? { tokens } : {}),
        },
      ],
    };
  },
};
