"use client";
import Link from "next/link";
import { useMemo, useState } from "react";
import { ProblemText } from "@/components/attempt/problem-text";
import { TypesetDiff } from "@/components/attempt/replacement";
import { DecideBar } from "@/components/judging/decide-bar";
import { type Draft, NO_DRAFT } from "@/components/judging/draft";
import { ItemReading } from "@/components/judging/item-reading";
import { Key } from "@/components/judging/key-hint";
import {
  cancel,
  type Facts,
  finish,
  type PressAction,
  type Pressed,
  press,
  pressDigit,
} from "@/components/judging/press";
import { rewritingOf } from "@/components/judging/rewriting";
import { ItemFacts } from "@/components/judging/votes";
import { decisionWords } from "@/components/judging/words";
import { ModelText } from "@/components/text/model-text";
import { Button, buttonClass } from "@/components/ui/button";
import { duration, moment } from "@/components/ui/format";
import { Message } from "@/components/ui/message";
import type { RouterInputs } from "@/server/api/root";
import type { KeyAction } from "@/server/core/judging/keys";
import { SETTLE_ACTIONS } from "@/server/core/judging/labels";
import type { DecisionView, DifferenceView, QueueView } from "@/server/core/views/judging";
import { useJudgeKeys } from "../judge/use-judge-keys";

type Settle = RouterInputs["queues"]["settle"];

