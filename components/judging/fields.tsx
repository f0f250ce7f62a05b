import { type ReactNode, useId } from "react";

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
      {props.hint !== undefined && (
        <p id={`${id}-hint`} className="mt-0.5 max-w-prose text-sm text-faint">
          {props.hint}
        </p>
      )}
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
