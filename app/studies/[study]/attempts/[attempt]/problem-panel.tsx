"use client";
import { Answer } from "@/components/attempt/problem-text";
import { ModelText } from "@/components/text/model-text";
import type { PanelProps } from "./panel-props";

/** Problem and reference solution beside the steps, to compare while reading down. */
export function ProblemPanel({ attempt, reader }: PanelProps) {
  const { problem: p } = attempt;
  const { raw } = reader.place;
  return (
    <div>
      <ModelText text={p.statement} raw={raw} />
      <Answer answer={p.answer} />
      <h3 className="mt-4 mb-1 border-t border-rule pt-2 font-sans text-sm font-medium text-soft">
        Reference solution{p.referenceSource === "" ? "" : `, by ${p.referenceSource}`}
      </h3>
      {p.reference === "" ? (
        <p className="text-faint">The problem has none.</p>
      ) : (
        <ModelText text={p.reference} raw={raw} />
      )}
    </div>
  );
}
