import { type ReactNode, useId } from "react";
import { FIELD, Select } from "./select";

/** A label above what is chosen or typed into, and a hint below it. */
function Labelled(props: { label: string; hint: string | undefined; children: (of: { id: string; "aria-describedby": string | undefined }) => ReactNode }) {
  const id = useId();
  const { label, hint } = props;
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block text-sm text-soft">
        {label}
      </label>
      {props.children({ id, "aria-describedby": hint === undefined ? undefined : `${id}-hint` })}
      <Hint id={`${id}-hint`}>{hint}</Hint>
    </div>
  );
}

/** One of a few, with its label above. */
export function SelectField<V extends string>(props: {
  label: string;
  value: V;
  options: readonly (readonly [V, string])[];
  onChange: (value: V) => void;
  hint?: string;
}) {
  const { label, hint, ...select } = props;
  return (
    <Labelled label={label} hint={hint}>
      {(of) => <Select {...of} {...select} className="mt-1 w-full max-w-72" />}
    </Labelled>
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
  const { label, hint, value, onChange, ...range } = props;
  return (
    <Labelled label={label} hint={hint}>
      {(of) => (
        <input
          {...of}
          {...range}
          type="number"
          inputMode="decimal"
          defaultValue={value}
          onChange={(e) => {
            const n = e.target.valueAsNumber;
            if (Number.isFinite(n) && n >= range.min && n <= range.max) onChange(n);
          }}
          className={`${FIELD} mt-1 w-28`}
        />
      )}
    </Labelled>
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
  const { label, hint, rows, onChange, ...text } = props;
  const looks = "mt-1 block w-full rounded-sm border border-edge bg-raised px-2 text-ink";
  return (
    <Labelled label={label} hint={hint}>
      {(of) =>
        rows === undefined ? (
          <input {...of} {...text} className={`${looks} h-8`} onChange={(e) => onChange(e.target.value)} />
        ) : (
          <textarea {...of} {...text} rows={rows} className={`${looks} resize-y py-1`} onChange={(e) => onChange(e.target.value)} />
        )
      }
    </Labelled>
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
