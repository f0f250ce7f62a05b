"use client";
import { type RefObject, useEffect, useRef, useState } from "react";

/** The width of an element in px, as it changes; `before` until it is known. */
export function useWidth<T extends HTMLElement>(before: number): [RefObject<T | null>, number] {
  const place = useRef<T>(null);
  const [width, setWidth] = useState(before);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const watch = new ResizeObserver(([entry]) => {
      const now = Math.round(entry?.contentRect.width ?? 0);
      if (now > 0) setWidth(now);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return [place, width];
}
