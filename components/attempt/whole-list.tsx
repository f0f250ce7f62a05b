"use client";
import { useEffect, useRef } from "react";
import { type ListProps, rowAttributes, topOfText } from "./list-rows";

/** All rows in the document. */
export function WholeList({ rows, at, goes, draw }: ListProps) {
  const list = useRef<HTMLOListElement>(null);
  const to = useRef(at);
  to.current = at;
  useEffect(() => {
    const element = list.current?.children[to.current];
    if (goes === 0 || element === undefined) return;
    window.scrollTo({ top: element.getBoundingClientRect().top + window.scrollY - topOfText() });
  }, [goes]);
  return (
    <ol ref={list} aria-label="Steps of the attempt" data-testid="steps">
      {rows.map((row) => (
        <li key={row.kind === "step" ? row.step.n : `t${row.range.from}`} {...rowAttributes(row)}>
          {draw(row)}
        </li>
      ))}
    </ol>
  );
}
