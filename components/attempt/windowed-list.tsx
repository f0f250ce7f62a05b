"use client";
import { defaultRangeExtractor, useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { AlwaysNear } from "../text/near";
import { goAndStay, type ListProps, rowAttributes, topOfText } from "./list-rows";
import type { Row } from "./prepare";

/** A first guess at a row's height (px); each row is measured when it comes into the document. */
function guess(row: Row | undefined): number {
  if (row?.kind !== "step") return 48;
  const { text } = row.step;
  const displays = text.split(/\$\$|\\\[|\\begin\{/).length - 1;
  return 52 + 27 * Math.ceil(text.length / 95) + 24 * displays;
}

/** A turn of the wheel is drawn before the main thread hears of it: this many rows wait on each side of the window. */
const AHEAD = 12;

/** Only the rows near the window, and those that are kept, are in the document. */
export function WindowedList({ rows, steps, at, goes, keeps, draw }: ListProps) {
  const list = useRef<HTMLOListElement>(null);
  const [margin, setMargin] = useState(0);
  const [top, setTop] = useState(104);
  useLayoutEffect(() => {
    const measure = () => {
      setMargin(list.current === null ? 0 : list.current.getBoundingClientRect().top + window.scrollY);
      setTop(topOfText());
    };
    measure();
    // Unfolding the problem or the reference moves the list.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const [ahead, setAhead] = useState(2);
  useEffect(() => {
    // The first screen comes first; the rows beyond it when the page has answered.
    const soon = setTimeout(() => setAhead(AHEAD), 250);
    return () => clearTimeout(soon);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (i) => guess(rows[i]),
    getItemKey: (i) => {
      const row = rows[i];
      return row?.kind === "step" ? row.step.n : `t${row?.range.from ?? i}`;
    },
    overscan: ahead,
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...keeps])].sort((a, b) => a - b),
    scrollMargin: margin,
    scrollPaddingStart: top,
    initialRect: { width: 1200, height: 900 },
  });
  const to = useRef(at);
  to.current = at;
  useEffect(() => {
    if (goes === 0 || to.current < 0) return;
    return goAndStay(
      () => list.current?.querySelector(`[data-index="${to.current}"]`),
      () => virtualizer.scrollToIndex(to.current, { align: "start" }),
    );
  }, [goes, virtualizer]);
  return (
    <ol
      ref={list}
      aria-label={`Steps of the attempt (${steps}; those near the window are in the page)`}
      data-testid="steps"
      className="relative"
      style={{ height: virtualizer.getTotalSize() }}
    >
      <AlwaysNear>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            <li
              key={item.key}
              ref={virtualizer.measureElement}
              data-index={item.index}
              {...rowAttributes(row)}
              aria-posinset={item.index + 1}
              aria-setsize={rows.length}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start - virtualizer.options.scrollMargin}px)` }}
            >
              {draw(row)}
            </li>
          );
        })}
      </AlwaysNear>
    </ol>
  );
}
