"use client";
import { useRouter, useSearchParams } from "next/navigation";
import { useCallback, useEffect, useMemo, useState } from "react";
import { replaceSearch } from "@/app/search-params";
import { lookOf, nextMark } from "@/components/attempt/prepare";
import { ARMS, type Arm } from "@/server/core/arms";
import type { AttemptView } from "@/server/core/views/attempt";

/** Where the reader stands in an attempt. All of it is in the address, so that a link shows a colleague the same. */
export interface Place {
  step: number | null;
  /** Grows when the page should scroll to `step`. */
  goes: number;
  /** Place of the verification sample in its list; null: the one whose proposal was chosen. */
  verification: number | null;
  arm: Arm | null;
  /** Sample index of the open continuation. */
  sample: number | null;
  raw: boolean;
  diff: boolean;
  keysOpen: boolean;
  setKeysOpen: (open: boolean) => void;
  /** Name a step without moving. */
  pick: (step: number) => void;
  /** Name a step and scroll to it. */
  go: (step: number) => void;
  set: (name: "v" | "raw" | "diff", value: string | null) => void;
  openSample: (arm: Arm | null, sample: number | null) => void;
}

function whole(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

/** Read the place from the address, and follow the keyboard. */
export function usePlace(o: { attempt: AttemptView; previous: string | null; next: string | null }): Place {
  const { attempt, previous, next } = o;
  const params = useSearchParams();
  const router = useRouter();
  // A link that names a step scrolls to it.
  const [goes, setGoes] = useState(() => (params.get("step") === null ? 0 : 1));
  const [keysOpen, setKeysOpen] = useState(false);
  const named = whole(params.get("step"));
  const step = named !== null && named >= 1 && named <= attempt.steps.length ? named : null;
  const v = whole(params.get("v"));
  const verification = v === null ? null : v - 1;
  const raw = params.get("raw") === "1";
  const diff = params.get("diff") === "1";

  const set = useCallback((name: string, value: string | null) => {
    replaceSearch((search) => {
      if (value === null) search.delete(name);
      else search.set(name, value);
    });
  }, []);
  const pick = useCallback((n: number) => set("step", String(n)), [set]);
  const go = useCallback(
    (n: number) => {
      set("step", String(n));
      setGoes((g) => g + 1);
    },
    [set],
  );
  const openSample = useCallback((arm: Arm | null, sample: number | null) => {
    replaceSearch((search) => {
      if (arm === null || sample === null) {
        search.delete("arm");
        search.delete("sample");
      } else {
        search.set("arm", arm);
        search.set("sample", String(sample + 1));
      }
    });
  }, []);

  const { marks } = useMemo(() => lookOf(attempt, verification), [attempt, verification]);
  useEffect(() => {
    const last = attempt.steps.length;
    const onKey = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return;
      const target = e.target as HTMLElement | null;
      if (target?.closest("input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog]")) return;
      const goTo = (n: number | null) => {
        if (n !== null && n >= 1 && n <= last) go(n);
      };
      const actions: Record<string, () => void> = {
        j: () => goTo(Math.min(last, (step ?? 0) + 1)),
        k: () => goTo(Math.max(1, (step ?? 2) - 1)),
        n: () => goTo(nextMark(marks, step, true)),
        N: () => goTo(nextMark(marks, step, false)),
        g: () => goTo(1),
        G: () => goTo(last),
        v: () => {
          const n = attempt.verifications.length;
          if (n > 0) set("v", String((((verification ?? -1) + 1) % n) + 1));
        },
        d: () => set("diff", diff ? null : "1"),
        r: () => set("raw", raw ? null : "1"),
        "]": () => next !== null && router.push(next),
        "[": () => previous !== null && router.push(previous),
        "?": () => setKeysOpen(true),
      };
      const action = actions[e.key];
      if (action === undefined) return;
      e.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [attempt, step, verification, raw, diff, marks, go, set, router, previous, next]);

  const sample = whole(params.get("sample"));
  return {
    step,
    goes,
    verification,
    arm: ARMS.find((a) => a === params.get("arm")) ?? null,
    sample: sample === null ? null : sample - 1,
    raw,
    diff,
    keysOpen,
    setKeysOpen,
    pick,
    go,
    set,
    openSample,
  };
}
