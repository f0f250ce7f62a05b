"use client";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Address } from "@/app/address";
import { type Look, lookOf, nextMark } from "@/components/attempt/prepare";
import { findHits, type Hit, hitFrom, hitsByStep } from "@/components/attempt/search";
import { siftMarks } from "@/components/attempt/sift";
import type { AttemptView, ContinuationMark } from "@/server/core/views/attempt";
import { type Place, placeOf, type SamplePlace, writePlace } from "./place";
import { useKeys } from "./use-keys";

export interface Search {
  open: boolean;
  /** Grows when the search is asked for again: the field takes the focus. */
  asked: number;
  hits: readonly Hit[];
  byStep: ReadonlyMap<number, number>;
  /** Place in `hits` of the one that is looked at; -1 without hits. */
  at: number;
  setQuery: (query: string) => void;
  /** To the next hit, or the one before; round at the ends. */
  move: (forward: boolean) => void;
  ask: () => void;
  /** Close it, and forget what was searched for. */
  close: () => void;
}

export interface Reader {
  place: Place;
  look: Look;
  /** Grows when the page should scroll to `place.step`. */
  goes: number;
  keysOpen: boolean;
  setKeysOpen: (open: boolean) => void;
  set: (change: Partial<Place>) => void;
  /** Name a step without moving. */
  pick: (step: number) => void;
  /** Name a step and scroll to it. */
  go: (step: number) => void;
  search: Search;
}

/**
 * The reader's place. It lives here and is mirrored into the address: keys come faster than Next hands back a changed
 * address, and `j j` must be two steps.
 */
export function useReader(o: {
  attempt: AttemptView;
  address: Address;
  previous: string | null;
  next: string | null;
  /** Keys that open panels: key → panel id. */
  panels: Readonly<Record<string, string>>;
  /** Whether only part of the attempt is in the document, so that the browser's own search would miss the rest. */
  windowed: boolean;
}): Reader {
  const { attempt, previous, next, address } = o;
  const { replace } = address;
  const [place, setPlace] = useState(() => placeOf(address.search(), attempt.steps.length));
  // A link that names a step scrolls to it.
  const [goes, setGoes] = useState(place.step === null ? 0 : 1);
  const [keysOpen, setKeysOpen] = useState(false);
  const now = useRef(place);

  const set = useCallback(
    (change: Partial<Place>) => {
      now.current = { ...now.current, ...change };
      setPlace(now.current);
      replace((search) => writePlace(now.current, search));
    },
    [replace],
  );
  const pick = useCallback((step: number) => set({ step }), [set]);
  const look = useMemo(() => lookOf(attempt, place.verification), [attempt, place.verification]);
  const go = useCallback(
    (step: number) => {
      // A step that is folded away is unfolded first.
      const folded = look.steps[step - 1]?.thought === true && !now.current.thinking;
      set(folded ? { step, thinking: true } : { step });
      setGoes((g) => g + 1);
    },
    [set, look],
  );
  const search = useSearch({ attempt, look, place, set, go });

  /** Open the sample before or after the open one, in the strip's order. */
  const moveSample = useCallback(
    (by: number) => {
      const open = now.current.open;
      const arm = open?.arm ?? attempt.strips.at(-1)?.arm;
      const strip = attempt.strips.find((s) => s.arm === arm);
      if (strip === undefined) return;
      const marks = siftMarks(strip.marks, now.current.sift);
      const at = marks.findIndex((m) => m.sampleIndex === open?.sample);
      const to = marks[at === -1 ? 0 : at + by];
      if (to !== undefined) set({ open: placeOfMark(to), panel: "continuations" });
    },
    [attempt, set],
  );

  const last = attempt.steps.length;
  const goTo = (n: number | null) => {
    if (n !== null && last > 0) go(Math.min(last, Math.max(1, n)));
  };
  const step = () => now.current.step;
  useKeys({
    j: () => goTo((step() ?? 0) + 1),
    k: () => goTo((step() ?? 2) - 1),
    ArrowDown: () => goTo((step() ?? 0) + 1),
    ArrowUp: () => goTo((step() ?? 2) - 1),
    n: () => goTo(nextMark(look.marks, step(), true)),
    N: () => goTo(nextMark(look.marks, step(), false)),
    g: () => goTo(1),
    G: () => goTo(last),
    v: () => {
      const shown = attempt.verifications.findIndex((v) => v.id === look.verification?.id);
      if (shown >= 0) set({ verification: (shown + 1) % attempt.verifications.length });
    },
    d: () => set({ diff: !now.current.diff }),
    r: () => set({ raw: !now.current.raw }),
    z: () => look.thoughts.length > 0 && set({ thinking: !now.current.thinking }),
    ".": () => moveSample(1),
    ",": () => moveSample(-1),
    "/": search.ask,
    F3: () => search.move(true),
    "Shift+F3": () => search.move(false),
    Escape: () => search.open && search.close(),
    "]": () => next !== null && address.push(next),
    "[": () => previous !== null && address.push(previous),
    "?": () => setKeysOpen(true),
    ...Object.fromEntries(Object.entries(o.panels).map(([key, panel]) => [key, () => set({ panel })])),
    // The first press finds in the whole attempt; in our field, the second is the browser's own.
    ...(o.windowed ? { "Ctrl+f": search.ask } : {}),
  });

  return { place, look, goes, keysOpen, setKeysOpen, set, pick, go, search };
}

/** Where a mark of a strip stands. */
export function placeOfMark(mark: Pick<ContinuationMark, "arm" | "sampleIndex">): SamplePlace {
  return { arm: mark.arm, sample: mark.sampleIndex };
}

function useSearch(o: {
  attempt: AttemptView;
  look: Look;
  place: Place;
  set: (change: Partial<Place>) => void;
  go: (step: number) => void;
}): Search {
  const { attempt, look, place, set, go } = o;
  const [open, setOpen] = useState(place.query !== "");
  const [asked, setAsked] = useState(0);
  // Not deferred: Enter comes right after the last letter, and 500 steps are searched in a few milliseconds.
  const { query } = place;
  const hits = useMemo(() => findHits(attempt.steps, look.proposal, query), [attempt, look.proposal, query]);
  const byStep = useMemo(() => hitsByStep(hits), [hits]);
  const [chosen, setChosen] = useState<{ query: string; at: number } | null>(null);
  // Until one is chosen it is the first from the step that is named.
  const at = chosen?.query === query && chosen.at < hits.length ? chosen.at : hitFrom(hits, place.step);

  const to = useCallback(
    (place: number) => {
      const hit = hits[place];
      if (hit === undefined) return;
      setChosen({ query, at: place });
      go(hit.step);
    },
    [hits, query, go],
  );
  return {
    open,
    asked,
    hits,
    byStep,
    at,
    setQuery: useCallback((query: string) => set({ query }), [set]),
    move: (forward) => {
      if (hits.length === 0) return;
      const first = chosen?.query !== query;
      to(first ? at : (at + (forward ? 1 : -1) + hits.length) % hits.length);
    },
    ask: () => {
      setOpen(true);
      setAsked((n) => n + 1);
    },
    close: () => {
      setOpen(false);
      set({ query: "" });
    },
  };
}
