"use client";
import { useId } from "react";
import { replaceSearch } from "@/app/search-params";

/** How much the lines are smoothed; the raw ones stay beneath whatever it says. */
export function SmoothingField({ value }: { value: number }) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="block text-sm text-soft">
        Smoothing (exponential mean): <span className="text-ink tabular-nums">{value === 0 ? "off" : value.toFixed(2)}</span>
      </label>
      <input
        id={id}
        type="range"
        min={0}
        max={0.99}
        step={0.01}
        value={value}
        aria-valuetext={value === 0 ? "off" : value.toFixed(2)}
        onChange={(e) => {
          const weight = e.target.valueAsNumber;
          replaceSearch((search) => (weight > 0 ? search.set("ema", String(weight)) : search.delete("ema")));
        }}
        className="mt-1 h-8 w-72 max-w-full accent-ink"
      />
    </div>
  );
}
