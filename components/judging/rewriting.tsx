"use client";
import type { ReactNode } from "react";
import type { Draft } from "./draft";
import { Rewrite } from "./rewrite";

/** A rewrite in the making, as a reading of the item shows it in its step's place. */
export interface Rewriting {
  /** Step that is rewritten; null when none is. */
  step: number | null;
  /** What stands in a step's place: the editor at the rewritten one, undefined at the others. */
  at: (step: number) => ReactNode;
}

/** The rewrite that a draft holds, compared with the proposal, or with the step where there is none. */
export function rewritingOf(o: {
  item: { steps: readonly string[]; proposal: { content: string } | null; problem: { answer: string } };
  draft: Draft;
  diff: boolean;
  /** Grows when the field should take the focus. */
  focus: number;
  onContent: (content: string) => void;
}): Rewriting {
  const { item, draft } = o;
  const rewritten = draft.mode === "edit" ? draft.location : null;
  const original = item.steps[(draft.location ?? 1) - 1] ?? "";
  const compared =
    item.proposal === null
      ? { text: original, name: "the step" }
      : { text: item.proposal.content, name: "the proposal" };
  return {
    step: rewritten,
    at: (step) =>
      step === rewritten ? (
        <Rewrite
          step={step}
          original={original}
          compared={compared}
          content={draft.content ?? ""}
          answer={item.problem.answer}
          diff={o.diff}
          focus={o.focus}
          onContent={o.onContent}
        />
      ) : undefined,
  };
}
