"use client";
import { Toggle } from "@base-ui/react/toggle";
import { ToggleGroup } from "@base-ui/react/toggle-group";
import { useEffect, useState } from "react";
import { cx } from "../ui/cx";

export const FIELD = "min-h-8 rounded-sm border border-edge bg-raised px-1.5 text-sm tabular-nums";

/** One of a few words, side by side. */
export function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onValue: (value: T) => void;
}) {
  return (
    <ToggleGroup
      aria-label={props.label}
      value={[props.value]}
      onValueChange={(value) => {
        const chosen = props.options.find(([key]) => key === value[0]);
        if (chosen) props.onValue(chosen[0]);
      }}
      className="flex flex-wrap gap-1"
    >
      {props.options.map(([key, word]) => (
        <Toggle
          key={key}
          value={key}
          className="min-h-8 rounded-sm border border-rule px-2.5 text-sm text-soft hover:text-ink data-pressed:border-ink data-pressed:bg-raised data-pressed:text-ink"
        >
          {word}
        </Toggle>
      ))}
    </ToggleGroup>
  );
}

/** A number with its bounds. What is typed counts once it is one; leaving the field puts the last good one back. */
export function NumberField(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  step?: number;
  wide?: boolean;
  onValue: (value: number) => void;
}) {
  const { value, min, max } = props;
  const [typed, setTyped] = useState(String(value));
  useEffect(() => setTyped(String(value)), [value]);
  const good = (text: string) => {
    const n = Number(text);
    return text.trim() !== "" && Number.isFinite(n) && n >= min && n <= max && (props.step !== undefined || Number.isInteger(n));
  };
  return (
    <label className="flex items-center gap-1.5 whitespace-nowrap text-soft">
      {props.label}
      <input
        type="number"
        inputMode={props.step === undefined ? "numeric" : "decimal"}
        className={cx(FIELD, props.wide ? "w-24" : "w-16", !good(typed) && "border-error")}
        min={min}
        max={max}
        step={props.step ?? 1}
        required
        value={typed}
        onChange={(e) => {
          setTyped(e.target.value);
          if (good(e.target.value)) props.onValue(Number(e.target.value));
        }}
        onBlur={() => setTyped(String(value))}
      />
    </label>
  );
}

