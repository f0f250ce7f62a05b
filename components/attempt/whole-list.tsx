"use client";
import { useEffect, useRef } from "react";
import { goAndStay, type ListProps, rowAttributes } from "./list-rows";

/** All rows in the document. */
export function WholeList({ rows, at, goes, draw }: ListProps) {
  const list = useRef<HTMLOListElement>(null);
  const to = useRef(at);
  to.current = at;
  useEffect(() => {
    if (goes === 0 || to.current < 0) return;
    return goAndStay(
      () => list.current?.children[to.current],
      () => {},
    );
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
