"use client";
import { useEffect, useRef } from "react";
import { type KeyAction, keysOf } from "@/server/core/judging/keys";

/** Keys belong to what is typed into, and to widgets of their own. */
const TYPING =
  "input, textarea, select, [contenteditable], [role=menu], [role=listbox]";
/** One that is being closed has no keys any more. */
const DIALOG = ":is([role=dialog], [role=alertdialog]):not([data-closed])";
/** Space and Enter press these. */
const PRESSED = "button, a[href], summary, [role=button], [role=tab]";

export interface JudgeKeys {
  act: (action: KeyAction) => void;
  digit: (digit: number) => void;
  finish: () => void;
  cancel: () => void;
}

/** Which of these may be held down. */
const MAY_REPEAT: readonly KeyAction[] = ["next_step", "previous_step"];

/**
 * The keys of judging, moved as the person has moved them. Ctrl Enter and Escape also count while typing; everything else is off
 * then. A key that is held down decides once.
 */
export function useJudgeKeys(moved: Partial<Record<KeyAction, string>>, keys: Partial<JudgeKeys>): void {
  const current = useRef({ moved, keys });
  useEffect(() => {
    current.current = { moved, keys };
  });
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const { moved, keys } = current.current;
      if (e.altKey || e.defaultPrevented || e.isComposing) return;
      const target = e.target instanceof Element ? e.target : null;
      if (target?.closest(DIALOG)) return;
      const run = (act: (() => void) | undefined) => {
        if (act === undefined) return;
        e.preventDefault();
        act();
      };
      const command = e.ctrlKey || e.metaKey;
      if (command && e.key === "Enter" && !e.repeat) return run(keys.finish);
      if (e.key === "Escape") {
        if (target instanceof HTMLElement && target.closest(TYPING)) return run(() => target.blur());
        return run(keys.cancel);
      }
      if (target?.closest(TYPING)) return;
      if (command) {
        const { act } = keys;
        return e.key.toLowerCase() === "z" && !e.shiftKey && act && !e.repeat ? run(() => act("undo")) : undefined;
      }
      if (/^[1-9]$/.test(e.key) && !e.repeat) return run(() => keys.digit?.(Number(e.key)));
      if ((e.key === " " || e.key === "Enter") && target?.closest(PRESSED)) return;
      const arrow = { ArrowDown: "next_step", ArrowUp: "previous_step" } as const;
      if (e.key in arrow && target?.closest("[role=slider], [role=radiogroup], [role=tablist]")) return;
      const action =
        arrow[e.key as keyof typeof arrow] ??
        (Object.entries(keysOf(moved)) as [KeyAction, string][]).find(
          ([, k]) => k.toLowerCase() === e.key.toLowerCase(),
        )?.[0];
      if (action === undefined || (e.repeat && !MAY_REPEAT.includes(action))) return;
      const { act } = keys;
      run(act && (() => act(action)));
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
