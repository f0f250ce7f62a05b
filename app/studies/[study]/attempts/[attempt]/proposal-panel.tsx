"use client";
import { Leak } from "@/components/attempt/replacement";
import { ModelText } from "@/components/text/model-text";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/cx";
import type { ProposalView } from "@/server/core/views/attempt";
import type { PanelProps } from "./panel-props";

/** Every intervention that was proposed for this attempt; the one that stands in the steps is marked. */
export function ProposalPanel({ attempt, reader }: PanelProps) {
  const shown = reader.look.proposal;
  const sampleOf = (p: ProposalView) => attempt.verifications.findIndex((v) => v.id === p.verificationId);
  return (
    <ol className="space-y-4">
      {attempt.proposals.map((p) => {
        const sample = sampleOf(p);
        return (
          <li
            key={p.id}
            className={cx("border-s-2 ps-3", p.id === shown?.id ? "border-intervention" : "border-rule")}
            data-testid="proposal"
          >
            <p className="flex flex-wrap items-baseline gap-x-3 text-sm">
              <span className="font-medium text-intervention">in place of step {p.location}</span>
              <span className="text-soft">
                by {p.author === "person" ? "a person" : "the model"}
                {p.chosen && ", chosen"}
                {p.kept === true && ", kept"}
                {p.kept === false && ", dropped: no continuation was right"}
              </span>
            </p>
            <div className="my-1">
              <ModelText text={p.content} raw={reader.place.raw} small />
            </div>
            <Leak of={p} />
            <p className="flex flex-wrap gap-x-4 text-sm">
              {p.location <= attempt.steps.length && (
                <Button
                  tone="quiet"
                  onClick={() => {
                    if (sample >= 0) reader.set({ verification: sample });
                    reader.go(p.location);
                  }}
                >
                  {p.id === shown?.id ? `Go to step ${p.location}` : "Show it in the steps"}
                </Button>
              )}
              {sample >= 0 && <span className="self-center text-faint">verification sample {sample + 1}</span>}
            </p>
          </li>
        );
      })}
    </ol>
  );
}
