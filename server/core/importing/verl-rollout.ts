/**
 * Rollouts that verl writes to trainer.rollout_data_dir (and validation_data_dir), one file per step: input (the decoded
 * prompt, with its chat template), output, gts (the reference answer), score, step, and what the reward function adds
 * (acc, pred). Every step of training is a model of its own. Source: verl, trainer/ppo/ray_trainer.py, _dump_generations.
 */
import { asText, isAbsent, optionalText, yesOrNo } from "./fields";
import { promptProblem } from "./prompts";
import { type Fields, type ImportFormat, plainAttempt, RowError } from "./record";

const MODEL = ["model", "model_name"];

function answerOf(row: Fields): string | null {
  const { gts } = row;
  if (isAbsent(gts)) return null;
  return asText(Array.isArray(gts) && gts.length === 1 ? gts[0] : gts, "gts").trim();
}

/** acc is 0 or 1; a score is one only when it is a plain 0, 1 or -1. */
function verdictOf(row: Fields): boolean | null {
  const acc = yesOrNo(row.acc);
  if (acc !== null) return acc;
  return row.score === -1 ? false : yesOrNo(row.score);
}

export const verlRollout: ImportFormat = {
  id: "verl-rollout",
  title: "verl rollouts",
  holds: "attempts",
  bareAnswers: true,
  reads: ["input", "output", "gts", "score", "acc", "step", ...MODEL],
  takes: () => ({ problem: "input", answer: "gts", attempt: "output", model: "step", verdict: "score" }),
  matches: (row) => "input" in row && "output" in row && "gts" in row && "score" in row,
  map(row) {
    const text = asText(row.output, "output").trim();
    if (text === "") throw new RowError("output", "is empty");
    const step = isAbsent(row.step) ? "" : ` at step ${asText(row.step, "step")}`;
    return {
      problem: { key: null, statement: promptProblem(row.input, "input"), answer: answerOf(row), reference: "", referenceSource: "", difficulty: "" },
      attempts: [{ ...plainAttempt(optionalText(row, MODEL).trim() || `verl policy${step}`, text), verdict: verdictOf(row) }],
    };
  },
};
