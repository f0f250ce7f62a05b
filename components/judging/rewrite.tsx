"use client";
import { useDeferredValue, useEffect, useId, useMemo, useRef } from "react";
import { answerLeak } from "@/server/core/leakage";
import { TypesetDiff } from "../attempt/replacement";
import { ModelText } from "../text/model-text";

/**
 * The wrong step beside what the judge writes in its place: source, how it reads, what differs from the proposal (or, without one,
 * from the step), and whether it gives the answer away.
 */
export function Rewrite(props: {
  step: number;
  original: string;
  /** What it is compared with, and what that is called. */
  compared: { text: string; name: string };
  content: string;
  answer: string;
  diff: boolean;
  /** Grows when the field should take the focus. */
  focus: number;
  onContent: (content: string) => void;
}) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const shown = useDeferredValue(props.content);
  const leak = useMemo(() => answerLeak(shown, props.answer), [shown, props.answer]);
  useEffect(() => {
    const area = field.current;
    if (props.focus === 0 || area === null) return;
    area.focus({ preventScroll: true });
    area.setSelectionRange(area.value.length, area.value.length);
    area.scrollIntoView({ block: "center" });
  }, [props.focus]);
  return (
    <div className="@container">
      <div className="grid gap-3 @xl:grid-cols-2">
        <figure className="min-w-0 border-t-2 border-error bg-error-wash px-3 py-2">
          <figcaption className="mb-1 text-sm font-medium text-error">Original step {props.step}</figcaption>
          <ModelText text={props.original} />
        </figure>
        <div className="min-w-0 border-t-2 border-intervention bg-intervention-wash px-3 py-2">
          <label htmlFor={id} className="mb-1 block text-sm font-medium text-intervention">
            Your intervention in place of step {props.step}
          </label>
          <textarea
            ref={field}
            id={id}
            rows={rowsOf(props.content)}
            spellCheck={false}
            className="block w-full resize-y rounded-sm border border-edge bg-raised p-2 font-mono text-sm leading-6"
            value={props.content}
            aria-describedby={`${id}-says`}
            onChange={(e) => props.onContent(e.target.value)}
          />
          <p id={`${id}-says`} aria-live="polite" className="mt-1 text-sm">
            {leak.equivalent ? (
              <span className="font-medium text-error">It gives the answer away: it states the answer.</span>
            ) : leak.substring ? (
              <span className="text-uncertainty">
                The answer’s characters occur in it, though it does not state the answer (the paper’s substring rule
                would drop it).
              </span>
            ) : (
              <span className="text-soft">
                The answer does not occur in it. Each new line becomes a step of its own.
              </span>
            )}
          </p>
          <section aria-label="Preview" className="mt-2 border-t border-edge pt-2">
            <p className="text-sm text-soft">{props.diff ? `Against ${props.compared.name}` : "As it reads"}</p>
            {shown.trim() === "" ? (
              <p className="text-soft">Nothing yet.</p>
            ) : props.diff ? (
              <TypesetDiff original={props.compared.text} replacement={shown} side="right" />
            ) : (
              <ModelText text={shown} />
            )}
          </section>
        </div>
      </div>
    </div>
  );
}

/** Lines of the field: what is written, as far as a line's length can be guessed, and one more. */
function rowsOf(content: string): number {
  const lines = content.split("\n").reduce((n, line) => n + Math.max(1, Math.ceil(line.length / 46)), 0);
  return Math.min(14, Math.max(4, lines + 1));
}
