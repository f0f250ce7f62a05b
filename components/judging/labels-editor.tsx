"use client";
import { useId } from "react";
import { type LabelOption, type LabelSchema, VOTE_ACTIONS, type VoteAction } from "@/server/core/judging/labels";
import { Button } from "../ui/button";
import { CheckField } from "../ui/fields";
import { Key } from "./key-hint";

const ASKS: Record<VoteAction, string> = {
  accept: "accept the proposal",
  reject: "reject it",
  locate: "say where the first error is",
  edit: "rewrite the intervention",
  no_error: "no error",
  cannot_tell: "cannot tell",
  flag: "flag",
};

/** What judges may say, why they may reject, and which kinds of errors there are. */
export function LabelsEditor({ value, onChange }: { value: LabelSchema; onChange: (value: LabelSchema) => void }) {
  return (
    <div className="space-y-4">
      <fieldset>
        <legend className="text-sm text-soft">Judges may</legend>
        <div className="mt-1 flex flex-wrap gap-x-5 gap-y-1">
          {VOTE_ACTIONS.map((action) => (
            <CheckField
              key={action}
              label={ASKS[action]}
              checked={value.actions.includes(action)}
              onChange={(on) =>
                onChange({
                  ...value,
                  actions: VOTE_ACTIONS.filter((a) => (a === action ? on : value.actions.includes(a))),
                })
              }
            />
          ))}
        </div>
      </fieldset>
      <Options
        title="Reasons of a rejection"
        hint="With some, a rejection needs one: x, then its digit."
        value={value.reasons}
        onChange={(reasons) => onChange({ ...value, reasons })}
      />
      <Options
        title="Kinds of errors"
        hint="A judge may add one to a located error, with its digit."
        value={value.errorTypes}
        onChange={(errorTypes) => onChange({ ...value, errorTypes })}
      />
    </div>
  );
}

function Options(props: {
  title: string;
  hint: string;
  value: readonly LabelOption[];
  onChange: (value: LabelOption[]) => void;
}) {
  const { value } = props;
  const id = useId();
  const add = () => {
    const key = [1, 2, 3, 4, 5, 6, 7, 8, 9].find((n) => !value.some((o) => o.key === n));
    if (key === undefined) return;
    const taken = new Set(value.map((o) => o.id));
    const free = Array.from({ length: 20 }, (_, i) => `own_${i + 1}`).find((name) => !taken.has(name)) ?? `own_${key}`;
    props.onChange([...value, { id: free, label: "", key }].sort((a, b) => a.key - b.key));
  };
  return (
    <fieldset aria-describedby={`${id}-hint`}>
      <legend className="text-sm text-soft">{props.title}</legend>
      <p id={`${id}-hint`} className="text-sm text-faint">
        {props.hint}
      </p>
      <ul className="mt-1 grid gap-x-6 gap-y-1 sm:grid-cols-2">
        {value.map((o) => (
          <li key={o.id} className="flex items-center gap-2">
            <Key of={String(o.key)} />
            <input
              aria-label={`${props.title}, ${o.key}`}
              value={o.label}
              required
              maxLength={120}
              onChange={(e) => props.onChange(value.map((v) => (v.id === o.id ? { ...v, label: e.target.value } : v)))}
              className="h-8 min-w-0 flex-1 rounded-sm border border-edge bg-raised px-2 text-ink"
            />
            <Button
              tone="quiet"
              aria-label={`Take ${o.label || o.key} away`}
              onClick={() => props.onChange(value.filter((v) => v.id !== o.id))}
            >
              ×
            </Button>
          </li>
        ))}
      </ul>
      {value.length < 9 && (
        <Button tone="quiet" onClick={add}>
          Add one
        </Button>
      )}
    </fieldset>
  );
}
