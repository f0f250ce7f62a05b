/** What a key does to what a judge is saying. Pure: the page shows the draft, sends the decision, or says the sentence. */
import { checkDecision, type DecisionInput, type Intervention } from "@/server/core/judging/decision";
import type { KeyAction } from "@/server/core/judging/keys";
import type { LabelSchema, VoteAction } from "@/server/core/judging/labels";
import { type Draft, NO_DRAFT } from "./draft";

export interface Facts {
  schema: LabelSchema;
  steps: readonly string[];
  /** The proposal, where there is one and it is shown. */
  proposal: Intervention | null;
  /** The step that is named. */
  current: number | null;
}

export type Pressed =
  | { kind: "draft"; draft: Draft }
  | { kind: "decide"; decision: DecisionInput }
  | { kind: "say"; words: string };

export type PressAction = Extract<
  KeyAction,
  "accept" | "reject" | "edit" | "locate" | "no_error" | "cannot_tell" | "flag" | "skip"
>;

const say = (words: string): Pressed => ({ kind: "say", words });
const drafted = (draft: Draft): Pressed => ({ kind: "draft", draft });

/** A key that stands for an action. */
export function press(draft: Draft, action: PressAction, facts: Facts): Pressed {
  const { schema, proposal, current } = facts;
  if (action === "skip") return decide({ action: "skip" }, facts);
  if (!schema.actions.includes(action)) return say("This queue does not ask for that.");
  switch (action) {
    case "accept":
    case "no_error":
    case "cannot_tell":
      if (hasText(draft, facts))
        return say("What you have rewritten would be lost: finish it with Ctrl Enter, or drop it first.");
      return decide({ action, errorType: action === "accept" ? draft.errorType : "", note: draft.note }, facts);
    case "reject":
      if (proposal === null) return say("There is no proposal to reject here: say where the first error is.");
      if (schema.reasons.length === 0) return finish({ ...draft, mode: "reject" }, facts);
      return drafted({ ...draft, mode: "reject" });
    case "locate":
      if (current === null) return say("Go to a step first (j and k, or a click on its number).");
      if (draft.mode === "locate" && draft.firstError === current) return finish(draft, facts);
      if (draft.mode === "edit") return drafted({ ...draft, firstError: current, location: current });
      return drafted({ ...draft, mode: draft.mode === "reject" ? "reject" : "locate", firstError: current });
    case "edit":
      return rewrite(draft, facts);
    case "flag":
      return drafted({ ...draft, mode: "flag" });
  }
}

function rewrite(draft: Draft, { proposal, steps, current }: Facts): Pressed {
  if (draft.content !== null && draft.location !== null) {
    const location = draft.firstError ?? draft.location;
    return drafted({ ...draft, mode: "edit", location, firstError: location });
  }
  const location = draft.firstError ?? proposal?.location ?? current;
  if (location === null) return say("Go to the step that is wrong first (j and k, or a click on its number).");
  const content = proposal?.location === location ? proposal.content : (steps[location - 1] ?? "");
  return drafted({ ...draft, mode: "edit", location, firstError: location, content });
}

/** A digit: the reason of a rejection, which finishes it; else a kind of error (again: none). */
export function pressDigit(draft: Draft, digit: number, facts: Facts): Pressed {
  const { schema } = facts;
  if (draft.mode === "reject") {
    const reason = schema.reasons.find((o) => o.key === digit);
    if (reason === undefined) return say(`There is no reason ${digit}.`);
    return decide(
      {
        action: "reject",
        reason: reason.id,
        errorType: draft.errorType,
        note: draft.note,
        firstError: draft.firstError,
      },
      facts,
    );
  }
  const type = schema.errorTypes.find((o) => o.key === digit);
  if (type === undefined) return say(`There is no kind of error ${digit}.`);
  return drafted({ ...draft, errorType: draft.errorType === type.id ? "" : type.id });
}

/** Finish what is in the making. */
export function finish(draft: Draft, facts: Facts): Pressed {
  const { errorType, note, firstError, content, location } = draft;
  switch (draft.mode) {
    case "idle":
      return say("Nothing is begun: choose what to say first.");
    case "reject":
      if (facts.schema.reasons.length > 0) return say("Choose the reason with its digit.");
      return decide({ action: "reject", errorType, note, firstError }, facts);
    case "locate":
      return decide({ action: "locate", errorType, note, firstError }, facts);
    case "edit":
      return decide({ action: "edit", errorType, note, content, location }, facts);
    case "flag":
      return decide({ action: "flag", note }, facts);
  }
}

/** Leave a mode; what was written stays. */
export function cancel(draft: Draft): Draft {
  return { ...draft, mode: "idle", firstError: draft.content === null ? null : draft.firstError };
}

export const dropped = (): Draft => NO_DRAFT;

/** Whether a text was written that is not the one it began with. */
export function hasText(draft: Draft, { proposal, steps }: Facts): boolean {
  if (draft.content === null || draft.location === null) return false;
  const began = [steps[draft.location - 1], proposal?.location === draft.location ? proposal.content : undefined];
  return draft.content.trim() !== "" && !began.some((text) => text?.trim() === draft.content?.trim());
}

type Said = { action: VoteAction | "skip" } & Partial<Omit<DecisionInput, "action">>;

/** The same check as the server's, so that the page goes on at once only with what will be kept. */
function decide(said: Said, { schema, steps, proposal }: Facts): Pressed {
  const decision: DecisionInput = {
    reason: "",
    errorType: "",
    note: "",
    firstError: null,
    content: null,
    location: null,
    ...said,
  };
  const checked = checkDecision(decision, { schema, steps: steps.length, proposal });
  return checked.ok ? { kind: "decide", decision } : say(checked.message);
}
