/**
 * Rows of intervention training's own released shape (method.md, "Data shapes": InT-SFT): a problem, a wrong attempt, the
 * model's verification as it wrote it, and the intervention taken from it. Attempts there have blank lines between
 * steps already, and are kept as they are.
 */
import { splitSteps } from "../steps";
import { has, optionalText, pick, requireText } from "./fields";
import { genericProblem, PROBLEM_FIELDS, problemTakes, takenBy } from "./problems";
import { type Fields, type ImportFormat, plainAttempt, RowError } from "./record";

const ATTEMPT = ["incorrect_attempt"];
const PROPOSAL = ["self_proposed_intervention", "intervention"];
const VERIFICATION = ["self_verify_output"];
const MODEL = ["model", "generator"];
/** Name of the model where the file does not say. */
const UNNAMED = "InT-SFT (model not named)";

/**
 * {content, location}, as an object or as the JSON text of one (CSV, and some exports).
 * @throws RowError when it is neither, or its location is beyond the attempt's steps.
 */
export function proposalFrom(given: unknown, field: string, steps: number): { content: string; location: number } {
  let value = given;
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      throw new RowError(field, "is not the JSON of {content, location}");
    }
  }
  if (typeof value !== "object" || value === null) throw new RowError(field, "must be {content, location}");
  const fields = value as Fields;
  const content = requireText(fields, ["content"]).trim();
  const location = Number(fields.location);
  if (!Number.isInteger(location) || location < 1) {
    throw new RowError(`${field}.location`, "must be the number of a step, from 1");
  }
  if (location > steps) throw new RowError("location", `${location} is beyond the ${steps} steps of the attempt`);
  return { content, location };
}

export const intSft: ImportFormat = {
  id: "int-sft",
  title: "InT-SFT rows",
  holds: "traces",
  reads: [...PROBLEM_FIELDS, ...ATTEMPT, ...PROPOSAL, ...VERIFICATION, ...MODEL],
  takes: (row) => ({ ...problemTakes(row), ...takenBy({ attempt: ATTEMPT, intervention: PROPOSAL, verification: VERIFICATION, model: MODEL }, row) }),
  matches: (row) => has(row, ...ATTEMPT) && has(row, "problem", "question"),
  map(row) {
    const problem = genericProblem(row);
    const text = requireText(row, ATTEMPT).trim();
    const found = pick(row, PROPOSAL);
    const written = optionalText(row, VERIFICATION);
    return {
      problem,
      attempts: [
        {
          ...plainAttempt(optionalText(row, MODEL).trim() || UNNAMED, text),
          verdict: false,
          verification: written.trim() === "" ? null : written,
          proposal: found ? proposalFrom(found.value, found.name, splitSteps(text).length) : null,
        },
      ],
    };
  },
};
