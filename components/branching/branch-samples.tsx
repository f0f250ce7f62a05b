"use client";
import { memo } from "react";
import type { Outcome } from "@/server/core/arms";
import type { StreamedSample } from "@/server/core/branching/stream";
import type { BranchSampleView } from "@/server/core/views/branches";
import { OUTCOME_TONE, OUTCOME_WORD, OutcomeMark } from "../attempt/outcome-mark";
import { ModelText } from "../text/model-text";
import { count } from "../ui/format";

/** While it grows, only the end of a long sample is drawn. */
const GROWING_END = 3_000;

/** The samples of a branch: those that are kept, those that are on their way, and those that have not begun. */
export function BranchSamples(props: {
  samples: number;
  rows: readonly BranchSampleView[];
  streamed: ReadonlyMap<number, StreamedSample>;
  /** Samples may still come. */
  live: boolean;
  replaced: boolean;
  raw: boolean;
}) {
  const rows = new Map(props.rows.map((r) => [r.index, r]));
  return (
    <ol className="divide-y divide-rule border-y border-rule">
      {Array.from({ length: props.samples }, (_, i) => {
        const row = rows.get(i);
        const streamed = props.streamed.get(i);
        if (!row && !streamed && !props.live) return null;
        return (
          <BranchSample
            key={i}
            index={i}
            text={row?.text ?? streamed?.text ?? ""}
            tokens={row?.tokens ?? streamed?.tokens ?? 0}
            outcome={row?.outcome ?? streamed?.outcome ?? null}
            extracted={row?.extracted ?? streamed?.extracted ?? null}
            reason={row?.reason ?? ""}
            seed={row?.seed ?? null}
            live={props.live && row === undefined}
            replaced={props.replaced}
            raw={props.raw}
          />
        );
      })}
    </ol>
  );
}

const BranchSample = memo(function BranchSample(props: {
  index: number;
  text: string;
  tokens: number;
  outcome: Outcome | null;
  extracted: string | null;
  reason: string;
  seed: number | null;
  live: boolean;
  replaced: boolean;
  raw: boolean;
}) {
  const { outcome, text } = props;
  const growing = outcome === null && props.live;
  return (
    <li className="py-2" data-testid="branch-sample" data-growing={growing || undefined}>
      <p className="flex flex-wrap items-center gap-x-3 text-sm">
        <span className="font-medium">Sample {props.index + 1}</span>
        {outcome !== null ? (
          <span className={`inline-flex items-center gap-1 ${OUTCOME_TONE[outcome]}`}>
            <OutcomeMark outcome={outcome} />
            {OUTCOME_WORD[outcome]}
          </span>
        ) : (
          <span className="text-faint">{!growing ? "not finished" : text === "" ? "not begun" : "being sampled"}</span>
        )}
        <span className="text-faint">
          {count(props.tokens)} tokens{props.seed === null ? "" : `, seed ${props.seed}`}
        </span>
        {props.extracted !== null && (
          <span className="text-soft">
            answered <code className="font-mono">{props.extracted}</code>
          </span>
        )}
      </p>
      {(props.reason !== "" && outcome !== "success") && <p className="text-sm text-faint">{props.reason}</p>}
      {text !== "" && (
        <div className={`mt-1 border-s-2 ps-3 ${props.replaced ? "border-intervention" : "border-edge"}`}>
          {growing ? (
            // Formulas are typeset when they are whole.
            <p className="text-base leading-7 break-words whitespace-pre-wrap">
              {text.length > GROWING_END && <span className="text-faint">… </span>}
              {text.slice(-GROWING_END).replace(/\n{2,}/g, "\n").trimStart()}
              <span aria-hidden className="ms-0.5 inline-block h-4 w-1.5 translate-y-0.5 bg-ink/60" />
            </p>
          ) : (
            <ModelText text={text} raw={props.raw} />
          )}
        </div>
      )}
    </li>
  );
});