/** One item with its votes side by side. A digit follows that vote; the other keys make a label of its own. */
export function SettleScreen(props: {
  row: DifferenceView;
  queue: QueueView;
  keys: Partial<Record<KeyAction, string>>;
  off: boolean;
  error: string | null;
  place: string;
  onMove: (by: number) => void;
  onSettle: (choice: Settle) => void;
  base: string;
}) {
  const { queue, off } = props;
  const { item, votes, settlement } = props.row;
  const [draft, set] = useState<Draft>(NO_DRAFT);
  const [current, setCurrent] = useState<number | null>(null);
  const [goes, setGoes] = useState(0);
  const [reference, setReference] = useState(false);
  const [diff, setDiff] = useState(true);
  const [focus, setFocus] = useState(0);
  const [said, setSaid] = useState("");
  // Whoever settles may say anything that can be settled on, whatever judges were asked.
  const schema = useMemo(() => ({ ...queue.schema, actions: [...SETTLE_ACTIONS] }), [queue.schema]);
  const facts: Facts = { schema, steps: item.steps, proposal: item.proposal, current };
  const replaces = settlement?.id ?? null;

  const follow = (vote: DecisionView | undefined) => {
    if (vote === undefined) return setSaid("There is no vote with that number.");
    if (vote.action === "flag") return setSaid("A flag says that something is wrong; settle on a label.");
    if (!off) props.onSettle({ by: "vote", item: item.id, decision: vote.id, note: "", replaces });
  };
  const go = (step: number) => {
    setCurrent(Math.min(item.steps.length, Math.max(1, step)));
    setGoes((n) => n + 1);
  };
  const done = (pressed: Pressed) => {
    if (pressed.kind === "say") return setSaid(pressed.words);
    setSaid("");
    if (pressed.kind === "draft") {
      // Of a long attempt only what is near the window is there: the field comes with its step.
      if (pressed.draft.mode === "edit" && draft.mode !== "edit" && pressed.draft.location !== null) {
        go(pressed.draft.location);
        setFocus((n) => n + 1);
      }
      return set(pressed.draft);
    }
    const { action, ...more } = pressed.decision;
    const own = SETTLE_ACTIONS.find((a) => a === action);
    if (own !== undefined && !off) props.onSettle({ by: "own", item: item.id, replaces, action: own, ...more });
  };
  /** To edit is to begin with what the first judge who rewrote wrote. */
  const edit = () => {
    const written = votes.find((v) => v.content !== null);
    const begun =
      draft.content === null && written !== undefined && draft.firstError === null
        ? { ...draft, content: written.content, location: written.location, firstError: written.location }
        : draft;
    done(press(begun, "edit", facts));
  };
  const act = (action: KeyAction) => {
    switch (action) {
      case "next_step":
        return go((current ?? 0) + 1);
      case "previous_step":
        return go((current ?? 2) - 1);
      case "skip":
        return props.onMove(1);
      case "undo":
        return props.onMove(-1);
      case "reference":
        return setReference(!reference);
      case "diff":
        return setDiff(!diff);
      case "edit":
        return edit();
      case "sample":
      case "history":
      case "help":
        return;
      default:
        return done(press(draft, action, facts));
    }
  };
  const digit = (n: number) => (draft.mode === "idle" ? follow(votes[n - 1]) : done(pressDigit(draft, n, facts)));
  useJudgeKeys(props.keys, { act, digit, finish: () => done(finish(draft, facts)), cancel: () => set(cancel(draft)) });

  const marks = useMemo(() => {
    const at = new Map<number, string[]>();
    for (const v of votes)
      if (v.firstError !== null) at.set(v.firstError, [...(at.get(v.firstError) ?? []), v.person.name]);
    if (draft.firstError !== null) at.set(draft.firstError, [...(at.get(draft.firstError) ?? []), "you"]);
    return at;
  }, [votes, draft.firstError]);
  const rewriting = rewritingOf({ item, draft, diff, focus, onContent: (content) => set({ ...draft, content }) });
  return (
    <article aria-label={`Item ${item.number}`} data-item={item.id}>
      <div className="mb-2 flex flex-wrap items-baseline gap-x-4 text-sm">
        <h2 className="font-sans text-base">Item {item.number}</h2>
        <span className="text-faint">{props.place}</span>
        <Button tone="quiet" onClick={() => props.onMove(-1)}>
          Before
        </Button>
        <Button tone="quiet" onClick={() => props.onMove(1)}>
          Next
        </Button>
        <Link href={`${props.base}/items/${item.id}`} className="text-soft" prefetch={false}>
          History
        </Link>
      </div>
      {settlement !== null && (
        <Message>
          Settled by {settlement.person.name}, {moment(settlement.createdAt)}: {decisionWords(settlement, queue.schema)}
          . Settling again takes its place; it stays in the history.
        </Message>
      )}
      {props.error !== null && <Message tone="error">{props.error}</Message>}
      <section aria-label="Votes" className="my-3">
        <ol className="grid gap-3 sm:grid-cols-2 xl:grid-cols-[repeat(auto-fit,minmax(16rem,1fr))]">
          {votes.map((v, i) => (
            <VoteCard
              key={v.id}
              of={v}
              n={i + 1}
              queue={queue}
              proposal={item.proposal?.content ?? null}
              diff={diff}
              off={off}
              onFollow={() => follow(v)}
            />
          ))}
        </ol>
      </section>
      <div className="max-w-[64rem]">
        <ProblemText
          key={`r${reference}`}
          problem={{ ...item.problem, referenceSource: "" }}
          open={{ problem: true, reference }}
          onOpen={(change) => change.reference !== undefined && setReference(change.reference)}
        />
      </div>
      <ItemReading
        item={item}
        current={current}
        goes={goes}
        onGo={go}
        onPick={setCurrent}
        diff={diff}
        marks={marks}
        rewritten={rewriting.step}
        replacement={rewriting.at}
        aside={<ItemFacts item={{ ...item, others: null }} schema={queue.schema} />}
      />
      <p role="status" className="mt-3 min-h-6 text-sm text-uncertainty">
        {said}
      </p>
      <DecideBar
        draft={draft}
        schema={schema}
        keys={props.keys}
        proposal={item.proposal !== null}
        off={off}
        settling
        onPress={(action: PressAction) =>
          action === "edit" ? edit() : action === "skip" ? props.onMove(1) : done(press(draft, action, facts))
        }
        onDigit={(n) => done(pressDigit(draft, n, facts))}
        onFinish={() => done(finish(draft, facts))}
        onCancel={() => set(cancel(draft))}
        onDrop={() => set(NO_DRAFT)}
        onNote={(note) => set({ ...draft, note })}
      />
    </article>
  );
}

function VoteCard(props: {
  of: DecisionView;
  n: number;
  queue: QueueView;
  proposal: string | null;
  diff: boolean;
  off: boolean;
  onFollow: () => void;
}) {
  const { of: v, proposal } = props;
  return (
    <li className="flex min-w-0 flex-col border-t-2 border-edge bg-sunken px-3 py-2">
      <p className="font-medium">{v.person.name}</p>
      <p className="text-sm">{decisionWords(v, props.queue.schema)}</p>
      <p className="text-sm text-faint">
        {duration(v.seconds)}
        {v.sampled && ", sampled first"}
      </p>
      {v.content !== null && (
        <div className="mt-2 border-s-2 border-intervention bg-intervention-wash px-3 py-1">
          {props.diff && proposal !== null ? (
            <TypesetDiff original={proposal} replacement={v.content} side="right" />
          ) : (
            <ModelText text={v.content} small />
          )}
        </div>
      )}
      {v.note !== "" && <p className="mt-1 text-sm whitespace-pre-wrap text-soft">{v.note}</p>}
      <p className="mt-auto pt-2">
        <button
          type="button"
          disabled={props.off || v.action === "flag"}
          onClick={props.onFollow}
          className={buttonClass()}
        >
          <Key of={String(props.n)} />
          Settle on this
        </button>
      </p>
    </li>
  );
}
