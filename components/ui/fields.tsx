import { type ReactNode, useId } from "react";
import { FIELD, Select } from "./select";

/** One of a few, with its label above. */
export function SelectField(props: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
  hint?: string;
}) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block text-sm text-soft">
        {props.label}
      </label>
      <Select
        id={id}
        value={props.value}
        options={props.options}
        onChange={props.onChange}
        aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
        className="mt-1 w-full max-w-72"
      />
      <Hint id={`${id}-hint`}>{props.hint}</Hint>
    </div>
  );
}

/** A box to tick, with a line that says what it does. */
export function CheckField(props: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: string | undefined;
}) {
  const id = useId();
  return (
    <div className="flex gap-2">
      <input
        id={id}
        type="checkbox"
        checked={props.checked}
        onChange={(e) => props.onChange(e.target.checked)}
        aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
        className="mt-1 size-4 shrink-0 accent-ink"
      />
      <div className="min-w-0">
        <label htmlFor={id}>{props.label}</label>
        <Hint id={`${id}-hint`}>{props.hint}</Hint>
      </div>
    </div>
  );
}

/** A number; what is no number in its range is not taken over. */
export function NumberField(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number | "any";
  onChange: (value: number) => void;
  hint?: string | undefined;
}) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block text-sm text-soft">
        {props.label}
      </label>
      <input
        id={id}
        type="number"
        inputMode="decimal"
        defaultValue={props.value}
        min={props.min}
        max={props.max}
        step={props.step}
        onChange={(e) => {
          const n = e.target.valueAsNumber;
          if (Number.isFinite(n) && n >= props.min && n <= props.max) props.onChange(n);
        }}
        aria-describedby={props.hint === undefined ? undefined : `${id}-hint`}
        className={`${FIELD} mt-1 w-28`}
      />
      <Hint id={`${id}-hint`}>{props.hint}</Hint>
    </div>
  );
}

/** A box for text with its label above. */
export function TextField(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  rows?: number;
  required?: boolean;
  maxLength?: number;
  hint?: string;
}) {
  const id = useId();
  const looks = "mt-1 block w-full rounded-sm border border-edge bg-raised px-2 text-ink";
  const shared = {
    id,
    value: props.value,
    required: props.required,
    maxLength: props.maxLength,
    "aria-describedby": props.hint === undefined ? undefined : `${id}-hint`,
  };
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block text-sm text-soft">
        {props.label}
      </label>
      {props.rows === undefined ? (
        <input {...shared} className={`${looks} h-8`} onChange={(e) => props.onChange(e.target.value)} />
      ) : (
        <textarea
          {...shared}
          rows={props.rows}
          className={`${looks} resize-y py-1`}
          onChange={(e) => props.onChange(e.target.value)}
        />
      )}
      <Hint id={`${id}-hint`}>{props.hint}</Hint>
    </div>
  );
}

/** Fields that belong together. */
export function FieldGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-sm font-medium text-soft">{title}</legend>
      <div className="space-y-4">{children}</div>
    </fieldset>
  );
}

export function Hint({ id, children }: { id: string; children: ReactNode }) {
  if (children === undefined) return null;
  return (
    <p id={id} className="mt-0.5 max-w-prose text-sm text-faint">
      {children}
    </p>
  );
}
