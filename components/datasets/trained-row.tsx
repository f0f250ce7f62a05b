"use client";
import { type ReactNode, useState } from "react";
import type { Source } from "@/server/core/datasets/sources";
import type { DatasetRowView } from "@/server/core/datasets/view";
import { joinSteps, splitSteps } from "@/server/core/steps";
import type { LinkLike } from "../study/attempt-columns";
import { ModelText } from "../text/model-text";
import { count, moment } from "../ui/format";

/** One row exactly as it is trained: the prompt, which is not, dimmed; the completion; and whether the turn ends after it. */
export function TrainedRow(props: {
  row: DatasetRowView;
  source: Source;
  /** Of its attempt, or of its problem. */
  href: string;
  /** Of a queue's item with its history. */
  itemHref: (queueId: string, itemId: string) => string;
  link: LinkLike;
}) {
  const { row, source } = props;
  const [raw, setRaw] = useState(false);
  const parts = source === "int" ? partsOf(row) : [{ text: row.completion, intervention: false }];
  return (
    <div>
      <Origins row={row} href={props.href} itemHref={props.itemHref} link={props.link} />
      <div className="mt-4 grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <Turn who="user" note={source === "hint" ? "the prompt to sample from" : "read, not trained"}>
          <div className="text-soft">
            <ModelText text={row.prompt} raw={raw} />
          </div>
        </Turn>
        {source !== "hint" && (
          <Turn
            who="assistant"
            note={`trained${row.tokens > 0 ? `, ${count(row.tokens)} tokens` : ""}`}
            aside={
              <label className="flex items-center gap-1.5 text-sm text-soft">
                <input
                  type="checkbox"
                  checked={raw}
                  onChange={(e) => setRaw(e.target.checked)}
                  className="size-4 accent-ink"
                />
                as it is written
              </label>
            }
          >
            {raw ? (
              <ModelText text={row.completion} raw />
            ) : (
              parts.map((part, i) => (
                <div
                  // The parts of one row are in their order, and are never moved.
                  key={i}
                  className={part.intervention ? "mt-3 border-s-2 border-intervention ps-3" : ""}
                >
                  {part.intervention && <p className="text-xs text-intervention">intervention</p>}
                  <ModelText text={part.text} />
                </div>
              ))
            )}
            <p className="mt-3 flex items-baseline gap-2 text-sm text-faint">
              <span aria-hidden className={row.ends ? "text-ink" : ""}>
                {row.ends ? "■" : "□"}
              </span>
              {row.ends
                ? "end of turn: the end-of-turn token is trained after it"
                : "no end of turn: the answer is unfinished, and nothing is trained after it"}
            </p>
          </Turn>
        )}
      </div>
    </div>
  );
}

function Turn(props: { who: string; note: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <div className="mb-2 flex min-h-7 flex-wrap items-end justify-between gap-x-4 border-b border-rule pb-1">
        <p className="text-sm">
          <span className="font-medium">{props.who}</span> <span className="text-faint">{props.note}</span>
        </p>
        {props.aside}
      </div>
      <div className="break-words">{props.children}</div>
    </div>
  );
}

/** Prefix, intervention and suffix of an InT row, as far as they can be told by its steps. */
function partsOf(row: DatasetRowView): { text: string; intervention: boolean }[] {
  const steps = splitSteps(row.completion);
  const from = row.meta.alone === true ? 0 : (row.meta.location ?? 1) - 1;
  const until = row.ends ? Math.min(steps.length, from + (row.meta.pieces ?? steps.length)) : steps.length;
  return [
    { text: joinSteps(steps.slice(0, from)), intervention: false },
    { text: joinSteps(steps.slice(from, until)), intervention: true },
    { text: joinSteps(steps.slice(until)), intervention: false },
  ].filter((p) => p.text !== "");
}

function Origins(props: {
  row: DatasetRowView;
  href: string;
  itemHref: (queueId: string, itemId: string) => string;
  link: LinkLike;
}) {
  const { row, href, link: Link } = props;
  const { meta, decided } = row;
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 text-sm">
      <Fact name="problem">{row.problem}</Fact>
      {row.attemptId !== null && (
        <Fact name="attempt">
          <Link href={href}>sample {(meta.sample ?? 0) + 1}</Link>
        </Fact>
      )}
      {row.proposalId !== null && (
        <Fact name="proposal">
          <Link href={`${href}?step=${meta.location ?? 1}`}>at step {meta.location}</Link>
          {meta.author === "person" && " by a person"}
        </Fact>
      )}
      {decided !== null && (
        <Fact name={meta.settlementId !== undefined ? "settled" : "decision"}>
          {meta.verdict ?? "decided"} by {decided.person}, {moment(decided.at)},{" "}
          <Link href={props.itemHref(decided.queueId, decided.itemId)}>
            {decided.queue}, item {decided.number}
          </Link>
        </Fact>
      )}
      {row.reflectionId !== null && <Fact name="rewriting">{meta.right === true ? "right" : "wrong"}</Fact>}
      {meta.hint !== undefined && (
        <Fact name="hint">{meta.hint === null ? "none" : `${meta.hint.steps} of ${meta.hint.of} steps`}</Fact>
      )}
      {meta.suffix !== undefined && <Fact name="suffix">continuation {meta.suffix.sample + 1}</Fact>}
      <Fact name="template">{meta.template}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-faint">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
