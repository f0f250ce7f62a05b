"use client";
import { useEffect, useState } from "react";

/** What is looked for; told when the typing rests. */
export function Find({ value, label, onChange }: { value: string; label: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const rest = setTimeout(() => onChange(typed), 150);
    return () => clearTimeout(rest);
  }, [typed, value, onChange]);
  return (
    <label className="flex min-w-0 flex-1 items-center gap-2 max-sm:basis-full">
      <span className="text-faint">{label}</span>
      <input
        type="search"
        value={typed}
        onChange={(e) => setTyped(e.target.value)}
        placeholder="words of the problem, answer, model"
        className="h-8 w-full max-w-80 min-w-0 rounded-sm border border-edge bg-raised px-2 text-ink placeholder:text-faint"
      />
    </label>
  );
}

/** Pages of a list: where one is, and the ones beside it. */
export function Pages(props: { page: number; pages: number; onPage: (page: number) => void }) {
  const { page, pages, onPage } = props;
  if (pages <= 1) return null;
  const button = "underline decoration-edge underline-offset-4 disabled:text-faint disabled:no-underline";
  return (
    <nav aria-label="Pages of the list" className="mt-4 flex flex-wrap items-baseline gap-x-5 text-sm">
      <button type="button" className={button} disabled={page <= 0} onClick={() => onPage(page - 1)}>
        Previous page
      </button>
      <span>
        page {page + 1} of {pages}
      </span>
      <button type="button" className={button} disabled={page >= pages - 1} onClick={() => onPage(page + 1)}>
        Next page
      </button>
    </nav>
  );
}
