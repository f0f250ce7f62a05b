/**
 * Samples of Inspect AI's logs, out of an .eval archive or a .json log: input, target, output, scores of one epoch; the
 * evaluation's model and task come with every sample (`eval`). Source: inspect_ai, EvalSample and EvalSpec in log/_log.py.
 */
import { finishOf } from "./attempts";
import { unboxed } from "./answers";
import { asFields, asText, describe, yesOrNo } from "./fields";
import { contentText, isMessages, lastAssistant, lastUser } from "./prompts";
import { type Fields, type ImportedAttempt, type ImportFormat, plainAttempt, RowError } from "./record";

/** The dataset's input (not what a solver's template made of it), with the choices of a multiple-choice question. */
function statement(row: Fields): string {
  const input = isMessages(row.input) ? lastUser(row.input, "input") : asText(row.input, "input").trim();
  if (input === "") throw new RowError("input", "is empty");
  if (!Array.isArray(row.choices) || row.choices.length === 0) return input;
  const choices = row.choices.map((c: unknown, i) => `(${String.fromCharCode(65 + i)}) ${asText(c, `choices[${i}]`)}`);
  return `${input}\n${choices.join("\n")}`;
}

/** Of several accepted targets, the first. */
function target(row: Fields): string | null {
  const value = Array.isArray(row.target) ? row.target[0] : row.target;
  const text = value === undefined || value === null ? "" : unboxed(asText(value, "target"));
  return text === "" ? null : text;
}

/** Long texts stand beside the messages in some versions. */
function attached(row: Fields, text: string): string {
  const key = /^attachment:\/\/(\w+)$/.exec(text.trim())?.[1];
  const found = key === undefined ? undefined : asFields(row.attachments)?.[key];
  return typeof found === "string" ? found : text;
}

function score(row: Fields): { verdict: boolean | null; answer: string | undefined } {
  const scores = Object.values(asFields(row.scores) ?? {}).map(asFields);
  const first = scores[0] ?? asFields(row.score);
  if (!first) return { verdict: null, answer: undefined };
  const answer = typeof first.answer === "string" && first.answer.trim() !== "" ? first.answer.trim() : undefined;
  return { verdict: yesOrNo(first.value), answer };
}

function answer(row: Fields): { text: string; finish: unknown } {
  const output = asFields(row.output);
  const choice = Array.isArray(output?.choices) ? asFields(output.choices[0]) : null;
  const message = asFields(choice?.message);
  const text = message
    ? contentText(message.content, "output.choices[0].message.content")
    : typeof output?.completion === "string"
      ? output.completion
      : isMessages(row.messages)
        ? (lastAssistant(row.messages, "messages") ?? "")
        : "";
  const whole = attached(row, text).trim();
  if (whole !== "") return { text: whole, finish: choice?.stop_reason };
  const error = asFields(row.error)?.message;
  throw new RowError("output", typeof error === "string" ? `is empty; the sample failed: ${error.slice(0, 200)}` : "is empty");
}

export const inspectLog: ImportFormat = {
  id: "inspect",
  title: "Inspect AI samples",
  holds: "attempts",
  answerRule: "the scorer's answer",
  bareAnswers: true,
  reads: ["id", "epoch", "input", "choices", "target", "messages", "output", "scores", "score", "eval", "attachments", "error"],
  takes: () => ({ problem: "input", answer: "target", attempt: "output.choices", model: "eval.model", verdict: "scores", final_answer: "scores" }),
  problemSet(stem, first) {
    const task = asFields(first.eval)?.task;
    return typeof task === "string" && task !== "" ? task : stem;
  },
  matches: (row) => "input" in row && "target" in row && "output" in row && ("epoch" in row || "scores" in row),
  map(row) {
    const { text, finish } = answer(row);
    const spec = asFields(row.eval);
    const named = spec?.model ?? asFields(row.output)?.model;
    if (typeof named !== "string" || named === "") throw new RowError("eval.model", `must be a model's name, but is ${describe(named)}`);
    const { verdict, answer: found } = score(row);
    const attempt: ImportedAttempt = { ...plainAttempt(named, text), verdict, ...finishOf(finish) };
    return {
      problem: { key: null, statement: statement(row), answer: target(row), reference: "", referenceSource: "", difficulty: "" },
      // What the scorer read is compared where the text has no box of its own.
      attempts: [text.includes("\\boxed") || found === undefined ? attempt : { ...attempt, finalAnswer: found }],
    };
  },
};
