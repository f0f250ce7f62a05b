"use client";

/** A native select: the list of the platform, the keyboard of the platform. */
export function Choice<V extends string>(props: {
  label: string;
  value: V;
  options: readonly (readonly [V, string])[];
  onChange: (value: V) => void;
}) {
  return (
    <label className="flex items-center gap-2">
      <span className="text-faint">{props.label}</span>
      <select
        value={props.value}
        onChange={(e) => {
          const chosen = props.options.find(([v]) => v === e.target.value);
          if (chosen !== undefined) props.onChange(chosen[0]);
        }}
        className="h-8 rounded-sm border border-edge bg-raised px-2 text-ink"
      >
        {props.options.map(([v, words]) => (
          <option key={v} value={v}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
