/**
 * PRM800K (openai/prm800k): people's ratings (-1, 0, 1) of the steps of a fine-tuned GPT-4. In phase 2 the rated solution is
 * question.pre_generated_steps; in phase 1 it is what the labelers chose, step by step. The first error is the first step
 * rated -1; there is none when the labeling ended with finish_reason "solution". When it ended in "give_up" or
 * "bad_problem" without a step rated -1, nothing is known, and the attempt has no label.
 * Source: the repository's README ("Labeling data format").
 */
import { joinSteps } from "../steps";
import { asFields, asText, describe, optionalText, requireText } from "./fields";
import { type Fields, type ImportFormat, plainAttempt, RowError } from "./record";
import { oneStep } from "./step-list";

export const PRM800K_LABEL = "people (PRM800K)";
const MODEL = "GPT-4, fine-tuned (PRM800K)";

interface Rated {
  text: string;
  rating: number | null;
}

function completion(value: unknown, field: string): Rated {
  const fields = asFields(value);
  if (!fields) throw new RowError(field, `must be {text, rating}, but is ${describe(value)}`);
  const { rating } = fields;
  if (rating !== null && rating !== undefined && rating !== -1 && rating !== 0 && rating !== 1) {
    throw new RowError(`${field}.rating`, "must be -1, 0, 1 or null");
  }
  return { text: asText(fields.text, `${field}.text`), rating: typeof rating === "number" ? rating : null };
}

function completionsOf(step: Fields, field: string): Rated[] {
  const { completions } = step;
  if (completions === null || completions === undefined) return [];
  if (!Array.isArray(completions)) throw new RowError(`${field}.completions`, `must be a list, but is ${describe(completions)}`);
  return completions.map((c: unknown, i) => completion(c, `${field}.completions[${i}]`));
}

/** The step that people went on from: the chosen one, their own, or the one at which they stopped. */
function chosen(step: Fields, field: string): Rated | null {
  const all = completionsOf(step, field);
  const { chosen_completion: index } = step;
  if (typeof index === "number") {
    const found = all[index];
    if (!found) throw new RowError(`${field}.chosen_completion`, `${index} is outside of the ${all.length} completions`);
    return found;
  }
  const own = asFields(step.human_completion);
  if (own) return { text: asText(own.text, `${field}.human_completion.text`), rating: 1 };
  return all.find((c) => c.rating === -1) ?? all[0] ?? null;
}

function ratedSteps(question: Fields, steps: Fields[]): Rated[] {
  const written = question.pre_generated_steps;
  if (!Array.isArray(written) || written.length === 0) {
    const path = steps.map((s, i) => chosen(s, `label.steps[${i}]`));
    return path.filter((s) => s !== null);
  }
  return written.map((value: unknown, i) => {
    const text = asText(value, `question.pre_generated_steps[${i}]`);
    const all = steps[i] ? completionsOf(steps[i], `label.steps[${i}]`) : [];
    const same = all.find((c) => c.text.trim() === text.trim()) ?? all[0];
    return { text, rating: same?.rating ?? null };
  });
}

export const prm800k: ImportFormat = {
  id: "prm800k",
  title: "PRM800K traces",
  holds: "traces",
  answerRule: 'after "# Answer"',
  reads: ["question", "label"],
  takes: () => ({
    problem: "question.problem",
    answer: "question.ground_truth_answer",
    solution: "question.ground_truth_solution",
    attempt: "question.pre_generated_steps",
    first_error: "label.steps",
  }),
  matches: (row) => asFields(row.question)?.problem !== undefined && Array.isArray(asFields(row.label)?.steps),
  map(row) {
    const [question, label] = [asFields(row.question), asFields(row.label)];
    if (!question) throw new RowError("question", `must be an object, but is ${describe(row.question)}`);
    if (!label || !Array.isArray(label.steps)) throw new RowError("label.steps", "must be a list of steps");
    const rated = ratedSteps(question, label.steps.map((s: unknown) => asFields(s) ?? {}));
    if (rated.length === 0) throw new RowError("label.steps", "holds no step");
    const texts = rated.map((s, i) => oneStep(s.text, `step ${i + 1}`));
    const first = rated.findIndex((s) => s.rating === -1);
    const known = first >= 0 || label.finish_reason === "solution";
    const reference = optionalText(question, ["ground_truth_solution"]).trim();
    const written = /# Answer\s+([\s\S]+)$/.exec(texts.at(-1) ?? "")?.[1]?.trim();
    const given = optionalText(question, ["pre_generated_answer"]).trim();
    return {
      problem: {
        key: null,
        statement: requireText(question, ["problem"]).trim(),
        answer: requireText(question, ["ground_truth_answer"]).trim(),
        reference,
        referenceSource: reference === "" ? "" : "human",
        difficulty: "",
      },
      attempts: [
        {
          ...plainAttempt(MODEL, joinSteps(texts)),
          finalAnswer: written || given || null,
          label: known ? { source: PRM800K_LABEL, firstError: first < 0 ? null : first + 1 } : null,
        },
      ],
    };
  },
};
