import type { ParsedVerification } from "../verification";
import { readFirstError, readLog } from "./log";

/** Words and marks that stand around a number in a box, or say that there is none. */
const NONE = /^(?:-\s?1|0|none|no(?:\s+errors?)?|nothing|null|all correct|correct)$/i;

/**
 * Read an answer that names the earliest wrong paragraph in \boxed{} and −1 for none (prompts/critique.ts). Lenient: the
 * last box counts; "Paragraph 3", "\text{paragraph } 3" and "paragraph_3" are 3; "none", "no error" and 0 are −1. Without a box
 * the last sentence that names the first error counts, and the note says so. Never throws; linear in the text.
 *
 * @param o.steps Number of paragraphs. @param o.finishReason "length" means the token limit.
 */
export function parseCritique(text: string, o: { steps: number; finishReason: string }): ParsedVerification {
  const end = text.lastIndexOf("</think>");
  const said = end === -1 ? text : text.slice(end + "</think>".length);
  const verdicts = readLog(said.replace(/\bparagraph(?=[\s_#*]{0,3}\d)/gi, "Substep"), o.steps);
  const result = (outcome: ParsedVerification["outcome"], firstError: number | null, note = ""): ParsedVerification => ({
    verdicts,
    firstError,
    proposal: null,
    outcome,
    note,
  });
  const box = lastBox(said);
  const inner = box === null ? "" : plain(box);
  if (box !== null && NONE.test(inner)) return result("no_error", null);
  const numbers = inner.match(/\d{1,4}/g) ?? [];
  if (numbers.length > 0) {
    const step = Number(numbers[0]);
    const note = numbers.length > 1 ? `the box holds ${numbers.length} numbers; the first counts` : "";
    if (step >= 1 && step <= o.steps) return result("located", step, note);
    return result("out_of_range", null, `paragraph ${step} is not in 1..${o.steps}`);
  }
  if (o.finishReason === "length") return result("cut_off", null, "cut off before the answer in \\boxed{}");
  const named = readFirstError(said.replace(/\bparagraph(?=[\s_#*]{0,3}\d)/gi, "substep"), o.steps);
  const note = box === null ? "there is no \\boxed{}; taken from the words" : "the box holds no number; taken from the words";
  if (named === "none") return result("no_error", null, note);
  if (named !== null) return result("located", named, note);
  return result("unparsed", null, box === null ? "there is no \\boxed{}" : "the box holds no number");
}

/** What stands in the last \boxed{…} that closes, braces inside it counted. */
function lastBox(text: string): string | null {
  const at = text.lastIndexOf("\\boxed");
  if (at === -1) return null;
  const open = text.indexOf("{", at);
  if (open === -1 || text.slice(at + "\\boxed".length, open).trim() !== "") return null;
  let depth = 0;
  for (let i = open; i < Math.min(text.length, open + 400); i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return text.slice(open + 1, i);
  }
  return null;
}

function plain(box: string): string {
  return box
    .replace(/\\(?:text|mathrm|textbf|mathbf)\s?\{([^{}]*)\}/g, "$1")
    .replace(/[−–]/g, "-")
    .replace(/[$\\{}.]|\b(?:paragraph|substep|step)s?\b/gi, " ")
    .replace(/(?:^|\s)(?:paragraph|substep|step)s?_/gi, " ")
    .replace(/^[\s_#:]+|[\s_#:]+$/g, "")
    .replace(/\s+/g, " ");
}
