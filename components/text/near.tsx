"use client";
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";

/**
 * Whether what is drawn here stands near the window. Formulas are typeset there alone: a page of 3,000 costs its reader
 * nothing for those that are never looked at.
 */
const NearContext = createContext<boolean | null>(null);

/** True near the window, and where nobody keeps watch. */
export const useNear = () => useContext(NearContext) ?? true;

/** For a list that only keeps in the document what is near the window: its rows need no watching of their own. */
export function AlwaysNear({ children }: { children: ReactNode }) {
  return <NearContext value={true}>{children}</NearContext>;
}

/** How far from the window (px) still counts as near: one or two turns of the wheel ahead. */
const MARGIN = "1200px 0px";

const waiting = new WeakMap<Element, () => void>();
let watcher: IntersectionObserver | null = null;

function watch(element: Element, seen: () => void): () => void {
  watcher ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        waiting.get(entry.target)?.();
        waiting.delete(entry.target);
        watcher?.unobserve(entry.target);
      }
    },
    { rootMargin: MARGIN },
  );
  waiting.set(element, seen);
  watcher.observe(element);
  return () => {
    waiting.delete(element);
    watcher?.unobserve(element);
  };
}

/** Its formulas stay source until it comes near the window for the first time. */
export function WhenNear({ children }: { children: ReactNode }) {
  const outer = useContext(NearContext);
  return outer === true ? children : <Watched>{children}</Watched>;
}

function Watched({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || place.current === null) return;
    const unwatch = watch(place.current, () => setNear(true));
    // On paper all of it is near; the print is drawn as soon as this returns.
    const onPrint = () => flushSync(() => setNear(true));
    window.addEventListener("beforeprint", onPrint);
    return () => {
      unwatch();
      window.removeEventListener("beforeprint", onPrint);
    };
  }, [near]);
  return (
    <div ref={place}>
      <NearContext value={near}>{children}</NearContext>
    </div>
  );
}
