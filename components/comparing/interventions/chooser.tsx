"use client";
import { useId } from "react";

/** A choice of one among a few, with its label before it. */
export function Chooser(props: {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <span className="inline-flex max-w-full flex-wrap items-baseline gap-x-2 text-sm">
      <label htmlFor={id} className="text-faint">
        {props.label}
      </label>
      <select
        id={id}
        value={props.value}
        onChange={(e) => props.onChange(e.target.value)}
        className="min-h-8 max-w-full rounded-sm border border-edge bg-raised px-2 text-ink hover:border-ink"
      >
        {props.options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
    </span>
  );
}
