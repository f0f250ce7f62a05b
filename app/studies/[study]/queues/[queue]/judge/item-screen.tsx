"use client";
import Link from "next/link";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ProblemText } from "@/components/attempt/problem-text";
import { DecideBar } from "@/components/judging/decide-bar";
import { NO_DRAFT } from "@/components/judging/draft";
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
import { Button, buttonClass } from "@/components/ui/button";
import { type KeyAction, keysOf } from "@/server/core/judging/keys";
import type { Me } from "@/server/core/people";
import type { ItemView, QueueView } from "@/server/core/views/judging";
import { DraftClash } from "./draft-clash";
import { OwnSamplesPanel, useOwnSamples } from "./own-samples";
import { useDraft } from "./use-draft";
import { useJudgeKeys } from "./use-judge-keys";
import { useSeconds } from "./use-seconds";
import type { Session } from "./use-session";

const KEPT = {
  nothing: "",
  saved: "draft kept",
  saving: "keeping the draft…",
  here: "draft kept in this browser until the server answers",
};

/** One item on one screen. It is drawn once while it is still ahead, so that showing it costs nothing. */
export function ItemScreen(props: {
  item: ItemView;
  queue: QueueView;
  me: Me;
  session: Session;
  /** Its reservation is gone: it can be read and written, not decided. */
  lost: boolean;
  /** The sheet of keys is open. */
  sheet: boolean;
  onHelp: () => void;
  help: React.ReactNode;
  announce: (words: string) => void;
}) {
  const { item, queue, me, session, announce } = props;
  const hand = useDraft(item, me.id, session.bodyOf(item.id));
  const { draft, set } = hand;
  const [current, setCurrent] = useState<number | null>(hand.draft.mode === "edit" ? hand.draft.location : null);
  const [goes, setGoes] = useState(hand.draft.mode === "edit" ? 1 : 0);
  const [reference, setReference] = useState(false);
  const [diff, setDiff] = useState(true);
  const [focus, setFocus] = useState(0);
  const [said, setSaid] = useState("");
  const opened = useRef(new Set<string>());
  const seconds = useSeconds();
  const samples = useOwnSamples(item.id);
  const samplesShown = useCallback(() => void opened.current.add("samples"), []);
  const facts: Facts = { schema: queue.schema, steps: item.steps, proposal: item.proposal, current };

  const go = (step: number) => {
    setCurrent(Math.min(item.steps.length, Math.max(1, step)));
    setGoes((n) => n + 1);
  };
  const done = (pressed: Pressed) => {
    if (pressed.kind === "say") {
      setSaid(pressed.words);
      announce(pressed.words);
    } else if (pressed.kind === "draft") {
      setSaid("");
      // Of a long attempt only what is near the window is there: the field comes with its step.
      if (pressed.draft.mode === "edit" && draft.mode !== "edit" && pressed.draft.location !== null) {
        go(pressed.draft.location);
        setFocus((n) => n + 1);
      }
      set(pressed.draft);
    } else if (props.lost) {
      setSaid("Your reservation is gone: take the item up again first, or go on to another.");
    } else {
      session.decide(item, { decision: pressed.decision, draft, seconds: seconds(), opened: [...opened.current] });
    }
  };
  const sample = () => {
    if (draft.content === null || draft.location === null) {
      setSaid("Rewrite a step first; then you can sample from it.");
      return;
    }
    opened.current.add("samples");
    samples.ask(draft.content, draft.location);
  };
  const showReference = (open: boolean) => {
    if (open) opened.current.add("reference");
    setReference(open);
  };
  const act = (action: KeyAction) => {
    switch (action) {
      case "undo":
        return session.undo();
      case "next_step":
        return go((current ?? 0) + 1);
      case "previous_step":
        return go((current ?? 2) - 1);
      case "sample":
        return sample();
      case "reference":
        return showReference(!reference);
      case "diff":
        opened.current.add("diff");
        return setDiff(!diff);
      case "history":
        return window.location.assign(`items/${item.id}`);
      case "help":
        return props.onHelp();
      default:
        return done(press(draft, action, facts));
    }
  };
  const keysNow = {
    act,
    digit: (digit: number) => done(pressDigit(draft, digit, facts)),
    finish: () => done(finish(draft, facts)),
    cancel: () => {
      const newest = session.notices.at(-1);
      if (draft.mode === "idle" && newest !== undefined) session.dismiss(newest.id);
      else set(cancel(draft));
    },
  };
  // Also before the sheet has taken the focus: a key that is tried there decides nothing.
  useJudgeKeys(me.keys, props.sheet ? {} : keysNow);

  // A screen reader begins at the item's name, and a key that was on a button is not pressed again.
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, []);

  const marks = useMemo(
    () => new Map(draft.firstError === null ? [] : [[draft.firstError, ["you"]]]),
    [draft.firstError],
  );
  const rewriting = rewritingOf({ item, draft, diff, focus, onContent: (content) => set({ ...draft, content }) });
  const keys = keysOf(me.keys);
  return (
    <article aria-label={`Item ${item.number}`}>
      <h2
        ref={heading}
        tabIndex={-1}
        className="mb-1 flex flex-wrap items-baseline gap-x-3 font-sans text-base outline-none"
      >
        Item {item.number}
        <span className="text-sm font-normal text-faint">
          {item.steps.length} steps{item.hasProposal && item.visible.proposal && ", with a proposal"}
        </span>
        <span className="text-sm font-normal text-faint" data-testid="kept">
          {KEPT[hand.kept]}
        </span>
      </h2>
      <div className="max-w-[64rem]">
        <ProblemText
          key={`r${reference}`}
          problem={{ ...item.problem, referenceSource: "" }}
          open={{ problem: true, reference }}
          onOpen={(change) => change.reference !== undefined && showReference(change.reference)}
        />
      </div>
      {hand.clash !== null && <DraftClash mine={draft} clash={hand.clash} onResolve={hand.resolve} />}
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
        actions={() => (
          <span className="mt-1 flex flex-wrap gap-x-4">
            <Button tone="quiet" onClick={() => done(press(draft, "locate", facts))}>
              The first error is here <Key of={keys.locate} />
            </Button>
          </span>
        )}
        aside={
          <div className="space-y-5">
            <ItemFacts item={item} schema={queue.schema} />
            <OwnSamplesPanel item={item.id} error={samples.error} onShown={samplesShown} />
          </div>
        }
      />
      <p role="status" className="mt-3 min-h-6 text-sm text-uncertainty">
        {said}
      </p>
      <DecideBar
        draft={draft}
        schema={queue.schema}
        keys={me.keys}
        proposal={item.proposal !== null}
        off={props.lost || hand.clash !== null}
        canUndo={!session.busy}
        onPress={(action: PressAction) => done(press(draft, action, facts))}
        onDigit={(digit) => done(pressDigit(draft, digit, facts))}
        onFinish={() => done(finish(draft, facts))}
        onCancel={() => set(cancel(draft))}
        onDrop={() => set(NO_DRAFT)}
        onNote={(note) => set({ ...draft, note })}
        onUndo={session.undo}
        more={
          <button type="button" onClick={sample} disabled={samples.busy} className={buttonClass()}>
            <Key of={keys.sample} className="max-sm:hidden" />
            {samples.busy ? "Asking…" : "Sample 4 from it"}
          </button>
        }
        end={
          <>
            <Link href={`items/${item.id}`} className="text-sm text-soft" prefetch={false}>
              History
            </Link>
            {props.help}
          </>
        }
      />
    </article>
  );
}
