"use client";
import { useEffect, useRef } from "react";

/** Where keys belong to what is typed into, or to a widget of its own. */
const TYPING =
  "input, textarea, select, [contenteditable], [role=dialog], [role=alertdialog], [role=menu], [role=listbox]";
/** Inside these, arrows move or scroll what has the focus. */
const OWN_ARROWS = "[data-own-arrows], [role=tablist], [role=tabpanel], [role=slider], [role=group], [role=radiogroup]";

/**
 * Keys of the page. `Shift+F3` and `Ctrl+f` (the command key too) name their modifiers, except shift where it makes another
 * character. A key that something on the page has taken already is left alone.
 */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.altKey || e.defaultPrevented || e.isComposing) return;
      const name = `${e.ctrlKey || e.metaKey ? "Ctrl+" : ""}${e.shiftKey && e.key.length > 1 ? "Shift+" : ""}${e.key}`;
      const action = current.current[name];
      if (action === undefined) return;
      const target = e.target instanceof Element ? e.target : null;
      if (target?.closest(TYPING)) return;
      if (e.key.startsWith("Arrow") && target?.closest(OWN_ARROWS)) return;
      e.preventDefault();
      action();
    };
    window.addEventListener("keydown", onKey);
    // From here on the page answers to keys (measured by `npm run bench -- trace`).
    performance.mark("reader-ready");
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
