"use client";
import { useEffect, useRef } from "react";
import { Button } from "../ui/button";
import { count } from "../ui/format";
import { MOST_HITS } from "./search";

/** Find in the whole attempt, near the window or not. */
export function SearchBar(props: {
  query: string;
  onQuery: (query: string) => void;
  hits: number;
  /** How many steps hold one. */
  steps: number;
  /** Place of the hit that is looked at (0-based); -1 without hits. */
  at: number;
  /** Grows when the field is to take the focus. */
  asked: number;
  onMove: (forward: boolean) => void;
  onClose: () => void;
  /** Only part of the attempt is in the document, so that the browser's own search finds less than this one. */
  windowed: boolean;
}) {
  const { asked } = props;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asked === 0) return;
    field.current?.focus();
    field.current?.select();
  }, [asked]);
  const none = props.query.trim() === "";
  return (
    <search className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <input
        ref={field}
        type="search"
        aria-label="Search this attempt"
        placeholder="Search this attempt"
        value={props.query}
        onChange={(e) => props.onQuery(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === "Escape") props.onClose();
          else if (e.key === "Enter" || e.key === "F3") props.onMove(!e.shiftKey);
          else return;
          e.preventDefault();
          if (e.key === "Escape") field.current?.blur();
        }}
        className="min-h-8 w-56 max-w-full min-w-0 rounded-sm border border-edge bg-raised px-2 text-base placeholder:text-faint"
      />
      <output className="text-sm text-soft" data-testid="hits">
        {none
          ? ""
          : props.hits === 0
            ? "not found"
            : `${props.at + 1} of ${props.hits >= MOST_HITS ? "more than " : ""}${count(props.hits)}, in ${count(props.steps)} ${props.steps === 1 ? "step" : "steps"}`}
      </output>
      <span className="flex gap-3">
        <Button tone="quiet" disabled={props.hits === 0} onClick={() => props.onMove(false)}>
          Previous hit
        </Button>
        <Button tone="quiet" disabled={props.hits === 0} onClick={() => props.onMove(true)}>
          Next hit
        </Button>
        <Button tone="quiet" onClick={props.onClose}>
          Close search
        </Button>
      </span>
      {props.windowed && (
        <span className="text-xs text-faint max-md:hidden">
          searches every step; Ctrl+F again for the browser’s own
        </span>
      )}
    </search>
  );
}
