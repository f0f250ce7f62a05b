/**
 * Math-Shepherd (peiyi9979/Math-Shepherd): `input` is problem and solution with the tag "ки" at the end of every step,
 * `label` the same with "+" or "-" in its place, estimated from completions (not by people). The last step's tag says whether
 * the final answer is right; the set has no reference answers. Source: the dataset's card.
 */
import { joinSteps } from "../steps";
import { requireText } from "./fields";
import { type ImportFormat, plainAttempt, RowError } from "./record";
import { oneStep } from "./step-list";

export const SHEPHERD_LABEL = "Monte Carlo estimate (Math-Shepherd)";
const MODEL = "generator of Math-Shepherd";
const TAG = "ки";

/** Problem, and the solution's steps with what stands at their end. */
function parts(text: string, field: string): { problem: string; steps: string[] } {
  const at = text.search(/(^|\s)Step 1\s*:/);
  if (at < 0) throw new RowError(field, 'has no "Step 1:"');
  const steps = text
    .slice(at)
    .trim()
    .split(/\n(?=[ \t]*Step \d+[ \t]*:)/);
  return { problem: text.slice(0, at).trim(), steps: steps.map((s) => s.trim()) };
}

/** A step without the tag at its end (the card shows it with a question mark). */
function withoutTag(step: string): string {
  const text = step.trimEnd();
  const bare = text.endsWith("?") ? text.slice(0, -1).trimEnd() : text;
  return bare.endsWith(TAG) ? bare.slice(0, -TAG.length) : text;
}

export const mathShepherd: ImportFormat = {
  id: "math-shepherd",
  title: "Math-Shepherd traces",
  holds: "traces",
  answerRule: 'after "The answer is:"',
  reads: ["input", "label"],
  takes: () => ({ problem: "input", attempt: "input", mistake_index: "label" }),
  matches: (row) => typeof row.input === "string" && typeof row.label === "string" && row.input.includes(TAG),
  map(row) {
    const { problem, steps } = parts(requireText(row, ["input"]), "input");
    const labelled = parts(requireText(row, ["label"]), "label").steps;
    if (problem === "") throw new RowError("input", "has no problem before its first step");
    if (labelled.length !== steps.length) {
      throw new RowError("label", `has ${labelled.length} steps where the input has ${steps.length}`);
    }
    const tags = labelled.map((step, i) => {
      const tag = step.at(-1);
      if (tag !== "+" && tag !== "-") throw new RowError("label", `step ${i + 1} ends with neither + nor -`);
      return tag;
    });
    const texts = steps.map((step, i) => oneStep(withoutTag(step), `input, step ${i + 1}`));
    const first = tags.indexOf("-");
    return {
      problem: { key: null, statement: problem, answer: null, reference: "", referenceSource: "", difficulty: "" },
      attempts: [
        {
          ...plainAttempt(MODEL, joinSteps(texts)),
          finalAnswer: /The answer is:?\s*(.+)$/.exec(texts.at(-1) ?? "")?.[1]?.trim() ?? null,
          verdict: tags.at(-1) === "+",
          label: { source: SHEPHERD_LABEL, firstError: first < 0 ? null : first + 1 },
        },
      ],
    };
  },
};
