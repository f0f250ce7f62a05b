"use client";
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import type { ProposalView, VerificationView } from "@/server/core/views/attempt";
import { outcomeWords } from "./prepare";

/** Which of the verification samples the margin shows. */
export function VerificationPicker(props: {
  verifications: readonly VerificationView[];
  proposals: readonly ProposalView[];
  chosen: VerificationView | null;
  onPick: (place: number) => void;
}) {
  const { verifications } = props;
  return (
    <ToggleGroup
      aria-label="Verification sample"
      value={props.chosen === null ? [] : [props.chosen.id]}
      onValueChange={(value) => {
        const place = verifications.findIndex((v) => v.id === value[0]);
        if (place >= 0) props.onPick(place);
      }}
      className="flex flex-wrap gap-1"
    >
      {verifications.map((v, i) => {
        const kept = props.proposals.some((p) => p.verificationId === v.id && p.chosen);
        return (
          <Toggle
            key={v.id}
            value={v.id}
            className="flex min-h-7 items-center gap-1.5 rounded-sm border border-transparent px-2 text-sm text-soft hover:text-ink data-pressed:border-edge data-pressed:bg-raised data-pressed:text-ink"
          >
            <span className="text-faint">{i + 1}</span>
            <span
              className={
                v.outcome === "proposed" || v.outcome === "located"
                  ? "text-error"
                  : v.outcome === "no_error"
                    ? ""
                    : "text-uncertainty"
              }
            >
              {outcomeWords(v)}
            </span>
            {kept && <span className="text-intervention">chosen</span>}
          </Toggle>
        );
      })}
    </ToggleGroup>
  );
}
