"use client";
import { useMemo } from "react";
import type { ProposalView } from "@/server/core/views/attempt";
import { ModelText } from "../text/model-text";
import { wordDiff } from "./diff";

/** The wrong step beside what was put in its place; typeset, or as source with the changed words marked. */
export function Replacement(props: { original: string; proposal: ProposalView; diff: boolean; raw: boolean }) {
  const { proposal: p } = props;
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <figure className="min-w-0 border-t-2 border-error bg-error-wash px-3 py-2">
        <figcaption className="mb-1 text-sm font-medium text-error">Original step {p.location}</figcaption>
        {props.diff ? (
          <Side original={props.original} proposal={p.content} side="left" />
        ) : (
          <ModelText text={props.original} raw={props.raw} />
        )}
      </figure>
      <figure
        className="min-w-0 border-t-2 border-intervention bg-intervention-wash px-3 py-2"
        data-testid="intervention"
      >
        <figcaption className="mb-1 flex flex-wrap gap-x-2 text-sm font-medium text-intervention">
          Intervention
          <span className="font-normal text-soft">
            by {p.author === "person" ? "a person" : "the model"}
            {p.chosen ? ", chosen" : ", not chosen"}
            {p.kept === true && ", kept"}
            {p.kept === false && ", dropped"}
          </span>
        </figcaption>
        {props.diff ? (
          <Side original={props.original} proposal={p.content} side="right" />
        ) : (
          <ModelText text={p.content} raw={props.raw} />
        )}
        {(p.leakEquivalent || p.leakSubstring) && (
          <p className="mt-1 text-sm text-uncertainty">
            Gives the answer away{" "}
            {p.leakEquivalent
              ? p.leakSubstring
                ? "by equivalence and by the substring rule"
                : "by equivalence"
              : "by the paper’s substring rule alone"}
            .
          </p>
        )}
      </figure>
    </div>
  );
}

function Side(props: { original: string; proposal: string; side: "left" | "right" }) {
  const words = useMemo(() => wordDiff(props.original, props.proposal), [props.original, props.proposal]);
  return (
    <p className="font-mono text-sm leading-6 break-words whitespace-pre-wrap text-ink">
      {words[props.side].map((w, i) => {
        if (!w.changed) return <span key={i}>{w.text}</span>;
        return props.side === "left" ? (
          <del key={i} className="text-error decoration-error">
            {w.text}
          </del>
        ) : (
          <ins key={i} className="font-semibold text-intervention decoration-intervention">
            {w.text}
          </ins>
        );
      })}
    </p>
  );
}
