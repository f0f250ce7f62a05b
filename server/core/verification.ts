import { readIntervention } from "./verifying/intervention";
import { readFirstError, readLog } from "./verifying/log";
import type { StepVerdict } from "./verifying/verdicts";

export type { StepVerdict, Verdict } from "./verifying/verdicts";

/** "located": the first error is named, and no intervention was asked for (verifying/critique.ts). */
export const VERIFICATION_OUTCOMES = ["proposed", "located", "no_error", "unparsed", "out_of_range", "cut_off"] as const;
export type VerificationOutcome = (typeof VERIFICATION_OUTCOMES)[number];

/** A verification output as the product understands it. */
export interface ParsedVerification {
  /** In the order of the log, at most one per step. */
  verdicts: StepVerdict[];
  /** 1-based step of the first critical error; null when the output names none. */
  firstError: number | null;
  /** Set exactly when outcome is "proposed"; location is in 1..steps. */
  proposal: { content: string; location: number } | null;
  outcome: VerificationOutcome;
  /** What had to be repaired or could not be read, for people; "" when clean. */
  note: string;
}

/**
 * Read a verification output leniently: one parser for large models' ugly output and for the lab's. It takes the log (a
 * verdict for each step), the critical-error report (the first error) and the proposal (method.md, "The pipeline", 4).
 *
 * Outcomes: "proposed"; "no_error" when the content is empty or the output says that there is none; "out_of_range" when
 * the location is not one of the attempt's steps; "cut_off" when sampling stopped at the token limit before the proposal was
 * complete; "unparsed" for everything else. Never throws; takes time linear in the text.
 *
 * @param o.steps Number of steps of the attempt. @param o.finishReason "length" means the token limit.
 */
export function parseVerification(text: string, o: { steps: number; finishReason: string }): ParsedVerification {
  const { said, notes } = withoutThinking(text);
  const tag = said.search(/(?:<|&lt;)\s{0,3}intervention\s{0,3}\/?(?:>|&gt;)/i);
  const log = tag === -1 ? said : said.slice(0, tag);
  const verdicts = readLog(log, o.steps);
  const reported = readFirstError(log, o.steps);
  const firstWrong = verdicts.find((v) => v.verdict === "incorrect")?.step ?? null;
  const cutOff = o.finishReason === "length";

  const result = (outcome: VerificationOutcome, own: string, proposal: ParsedVerification["proposal"] = null) => ({
    verdicts,
    firstError: typeof reported === "number" ? reported : (proposal?.location ?? (reported === "none" ? null : firstWrong)),
    proposal,
    outcome,
    note: [...notes, own].filter((n) => n !== "").join("; "),
  });

  const given = readIntervention(said);
  switch (given.kind) {
    case "absent":
      if (cutOff) return result("cut_off", given.note);
      return reported === "none" ? result("no_error", given.note) : result("unparsed", given.note);
    case "unreadable":
      return result(cutOff ? "cut_off" : "unparsed", given.note);
    case "empty":
      return result("no_error", given.note);
    case "given": {
      if (cutOff && !given.closed) return result("cut_off", given.note);
      let { location, note } = given;
      if (location === null) {
        // The proposal replaces the first critical error; where the report names it, nothing is guessed.
        if (typeof reported !== "number") return result(cutOff ? "cut_off" : "unparsed", join(note, "the location is missing"));
        location = reported;
        note = join(note, "the location is missing and taken from the report");
      }
      if (location < 1 || location > o.steps) {
        return result("out_of_range", join(note, `location ${location} is not in 1..${o.steps}`));
      }
      return result("proposed", note, { content: given.content, location });
    }
  }
}

/** What the model says after its thinking; everything when it never gets to that, or says nothing of use there. */
function withoutThinking(text: string): { said: string; notes: string[] } {
  const end = text.lastIndexOf("</think>");
  if (end === -1) return { said: text, notes: [] };
  const said = text.slice(end + "</think>".length);
  const useful = readIntervention(said).kind;
  if (useful !== "absent" || !/intervention\s{0,3}(?:>|&gt;)/i.test(text.slice(0, end))) return { said, notes: [] };
  return { said: text, notes: ["the tag stands in the model's thinking"] };
}

function join(...notes: readonly string[]): string {
  return notes.filter((n) => n !== "").join("; ");
}
