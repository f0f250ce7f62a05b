"use client";
import { useMemo } from "react";
import type { ProposalView } from "@/server/core/views/attempt";
import { parseBlocks } from "../text/blocks";
import { markChanges } from "../text/changes";
import { ModelText } from "../text/model-text";
import { TextTree } from "../text/text-tree";
import { wordDiff } from "./diff";

/**
 * The wrong step beside what was put in its place. With `diff` the changed words are marked, in the typeset text (a
 * formula at a time) or, with `raw`, in the source (a sign at a time).
 */
export function Replacement(props: { original: string; proposal: ProposalView; diff: boolean; raw: boolean }) {
  const { proposal: p } = props;
  return (
    <div className="@container">
      <div className="grid gap-3 @xl:grid-cols-2">
        <figure className="min-w-0 border-t-2 border-error bg-error-wash px-3 py-2" data-hits>
          <figcaption className="mb-1 text-sm font-medium text-error">Original step {p.location}</figcaption>
          <Side {...props} side="left" />
        </figure>
        <figure
          className="min-w-0 border-t-2 border-intervention bg-intervention-wash px-3 py-2"
          data-testid="intervention"
          data-hits
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
          <Side {...props} side="right" />
          <Leak of={p} />
        </figure>
      </div>
    </div>
  );
}

/** Whether a proposal gives the answer away, and by which rule. */
export function Leak({ of: p }: { of: Pick<ProposalView, "leakEquivalent" | "leakSubstring"> }) {
  if (!p.leakEquivalent && !p.leakSubstring) return null;
  return (
    <p className="mt-1 text-sm text-uncertainty">
      Gives the answer away{" "}
      {p.leakEquivalent
        ? p.leakSubstring
          ? "by equivalence and by the substring rule"
          : "by equivalence"
        : "by the paper’s substring rule alone"}
      .
    </p>
  );
}

interface SideProps {
  original: string;
  proposal: ProposalView;
  diff: boolean;
  raw: boolean;
  side: "left" | "right";
}

function Side({ original, proposal, diff, raw, side }: SideProps) {
  if (!diff) return <ModelText text={side === "left" ? original : proposal.content} raw={raw} />;
  return raw ? (
    <SourceDiff original={original} replacement={proposal.content} side={side} />
  ) : (
    <TypesetDiff original={original} replacement={proposal.content} side={side} />
  );
}

interface DiffProps {
  original: string;
  replacement: string;
  side: "left" | "right";
}

/** One side of two texts, typeset, with what differs marked. */
export function TypesetDiff({ original, replacement, side }: DiffProps) {
  const marked = useMemo(() => markChanges(parseBlocks(original), parseBlocks(replacement)), [original, replacement]);
  return <TextTree blocks={marked[side]} />;
}

function SourceDiff({ original, replacement, side }: DiffProps) {
  const words = useMemo(() => wordDiff(original, replacement), [original, replacement]);
  return (
    <p className="font-mono text-sm leading-6 break-words whitespace-pre-wrap text-ink">
      {words[side].map((w, i) => {
        if (!w.changed) return <span key={i}>{w.text}</span>;
        return side === "left" ? (
          <del key={i} className="changed removed">
            {w.text}
          </del>
        ) : (
          <ins key={i} className="changed added">
            {w.text}
          </ins>
        );
      })}
    </p>
  );
}
