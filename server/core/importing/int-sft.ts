/**
 * Rows of intervention training's own released shape (method.md, "Data shapes": InT-SFT): a problem, a wrong attempt, the
 * model's verification as it wrote it, and the intervention taken from it. Attempts there have blank lines between
 * steps already, and are kept as they are.
 */
import { splitSteps } from "../steps";
import { has, optionalText, pick, requireText } from "./fields";
import { genericProblem, PROBLEM_FIELDS } from "./problems";
import { type Fields, type ImportFormat, RowError } from "./record";

const ATTEMPT = ["incorrect_attempt"];
const PROPOSAL = ["self_proposed_intervention", "intervention"];
const VERIFICATION = ["self_verify_output"];
const MODEL = ["model", "generator"];
/** Name of the model where the file does not say. */
const UNNAMED = "InT-SFT (model not named)";

/** {content, location}, as an object or as the JSON text of one (CSV, and some exports). */
function proposalOf(row: Fields): { content: string; location: number } | null {
  const found = pick(row, PROPOSAL);
  if (!found) return null;
  let value = found.value;
  if (typeof value === "string") {
    try {
      value = JSON.parse(value);
    } catch {
      throw new RowError(found.name, "is not the JSON of {content, location}");
    }
  }
  if (typeof value !== "object" || value === null) throw new RowError(found.name, "must be {content, location}");
  const fields = value as Fields;
  const content = requireText(fields, ["content"]).trim();
  const location = Number(fields.location);
  if (!Number.isInteger(location) || location < 1) {
    throw new RowError(`${found.name}.location`, "must be the number of a step, from 1");
  }
  return { content, location };
}

export const intSft: ImportFormat = {
  id: "int-sft",
  title: "InT-SFT rows",
  holds: "traces",
  reads: [...PROBLEM_FIELDS, ...ATTEMPT, ...PROPOSAL, ...VERIFICATION, ...MODEL],
  matches: (row) => has(row, ...ATTEMPT) && has(row, "problem", "question"),
  map(row) {
    const problem = genericProblem(row);
    const text = requireText(row, ATTEMPT).trim();
    const proposal = proposalOf(row);
    const steps = splitSteps(text).length;
    if (proposal && proposal.location > steps) {
      throw new RowError("location", `${proposal.location} is beyond the ${steps} steps of the attempt`);
    }
    const written = optionalText(row, VERIFICATION);
    return {
      problem,
      attempts: [
        {
          model: optionalText(row, MODEL).trim() || UNNAMED,
          text,
          finalAnswer: undefined,
          verdict: false,
          label: null,
          verification: written.trim() === "" ? null : written,
          proposal,
        },
      ],
    };
  },
};
