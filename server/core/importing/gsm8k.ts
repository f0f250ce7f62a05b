/**
 * GSM8K (openai/grade-school-math): problems with reference solutions, and the file of four models' solutions.
 *
 * Its solutions are one step per line, without blank lines. A step in this project is a piece between blank lines, so
 * lines are joined by blank lines. Attempts keep the models' calculator marks <<16-3=13>>: they are what was written;
 * references lose them, as they are not part of a human's solution.
 */
import { asText, describe, requireText } from "./fields";
import { type Fields, type ImportedAttempt, type ImportedProblem, type ImportFormat, plainAttempt, RowError } from "./record";

/** One step per non-empty line. */
export function linesToSteps(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map((s) => s.trim())
    .filter((s) => s !== "")
    .join("\n\n");
}

const withoutMarks = (text: string) => text.replace(/<<[^<>\n]*>>/g, "");

/** Body and final answer around the last line that begins with `mark`; answer null when there is no such line. */
function splitAnswer(text: string, mark: string): { body: string; answer: string | null } {
  const at = text.startsWith(mark) ? 0 : text.lastIndexOf(`\n${mark}`) + 1;
  if (at === 0 && !text.startsWith(mark)) return { body: text, answer: null };
  const answer = (text.slice(at + mark.length).split("\n")[0] ?? "").trim();
  return { body: text.slice(0, at), answer: answer === "" ? null : answer };
}

function problemOf(question: string, solution: string, mark: string, field: string): ImportedProblem {
  const { body, answer } = splitAnswer(solution, mark);
  if (answer === null) throw new RowError(field, `has no final answer after "${mark}"`);
  return {
    key: null,
    statement: question.trim(),
    answer,
    reference: linesToSteps(withoutMarks(body)),
    referenceSource: "human",
    difficulty: "",
  };
}

export const gsm8kProblems: ImportFormat = {
  id: "gsm8k",
  title: "GSM8K problems",
  holds: "problems",
  reads: ["question", "answer"],
  takes: () => ({ problem: "question", answer: "answer", solution: "answer" }),
  matches: (row) => typeof row.question === "string" && typeof row.answer === "string" && /^####/m.test(row.answer),
  map: (row) => ({
    problem: problemOf(requireText(row, ["question"]), requireText(row, ["answer"]), "####", "answer"),
    attempts: [],
  }),
};

interface Solution {
  solution: unknown;
  is_correct: unknown;
}

function isSolution(value: unknown): value is Solution {
  return typeof value === "object" && value !== null && "solution" in value && "is_correct" in value;
}

/** Every field of a row that holds {solution, is_correct} is a model's attempt, under the model's name. */
export const gsm8kSolutions: ImportFormat = {
  id: "gsm8k-solutions",
  title: "GSM8K model solutions",
  holds: "attempts",
  reads: ["*"],
  ownSpelling: true,
  takes: () => ({ problem: "question", answer: "ground_truth", solution: "ground_truth", attempt: "solution", model: "the field's name", verdict: "is_correct" }),
  answerRule: 'after "A:"',
  // Both files hold the same problems: gsm8k_test.jsonl and gsm8k_test_model_solutions.jsonl fill one set.
  problemSet: (stem) => stem.replace(/_model_solutions$/, "") || stem,
  matches: (row) =>
    typeof row.question === "string" && typeof row.ground_truth === "string" && Object.values(row).some(isSolution),
  map(row: Fields) {
    const problem = problemOf(requireText(row, ["question"]), requireText(row, ["ground_truth"]), "A:", "ground_truth");
    const attempts: ImportedAttempt[] = [];
    for (const [model, value] of Object.entries(row)) {
      if (!isSolution(value)) continue;
      if (typeof value.is_correct !== "boolean") {
        throw new RowError(`${model}.is_correct`, `must be true or false, but is ${describe(value.is_correct)}`);
      }
      const text = linesToSteps(asText(value.solution, `${model}.solution`));
      if (text === "") throw new RowError(`${model}.solution`, "is empty");
      attempts.push({ ...plainAttempt(model, text), finalAnswer: splitAnswer(text, "A:").answer, verdict: value.is_correct });
    }
    if (attempts.length === 0) throw new RowError("solution", "no field of this row holds {solution, is_correct}");
    return { problem, attempts };
  },
};
