"use client";
import { useId, useMemo } from "react";
import { answerLeak } from "@/server/core/leakage";
import { ModelText } from "../text/model-text";

/** What stands in place of a step: its source, how it reads, and whether it gives the answer away. */
export function StepEditor(props: {
  step: number;
  content: string;
  /** The content as it is previewed: it may lag behind the typing. */
  shown: string;
  answer: string;
  unchanged: boolean;
  onContent: (content: string) => void;
}) {
  const id = useId();
  const leak = useMemo(() => answerLeak(props.shown, props.answer), [props.shown, props.answer]);
  return (
    <div className="space-y-2">
      <label htmlFor={id} className="block text-soft">
        In place of step {props.step} and all after it
      </label>
      <textarea
        id={id}
        rows={5}
        spellCheck={false}
        className="block w-full resize-y rounded-sm border border-edge bg-raised p-2 font-mono text-sm leading-6"
        value={props.content}
        aria-describedby={`${id}-says`}
        onChange={(e) => props.onContent(e.target.value)}
      />
      <section aria-label="Preview" className="border-s-2 border-intervention bg-intervention-wash px-3 py-1">
        {props.shown.trim() === "" ? (
          <p className="text-faint">Nothing yet.</p>
        ) : (
          <ModelText text={props.shown} small />
        )}
      </section>
      <p id={`${id}-says`} aria-live="polite">
        {leak.equivalent ? (
          <span className="text-error">It gives the answer away: continuations from it say little.</span>
        ) : leak.substring ? (
          <span className="text-uncertainty">
            The answer’s characters occur in it, but it does not state the answer (the paper’s plain rule would drop it).
          </span>
        ) : props.unchanged ? (
          <span className="text-faint">Still the step as it was.</span>
        ) : (
          <span className="text-faint">The answer does not occur in it. Each new line becomes a step of its own.</span>
        )}
      </p>
    </div>
  );
}
