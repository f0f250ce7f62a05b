import { type ProblemText, userTurn } from "./prompt";
import type { Reason } from "./reasons";
import type { Row } from "./rows";
import type { DatasetSettings } from "./settings";

const END = "</think>";

/**
 * A reasoning model's answer at its first `</think>`, which is where servers split it, too: `think` is the text from the
 * beginning through the tag, as it was written (with its `<think>` only if the model wrote one); `summary` is the rest
 * without the white space before it. Null where there is no such tag.
 */
export function splitThinking(text: string): { think: string; summary: string } | null {
  const at = text.indexOf(END);
  if (at === -1) return null;
  const end = at + END.length;
  return { think: text.slice(0, end), summary: text.slice(end).trimStart() };
}

/** Whether there is any thinking between the tags. */
export function isBlankThinking(think: string): boolean {
  return think.replace(END, "").replace("<think>", "").trim() === "";
}

/** An attempt of another model, imported or sampled. */
export interface TraceCandidate {
  problem: ProblemText;
  attempt: { id: string; sampleIndex: number; text: string; reward: number | null; finishReason: string };
}

/** Why a trace cannot be used whatever part of it is wanted; null when it can. */
export function unfit(trace: TraceCandidate, settings: Pick<DatasetSettings, "onlyRight">): Reason | null {
  if (!settings.onlyRight || trace.attempt.reward === 1) return null;
  return trace.attempt.reward === null ? "ungraded" : "wrong";
}

/** The row of one part of a trace. */
export function traceRow(trace: TraceCandidate, settings: DatasetSettings, completion: string, ends: boolean): Row {
  const { problem, attempt } = trace;
  // The stronger model's own prompt is not the base model's: rows carry the turn that the base model is asked by.
  const { template } = settings;
  return {
    problemId: problem.id,
    attemptId: attempt.id,
    proposalId: null,
    decisionId: null,
    reflectionId: null,
    prompt: userTurn(template, problem),
    completion,
    ends,
    meta: {
      template: template.id,
      problem: problem.key,
      sample: attempt.sampleIndex,
      ...(attempt.reward === null ? {} : { right: attempt.reward === 1 }),
    },
  };
}
