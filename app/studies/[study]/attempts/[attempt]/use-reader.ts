"use client";
import { useRouter, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { replaceSearch } from "@/app/search-params";
import { type Look, lookOf, nextMark } from "@/components/attempt/prepare";
import { ARMS, type Arm } from "@/server/core/arms";
import type { AttemptView } from "@/server/core/views/attempt";

/** Where the reader stands in an attempt. All of it is in the address, so that a link shows a colleague the same. */
export interface Place {
  step: number | null;
  /** Place of the verification sample in its list (0-based); null: the one whose proposal was chosen. */
  verification: number | null;
  arm: Arm | null;
  /** Sample index (0-based) of the open continuation. */
  sample: number | null;
  /** Text as the model wrote it. */
  raw: boolean;
  /** Word diff in place of the two typeset sides. */
  diff: boolean;
}

function whole(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

/** The place an address names. Numbers are 1-based there, as people count. */
export function placeOf(search: URLSearchParams, steps: number): Place {
  const step = whole(search.get("step"));
  const v = whole(search.get("v"));
  const sample = whole(search.get("sample"));
  return {
    step: step !== null && step >= 1 && step <= steps ? step : null,
    verification: v === null || v < 1 ? null : v - 1,
    arm: ARMS.find((a) => a === search.get("arm")) ?? null,
    sample: sample === null || sample < 1 ? null : sample - 1,
    raw: search.get("raw") === "1",
    diff: search.get("diff") === "1",
  };
}

/** Write a place into search parameters; the others stay. */
export function writePlace(place: Place, search: URLSearchParams): void {
  const set = (name: string, value: string | null) => (value === null ? search.delete(name) : search.set(name, value));
  set("step", place.step === null ? null : String(place.step));
  set("v", place.verification === null ? null : String(place.verification + 1));
  set("arm", place.arm);
  set("sample", place.sample === null ? null : String(place.sample + 1));
  set("raw", place.raw ? "1" : null);
  set("diff", place.diff ? "1" : null);
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
}

/**
 * The reader's place. It lives here and is mirrored into the address: keys come faster than Next hands back a changed
 * address, and `j j` must be two steps.
 */
export function useReader(o: { attempt: AttemptView; previous: string | null; next: string | null }): Reader {
  const { attempt, previous, next } = o;
  const params = useSearchParams();
  const router = useRouter();
  const [place, setPlace] = useState(() => placeOf(new URLSearchParams(params), attempt.steps.length));
  // A link that names a step scrolls to it.
  const [goes, setGoes] = useState(place.step === null ? 0 : 1);
  const [keysOpen, setKeysOpen] = useState(false);
  const now = useRef(place);

  const set = useCallback((change: Partial<Place>) => {
    now.current = { ...now.current, ...change };
    setPlace(now.current);
    replaceSearch((search) => writePlace(now.current, search));
  }, []);
  const pick = useCallback((step: number) => set({ step }), [set]);
  const go = useCallback(
    (step: number) => {
      set({ step });
      setGoes((g) => g + 1);
    },
    [set],
  );
  const look = useMemo(() => lookOf(attempt, place.verification), [attempt, place.verification]);

  useEffect(() => {
    const last = attempt.steps.length;
    const goTo = (n: number | null) => {
      if (n !== null && last > 0) go(Math.min(last, Math.max(1, n)));
    };
    const actions: Record<string, () => void> = {
      j: () => goTo((now.current.step ?? 0) + 1),
      k: () => goTo((now.current.step ?? 2) - 1),
      n: () => goTo(nextMark(look.marks, now.current.step, true)),
      N: () => goTo(nextMark(look.marks, now.current.step, false)),
      g: () => goTo(1),
      G: () => goTo(last),
      v: () => {
        const shown = attempt.verifications.findIndex((v) => v.id === look.verification?.id);
        if (shown >= 0) set({ verification: (shown + 1) % attempt.verifications.length });
      },
      d: () => set({ diff: !now.current.diff }),
      r: () => set({ raw: !now.current.raw }),
      "]": () => next !== null && router.push(next),
      "[": () => previous !== null && router.push(previous),
      "?": () => setKeysOpen(true),
    };
    const onKey = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
      const target = e.target instanceof Element ? e.target : null;
      if (target?.closest("input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog]")) return;
      const action = actions[e.key];
      if (action === undefined) return;
      e.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [attempt, look, go, set, router, previous, next]);

  return { place, look, goes, keysOpen, setKeysOpen, set, pick, go };
}
