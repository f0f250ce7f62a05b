/** A decision before it is kept: what may be said, and what it means. */
import { z } from "zod";
import type { FirstError } from "../statistics/judgements";
import { type DecisionAction, type LabelSchema, VOTE_ACTIONS } from "./labels";

/** A proposed or written intervention: content in place of step `location` and all after it. */
export interface Intervention {
  content: string;
  location: number;
}

/** What a judge sends. */
export const decisionInputSchema = z.object({
  action: z.enum([...VOTE_ACTIONS, "skip"]),
  /** Id of a reason of the queue's schema. */
  reason: z.string().max(40).default(""),
  /** Id of an error type of the queue's schema. */
  errorType: z.string().max(40).default(""),
  note: z.string().max(4000).default(""),
  /** 1-based; for locate, and where a rejection says which step it is instead. */
  firstError: z.number().int().positive().nullable().default(null),
  /** For edit: the rewritten intervention and the step that it replaces. */
  content: z.string().max(20_000).nullable().default(null),
  location: z.number().int().positive().nullable().default(null),
});
export type DecisionInput = z.infer<typeof decisionInputSchema>;

/** What a decision says, as it is kept. */
export interface DecisionContent {
  action: DecisionAction;
  reason: string;
  errorType: string;
  note: string;
  /** 1-based; null when there is none, or it was not said. */
  firstError: number | null;
  /** The rewritten intervention (edit). */
  content: string | null;
  /** Where an intervention belongs: of the rewritten one (edit), or of one that is still to be written (locate). */
  location: number | null;
}

/** What a decision is checked against. */
export interface DecisionFacts {
  schema: LabelSchema;
  /** How many steps the attempt has. */
  steps: number;
  /** The item's proposal, where there is one and the judge is shown it. */
  proposal: Intervention | null;
}

export type Checked = { ok: true; decision: DecisionContent } | { ok: false; message: string };

/** Check a decision against its queue and its item, and put it into the form in which it is kept. */
export function checkDecision(input: DecisionInput, facts: DecisionFacts): Checked {
  const no = (message: string): Checked => ({ ok: false, message });
  const { schema, steps, proposal } = facts;
  const base: DecisionContent = {
    action: input.action,
    reason: "",
    errorType: "",
    note: input.note.trim(),
    firstError: null,
    content: null,
    location: null,
  };
  if (input.action === "skip") return { ok: true, decision: base };
  if (!schema.actions.includes(input.action)) return no(`This queue does not ask for “${input.action}”.`);
  const outside = (step: number | null) => step === null || step > steps;
  const where = `The attempt has steps 1 to ${steps}.`;
  if (input.errorType !== "" && !schema.errorTypes.some((o) => o.id === input.errorType))
    return no(`The labels of this queue have no error type “${input.errorType}”.`);
  const errorType = input.errorType;

  switch (input.action) {
    case "accept":
      if (proposal === null) return no("There is no proposal to accept here: say where the first error is.");
      return { ok: true, decision: { ...base, errorType, firstError: proposal.location } };
    case "reject": {
      if (proposal === null) return no("There is no proposal to reject here: say where the first error is.");
      const known = schema.reasons.some((o) => o.id === input.reason);
      if (schema.reasons.length > 0 && !known)
        return no(input.reason === "" ? "A rejection needs a reason." : `The labels have no reason “${input.reason}”.`);
      if (input.firstError !== null && outside(input.firstError)) return no(where);
      return { ok: true, decision: { ...base, errorType, reason: known ? input.reason : "", firstError: input.firstError } };
    }
    case "locate":
      if (input.firstError === null) return no("Say at which step the first error is.");
      if (outside(input.firstError)) return no(where);
      return { ok: true, decision: { ...base, errorType, firstError: input.firstError, location: input.firstError } };
    case "edit": {
      const content = input.content?.replace(/\r\n?/g, "\n").trim() ?? "";
      if (content === "") return no("The rewritten intervention is empty.");
      if (input.location === null || outside(input.location)) return no(`Say which step it replaces. ${where}`);
      if (proposal !== null && content === proposal.content.trim() && input.location === proposal.location)
        return no("Nothing was rewritten: accept the proposal as it is, or change it.");
      return {
        ok: true,
        decision: { ...base, errorType, content, location: input.location, firstError: input.location },
      };
    }
    case "flag":
      if (base.note === "") return no("Say in a note what is wrong with this item.");
      return { ok: true, decision: base };
    case "no_error":
    case "cannot_tell":
      return { ok: true, decision: base };
  }
}

/** The first error as a vote has it, for the statistics of agreement. */
export function judgementOf(vote: Pick<DecisionContent, "action" | "firstError">): FirstError | "cannot_tell" {
  if (vote.action === "no_error") return null;
  // A rejection that does not say where the error is instead, and a flag, say nothing about the step.
  return vote.firstError ?? "cannot_tell";
}

/**
 * Whether two votes say the same of an item. The same step is not enough: one who accepts the proposal and one who only locates
 * the error (or rewrites it) leave open what is to be trained on. Reasons, kinds of errors and notes may differ.
 */
export function saysTheSame(a: DecisionContent, b: DecisionContent): boolean {
  return (
    a.action === b.action && a.firstError === b.firstError && a.content === b.content && a.location === b.location
  );
}

/**
 * The vote that stands for all of a complete item; null while they differ. A flag never stands: somebody has to look.
 * @param votes in the order in which they were given.
 */
export function agreedVote<V extends DecisionContent>(votes: readonly V[]): V | null {
  const [first, ...rest] = votes;
  if (first === undefined || votes.some((v) => v.action === "flag")) return null;
  return rest.every((v) => saysTheSame(first, v)) ? first : null;
}
