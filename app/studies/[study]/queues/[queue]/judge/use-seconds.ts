"use client";
import { useEffect, useRef } from "react";

/** Seconds for which an item was on the screen of a window that was looked at. */
export function useSeconds(): () => number {
  const before = useRef(0);
  const since = useRef<number | null>(null);
  useEffect(() => {
    const mark = () => {
      const now = performance.now();
      if (since.current !== null) before.current += now - since.current;
      since.current = document.visibilityState === "visible" ? now : null;
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => {
      document.removeEventListener("visibilitychange", mark);
      if (since.current !== null) before.current += performance.now() - since.current;
      since.current = null;
    };
  }, []);
  return () => (before.current + (since.current === null ? 0 : performance.now() - since.current)) / 1000;
}
