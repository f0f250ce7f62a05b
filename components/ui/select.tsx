import { useId } from "react";
import { cx } from "./cx";

/** The look of what is chosen from or typed into. */
export const FIELD = "h-8 rounded-sm border border-edge bg-raised px-2 text-ink";

/** What can be chosen: the values, each with its words where they are others. */
type Options<V extends string> = readonly (V | readonly [V, string])[];

/** The list of choices of the platform, with its keyboard. Its label is its caller's: around it, by `id`, or `aria-label`. */
export function Select<V extends string>(props: {
  value: V;
  options: Options<V>;
  onChange: (value: V) => void;
  className?: string;
  id?: string;
  "aria-label"?: string;
  "aria-describedby"?: string | undefined;
}) {
  const { value, options, onChange, className, ...rest } = props;
  const pairs = options.map((o) => (typeof o === "string" ? ([o, o] as const) : o));
  return (
    <select
      {...rest}
      value={value}
      onChange={(e) => {
        const chosen = pairs.find(([v]) => v === e.target.value);
        if (chosen !== undefined) onChange(chosen[0]);
      }}
      className={cx(FIELD, className)}
    >
      {pairs.map(([v, words]) => (
        <option key={v} value={v}>
          {words}
        </option>
      ))}
    </select>
  );
}

/** One of a few, with its label before it. */
export function LabelledSelect<V extends string>(props: {
  label: string;
  value: V;
  options: Options<V>;
  onChange: (value: V) => void;
  className?: string;
}) {
  const { label, className, ...select } = props;
  const id = useId();
  return (
    <span className={cx("inline-flex max-w-full min-w-0 flex-wrap items-center gap-x-2 text-sm", className)}>
      <label htmlFor={id} className="text-faint">
        {label}
      </label>
      <Select {...select} id={id} className="max-w-full min-w-0" />
    </span>
  );
}
