/**
 * Completions that TRL's GRPO trainer logs as parquet (log_completions): step, prompt, completion, one column per
 * reward function, advantage. The reference answer is not among them: it is taken from the problem of the set that has this
 * very text, where there is one; else a reward named after accuracy or correctness is the verdict.
 * Source: TRL, GRPOTrainer, and the card it writes to the hub ("TRL Completion logs").
 */
import { asText, has, isAbsent, optionalText, yesOrNo } from "./fields";
import { isMessages, lastAssistant, promptProblem } from "./prompts";
import { type Fields, type ImportFormat, plainAttempt, RowError } from "./record";

const MODEL = ["model", "model_name"];
const ANSWER = ["answer", "solution", "ground_truth"];

function textOf(row: Fields): string {
  const { completion } = row;
  const text = isMessages(completion) ? lastAssistant(completion, "completion") : asText(completion, "completion").trim();
  if (!text) throw new RowError("completion", "is empty");
  return text;
}

const accuracyOf = (row: Fields) => Object.keys(row).find((n) => /accura|correct/.test(n));

function verdictOf(row: Fields): boolean | null {
  const name = accuracyOf(row);
  return name === undefined ? null : yesOrNo(row[name]);
}

export const trlCompletions: ImportFormat = {
  id: "trl-completions",
  title: "TRL completions",
  holds: "attempts",
  bareAnswers: true,
  reads: ["step", "prompt", "completion", ...ANSWER, ...MODEL],
  takes: (row) => ({
    problem: "prompt",
    attempt: "completion",
    model: "step",
    ...(accuracyOf(row) ? { verdict: accuracyOf(row) } : {}),
    ...(has(row, ...ANSWER) ? { answer: ANSWER.find((n) => n in row) ?? "" } : {}),
  }),
  matches: (row) => has(row, "prompt") && has(row, "completion") && has(row, "step") && (has(row, "advantage") || Object.keys(row).some((n) => /reward/.test(n))),
  map(row) {
    const step = isAbsent(row.step) ? "" : ` at step ${asText(row.step, "step")}`;
    return {
      problem: {
        key: null,
        statement: promptProblem(row.prompt, "prompt"),
        answer: optionalText(row, ANSWER).trim() || null,
        reference: "",
        referenceSource: "",
        difficulty: "",
      },
      attempts: [{ ...plainAttempt(optionalText(row, MODEL).trim() || `TRL policy${step}`, textOf(row)), verdict: verdictOf(row) }],
    };
  },
};
